package io.helenus.sstable.model;

/// A forward cursor without the partitions whose tokens lie outside of some ranges. Partitions are
/// whole, and so are the deletions in them.
public final class TokensCursor extends FilterCursor {
    private final long[] first;
    private final long[] last;
    private int range;

    /// Takes over a source that has not been stepped yet.
    ///
    /// @param first of each range, ascending, inclusive, tokens as in the ring
    /// @param last of each range, inclusive
    public TokensCursor(RowCursor source, long[] first, long[] last) {
        super(source);
        this.first = first.clone();
        this.last = last.clone();
    }

    @Override
    public boolean nextWithin(int items) {
        if (range == first.length) {
            kind = Kind.END;
        } else if (source.nextWithin(items)) {
            kind = source.kind();
        } else {
            return false;
        }
        while (kind != Kind.END) {
            long token = RowKeys.token(source.keyArray(), source.keyOffset());
            while (range < last.length && token > last[range]) {
                range++;
            }
            if (range == first.length) {
                kind = Kind.END;
            } else if (token < first[range]) {
                byte[] start = new ByteWriter().writeLong(first[range] ^ Long.MIN_VALUE).toArray();
                source.skipTo(start, 0, start.length);
                kind = source.next();
            } else {
                break;
            }
        }
        boolean isEnd = kind == Kind.END;
        beforeTimestamp = isEnd ? NO_DELETION : source.beforeTimestamp();
        beforeTime = isEnd ? 0 : source.beforeDeletionTime();
        afterTimestamp = isEnd ? NO_DELETION : source.afterTimestamp();
        afterTime = isEnd ? 0 : source.afterDeletionTime();
        if (!isEnd) {
            takeValue();
        }
        return true;
    }

    @Override
    public void close() {
        source.close();
    }
}
