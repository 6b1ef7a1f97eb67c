package io.helenus.test.node;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Passes the time. What announces itself is waited for there; this is for what has to be asked again and
/// again, and for how long something goes on undisturbed.
public final class Waiting {
    private static final long POLL_MILLIS = 20;

    private Waiting() {}

    /// Something to look at.
    @FunctionalInterface
    public interface Look {
        /// @return what is not as it should be, or null
        @Nullable String wrong() throws IOException;
    }

    /// Looks until nothing is wrong any more.
    public static void until(String what, Look look) throws IOException {
        long begin = System.nanoTime();
        for (String wrong = look.wrong(); wrong != null; wrong = look.wrong()) {
            if (System.nanoTime() - begin > Program.LIMIT.toNanos()) {
                throw new AssertionError("Still not %s: %s".formatted(what, wrong));
            }
            pause(Duration.ofMillis(POLL_MILLIS));
        }
    }

    /// For as long as a test lets others work.
    public static void pause(Duration duration) {
        CountDownLatch never = new CountDownLatch(1);
        try {
            boolean _ = never.await(duration.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
