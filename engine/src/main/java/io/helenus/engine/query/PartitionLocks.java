package io.helenus.engine.query;

import java.util.Collection;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/// Locks for writes that read first: two of them to the same partition come one after the other. A
/// lock is taken on a thread that may wait, and given back by whichever thread ends the write, so
/// these are semaphores; partitions share them by their tokens.
final class PartitionLocks {
    private static final int STRIPES = 1024;

    private final Semaphore[] stripes = new Semaphore[STRIPES];

    PartitionLocks() {
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Semaphore(1);
        }
    }

    /// Waits for the locks of all these partitions; always in the same order, so nobody waits for
    /// somebody who waits for them.
    Held lock(Collection<Long> tokens) {
        int[] taken =
                tokens.stream()
                        .mapToInt(token -> Math.floorMod(Long.hashCode(token), STRIPES))
                        .sorted()
                        .distinct()
                        .toArray();
        for (int stripe : taken) {
            stripes[stripe].acquireUninterruptibly();
        }
        return new Held(taken);
    }

    /// Locks that are held.
    final class Held {
        private final int[] taken;
        private final AtomicBoolean released = new AtomicBoolean();

        private Held(int[] taken) {
            this.taken = taken;
        }

        /// Idempotent; any thread.
        void release() {
            if (released.compareAndSet(false, true)) {
                for (int stripe : taken) {
                    stripes[stripe].release();
                }
            }
        }
    }
}
