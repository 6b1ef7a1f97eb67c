package io.helenus.tools.bulk;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Ctrl-C and SIGTERM interrupt the thread that works, and wait until it has tidied up.
final class Interruption implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 10;

    private final CountDownLatch tidy = new CountDownLatch(1);
    private final Thread hook;

    Interruption() {
        Thread working = Thread.currentThread();
        hook = Thread.ofPlatform().name("helenus-bulk-interruption").unstarted(() -> end(working));
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void end(Thread working) {
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
        try {
            boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // the process is ending: it is the hook that waits for this
        }
    }
}
