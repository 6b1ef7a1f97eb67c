package io.helenus.tools.bulk;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Ctrl-C and SIGTERM interrupt the thread that works, and wait until it has tidied up and said so. The
/// process then ends as one that the signal has ended: with 130 or 143.
final class Interruption implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 10;

    private final CountDownLatch tidy = new CountDownLatch(1);
    private final @Nullable Thread hook;
    private volatile boolean asked;

    private Interruption(@Nullable Thread working) {
        hook =
                working == null
                        ? null
                        : Thread.ofPlatform()
                                .name("helenus-bulk-interruption")
                                .unstarted(() -> end(working));
    }

    /// One that never comes.
    static Interruption none() {
        return new Interruption(null);
    }

    /// Of the calling thread.
    static Interruption begin() {
        Interruption begun = new Interruption(Thread.currentThread());
        if (begun.hook != null) {
            Runtime.getRuntime().addShutdownHook(begun.hook);
        }
        return begun;
    }

    /// Whether it has come: what fails from then on fails because of it.
    boolean isAsked() {
        return asked;
    }

    private void end(Thread working) {
        asked = true;
        working.interrupt();
        try {
            boolean _ = tidy.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        tidy.countDown();
        if (hook == null) {
            return;
        }
        try {
            boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // the process is ending: it is the hook that waits for this
        }
    }
}
