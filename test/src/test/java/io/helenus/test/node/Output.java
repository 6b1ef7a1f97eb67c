package io.helenus.test.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// All that a process has said to one of its streams, which a thread of its own reads. Any thread asks.
final class Output {
    private static final int BUFFER_CHARS = 4_096;

    private final StringBuilder text = new StringBuilder(); // guarded by this
    private boolean ended; // guarded by this

    Output(String name, InputStream in) {
        var _ = Thread.ofPlatform().daemon().name(name).start(() -> read(in));
    }

    private void read(InputStream in) {
        try (Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            char[] buffer = new char[BUFFER_CHARS];
            for (int length = reader.read(buffer); length >= 0; length = reader.read(buffer)) {
                add(buffer, length);
            }
        } catch (IOException _) {
            // it was killed
        } finally {
            end();
        }
    }

    private synchronized void add(char[] buffer, int length) {
        text.append(buffer, 0, length);
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    /// Waits until a whole line, of those that there are or that come, has this in it.
    ///
    /// @return empty if there is none when the output ends or time is up
    synchronized Optional<MatchResult> awaitLine(Pattern wanted, Duration limit)
            throws InterruptedException {
        long begin = System.nanoTime();
        while (true) {
            int end = ended ? text.length() : text.lastIndexOf("\n") + 1;
            Matcher matcher = wanted.matcher(text).region(0, end);
            if (matcher.find()) {
                return Optional.of(matcher.toMatchResult());
            }
            long millis = left(begin, limit);
            if (ended || millis <= 0) {
                return Optional.empty();
            }
            wait(millis);
        }
    }

    /// Waits until there will be no more of it.
    synchronized void awaitEnd(Duration limit) throws InterruptedException {
        long begin = System.nanoTime();
        for (long millis = left(begin, limit); !ended && millis > 0; millis = left(begin, limit)) {
            wait(millis);
        }
    }

    private static long left(long begin, Duration limit) {
        return limit.minusNanos(System.nanoTime() - begin).toMillis();
    }

    @Override
    public synchronized String toString() {
        return text.toString();
    }
}
