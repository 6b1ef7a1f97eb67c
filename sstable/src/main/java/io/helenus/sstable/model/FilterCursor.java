package io.helenus.sstable.model;

/// A forward cursor that shows what another one does, but for what it leaves out or shortens. One
/// thread; owns its source and closes it.
abstract class FilterCursor implements RowCursor {
    private static final byte[] NOTHING = new byte[0];

    final RowCursor source;
    final ByteWriter rewritten = new ByteWriter(256);
    Kind kind = Kind.END;

    /// The deletions that this one shows.
    long beforeTimestamp = NO_DELETION;

    int beforeTime;
    long afterTimestamp = NO_DELETION;
    int afterTime;
    private byte[] valueArray = NOTHING;
    private int valueOffset;
    private int valueLength;

    FilterCursor(RowCursor source) {
        this.source = source;
    }

    /// Shows the value as it is in the source.
    final void takeValue() {
        valueArray = source.valueArray();
        valueOffset = source.valueOffset();
        valueLength = source.valueLength();
    }

    /// Shows what was rewritten.
    final void takeRewritten() {
        valueArray = rewritten.array();
        valueOffset = 0;
        valueLength = rewritten.length();
    }

    @Override
    public final Kind next() {
        boolean there = nextWithin(Integer.MAX_VALUE);
        while (!there) {
            there = nextWithin(Integer.MAX_VALUE);
        }
        return kind;
    }

    @Override
    public abstract boolean nextWithin(int items);

    @Override
    public final Kind kind() {
        return kind;
    }

    @Override
    public final void skipTo(byte[] key, int offset, int length) {
        throw new UnsupportedOperationException("a filter is read from its start to its end");
    }

    @Override
    public final byte[] keyArray() {
        return source.keyArray();
    }

    @Override
    public final int keyOffset() {
        return source.keyOffset();
    }

    @Override
    public final int keyLength() {
        return source.keyLength();
    }

    @Override
    public final byte[] valueArray() {
        return valueArray;
    }

    @Override
    public final int valueOffset() {
        return valueOffset;
    }

    @Override
    public final int valueLength() {
        return valueLength;
    }

    @Override
    public final long beforeTimestamp() {
        return beforeTimestamp;
    }

    @Override
    public final int beforeDeletionTime() {
        return beforeTime;
    }

    @Override
    public final long afterTimestamp() {
        return afterTimestamp;
    }

    @Override
    public final int afterDeletionTime() {
        return afterTime;
    }
}
