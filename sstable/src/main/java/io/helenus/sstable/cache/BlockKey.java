package io.helenus.sstable.cache;

/// Which block: of which reader, at which offset of its file. Mutable only as long as it serves one
/// thread as a probe for lookups; the cache makes keys of its own for what it stores.
public final class BlockKey {
    private long readerId;
    private long offset;

    /// Of a probe: the state of a generator of pseudo-random numbers (Marsaglia's xorshift).
    private int sampler = 0x9E3779B9;

    public BlockKey() {}

    BlockKey(long readerId, long offset) {
        this.readerId = readerId;
        this.offset = offset;
    }

    /// Makes this the probe for another block.
    public BlockKey set(long readerId, long offset) {
        this.readerId = readerId;
        this.offset = offset;
        return this;
    }

    /// True for one call in four, without a rhythm.
    boolean isSampled() {
        int next = sampler;
        next ^= next << 13;
        next ^= next >>> 17;
        next ^= next << 5;
        sampler = next;
        return (next & 3) == 0;
    }

    long readerId() {
        return readerId;
    }

    long offset() {
        return offset;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlockKey key && key.offset == offset && key.readerId == readerId;
    }

    @Override
    public int hashCode() {
        long mixed = (readerId * 0x9E3779B97F4A7C15L ^ offset) * 0xD6E8FEB86659FD93L;
        return (int) (mixed ^ (mixed >>> 32));
    }

    @Override
    public String toString() {
        return "reader %d offset %d".formatted(readerId, offset);
    }
}
