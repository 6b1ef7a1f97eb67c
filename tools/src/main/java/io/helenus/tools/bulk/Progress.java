package io.helenus.tools.bulk;

import java.io.PrintWriter;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One line on a terminal that says how far the work is, written again twice a second.
final class Progress implements AutoCloseable {
    private static final long PERIOD_MILLIS = 500;
    private static final String CLEAR = "\r\u001b[K";

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
