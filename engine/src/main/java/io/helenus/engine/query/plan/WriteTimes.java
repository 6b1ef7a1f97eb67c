package io.helenus.engine.query.plan;

/// Timestamp and time to live of what one execution of a statement writes. Reused; one thread.
///
/// Timestamps are microseconds, ttl seconds with 0 for none, times unsigned seconds since 1970.
public final class WriteTimes {
    long timestamp;
    int ttl;
    int expiry;
    int deletionTime;

    WriteTimes set(long timestamp, int ttl, long nowSeconds) {
        this.timestamp = timestamp;
        this.ttl = ttl;
        deletionTime = (int) nowSeconds;
        expiry = ttl == 0 ? 0 : (int) (nowSeconds + ttl);
        return this;
    }
}
