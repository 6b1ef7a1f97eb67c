package io.helenus.engine.storage.manifest;

import io.helenus.sstable.model.ByteWriter;

/// Changes to a table's files that take effect together. Put together, then given to
/// [Manifest#append]; one thread.
public final class ManifestEdit {
    static final int ADD = 1;
    static final int REMOVE = 2;
    static final int REPLAY_POSITION = 3;
    static final int TRUNCATED = 4;
    static final int NEXT_GENERATION = 5;
    static final int DISCARD = 6;
    static final int ANNOUNCE = 7;

    private final ByteWriter items = new ByteWriter(256);

    /// Adds a file, or changes its level or when it was repaired.
    public ManifestEdit add(ManifestFile file) {
        items.writeByte(ADD).writeVarint(file.generation()).writeVarint(file.bytes());
        items.writeInt(file.checksum()).writeVarint(file.level()).writeLong(file.repairedAt());
        items.writeLong(file.minTimestamp()).writeLong(file.maxTimestamp());
        items.writeVarint(file.firstKey().length).writeBytes(file.firstKey());
        items.writeVarint(file.lastKey().length).writeBytes(file.lastKey());
        return this;
    }

    public ManifestEdit remove(long generation) {
        items.writeByte(REMOVE).writeVarint(generation);
        return this;
    }

    /// Says that a file of this generation may appear under its own name before it is added.
    public ManifestEdit announce(long generation) {
        items.writeByte(ANNOUNCE).writeVarint(generation);
        return this;
    }

    /// Takes a damaged file out; it will be kept in `lost+found`.
    public ManifestEdit discard(long generation) {
        items.writeByte(DISCARD).writeVarint(generation);
        return this;
    }

    public ManifestEdit replayPosition(long position) {
        items.writeByte(REPLAY_POSITION).writeLong(position);
        return this;
    }

    public ManifestEdit truncated(long atMicros, long position) {
        items.writeByte(TRUNCATED).writeLong(atMicros).writeLong(position);
        return this;
    }

    /// Says that lower generations have been used.
    public ManifestEdit nextGeneration(long generation) {
        items.writeByte(NEXT_GENERATION).writeVarint(generation);
        return this;
    }

    ByteWriter items() {
        return items;
    }
}
