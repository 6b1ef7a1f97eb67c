package io.helenus.engine.messaging;

import java.util.concurrent.atomic.AtomicLong;

/// Bytes that may be taken up to a limit. Any thread.
final class ByteBudget {
    private final AtomicLong used = new AtomicLong();
    private final long bytesMax;

    ByteBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// Takes them if they fit.
    boolean tryTake(long bytes) {
        for (long now = used.get(); now + bytes <= bytesMax; now = used.get()) {
            if (used.compareAndSet(now, now + bytes)) {
                return true;
            }
        }
        return false;
    }

    /// Takes them in any case: they are there already.
    void take(long bytes) {
        used.addAndGet(bytes);
    }

    /// @return whether it was exceeded before, and is not any more
    boolean giveBack(long bytes) {
        long after = used.addAndGet(-bytes);
        return after <= bytesMax && after + bytes > bytesMax;
    }

    boolean isExceeded() {
        return used.get() > bytesMax;
    }

    long used() {
        return used.get();
    }

    long bytesMax() {
        return bytesMax;
    }
}
