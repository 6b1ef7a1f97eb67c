package io.helenus.engine.query.term;

import io.helenus.engine.query.BoundValues;
import io.helenus.sstable.model.ByteWriter;

/// What terms are evaluated with: the request's values, its time, and room for computed bytes. Reused
/// from request to request by one thread.
public final class Evaluation {
    private final TimeUuids timeUuids;
    private final ByteWriter arena = new ByteWriter(256);
    private final Slice scratch = new Slice();
    private BoundValues values = new BoundValues();
    private long timestampMicros;
    private long nowSeconds;

    public Evaluation(TimeUuids timeUuids) {
        this.timeUuids = timeUuids;
    }

    /// Starts a request; what was written to the arena before is gone.
    public Evaluation start(BoundValues values, long timestampMicros, long nowSeconds) {
        this.values = values;
        this.timestampMicros = timestampMicros;
        this.nowSeconds = nowSeconds;
        arena.clear();
        return this;
    }

    /// Goes on with the values of another statement of the same batch.
    public void values(BoundValues values) {
        this.values = values;
    }

    public BoundValues values() {
        return values;
    }

    /// What it holds on to: the last request's values, and the arena.
    public long bytes() {
        return (long) values.array().length + arena.array().length;
    }

    /// Room for computed values, which are good until the next request. Its array changes when it
    /// grows; slices of the old one stay good.
    public ByteWriter arena() {
        return arena;
    }

    /// For a value that is used at once.
    public Slice scratch() {
        return scratch;
    }

    /// The request's time: microseconds since 1970.
    public long timestampMicros() {
        return timestampMicros;
    }

    /// Decides expiry: seconds since 1970.
    public long nowSeconds() {
        return nowSeconds;
    }

    public TimeUuids timeUuids() {
        return timeUuids;
    }
}
