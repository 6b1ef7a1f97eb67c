package io.helenus.tools.bulk;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One line on a terminal that says how far the work is, written again twice a second.
final class Progress implements AutoCloseable {
    private static final long PERIOD_MILLIS = 500;
    private static final String CLEAR = "\r\u001b[K";
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long SECONDS_MAX = 100 * 60 * 60 - 1;

    private final PrintWriter out;
    private final @Nullable Thread thread;
    private volatile Supplier<String> text;
    private volatile boolean ended;

    /// @param isTerminal whether anybody looks
    Progress(PrintWriter out, boolean isTerminal, Supplier<String> text) {
        this.out = out;
        this.text = text;
        thread =
                isTerminal
                        ? Thread.ofPlatform()
                                .daemon()
                                .name("helenus-bulk-progress")
                                .start(this::run)
                        : null;
    }

    void show(Supplier<String> other) {
        text = other;
    }

    /// As in `, 1:05 left`; nothing as long as nobody can say.
    ///
    /// @param done of `total`, since `startNanos`
    static String left(long done, long total, long startNanos) {
        double seconds = (System.nanoTime() - startNanos) / NANOS_PER_SECOND;
        if (done <= 0 || total <= 0) {
            return "";
        }
        long left = (long) Math.ceil(seconds / done * Math.max(0, total - done));
        if (left > SECONDS_MAX) {
            return "";
        }
        return left < 60 * 60
                ? String.format(Locale.ROOT, ", %d:%02d left", left / 60, left % 60)
                : String.format(
                        Locale.ROOT,
                        ", %d:%02d:%02d left",
                        left / (60 * 60),
                        left / 60 % 60,
                        left % 60);
    }

    private void run() {
        try {
            while (!ended) {
                Thread.sleep(PERIOD_MILLIS);
                out.print(CLEAR + text.get());
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        out.print(CLEAR);
        out.flush();
    }

    @Override
    public void close() {
        ended = true;
        Thread running = thread;
        if (running != null) {
            running.interrupt();
            try {
                running.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
