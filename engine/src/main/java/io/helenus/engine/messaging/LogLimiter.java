package io.helenus.engine.messaging;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Keeps what strangers can cause from filling the log: one line a minute for each key. Any thread.
public final class LogLimiter {
    private static final long PERIOD_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int KEYS_MAX = 1024;

    private final LongSupplier nanoTime;
    private final Map<String, Long> last = new HashMap<>(); // guarded by this

    public LogLimiter(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// Whether to log now. With too many keys at a time some are not logged at all.
    public synchronized boolean permits(String key) {
        long now = nanoTime.getAsLong();
        Long before = last.get(key);
        if (before != null && now - before < PERIOD_NANOS) {
            return false;
        }
        if (last.size() >= KEYS_MAX) {
            last.values().removeIf(at -> now - at >= PERIOD_NANOS);
        }
        if (last.size() >= KEYS_MAX) {
            return false;
        }
        last.put(key, now);
        return true;
    }
}
