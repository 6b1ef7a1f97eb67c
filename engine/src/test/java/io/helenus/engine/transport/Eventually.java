package io.helenus.engine.transport;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits for what another thread is about to do; ten seconds at most.
public final class Eventually {
    private static final long WAIT_NANOS = 10_000_000_000L;
    private static final long STEP_NANOS = 1_000_000L;

    private Eventually() {}

    public static void until(String what, BooleanSupplier reached) {
        long begin = System.nanoTime();
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() - begin > WAIT_NANOS) {
                throw new AssertionError("not within ten seconds: " + what);
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
    }
}
