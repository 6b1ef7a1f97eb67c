package io.helenus.sstable.cache;

/// The bytes of one block, checked and decompressed. Nobody writes to them once this exists.
public final class Block {
    /// What an entry costs beside its bytes: block, array header, key, Caffeine's node and table slot.
    static final int OVERHEAD_BYTES = 192;

    private final byte[] bytes;

    /// Takes the array over.
    public Block(byte[] bytes) {
        this.bytes = bytes;
    }

    /// The block's own array; not to be written to.
    public byte[] bytes() {
        return bytes;
    }

    int weight() {
        return bytes.length + OVERHEAD_BYTES;
    }
}
