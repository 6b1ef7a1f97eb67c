package io.helenus.sstable.model;

/// A forward cursor without what [PurgeRules] let go. Its source has been merged, so what is purged
/// here has done its work on what it was merged with.
public final class PurgingCursor extends FilterCursor {
    private final PurgeRules rules;
    private final RowPurger purger = new RowPurger();

    /// Takes over a source that has not been stepped yet.
    public PurgingCursor(RowCursor source, PurgeRules rules) {
        super(source);
        this.rules = rules;
    }

    @Override
    public boolean nextWithin(int items) {
        for (int left = items; left > 0; left--) {
            if (!source.nextWithin(left)) {
                return false;
            }
            kind = source.kind();
            switch (kind) {
                case END -> {
                    beforeTimestamp = NO_DELETION;
                    beforeTime = 0;
                    afterTimestamp = NO_DELETION;
                    afterTime = 0;
                    return true;
                }
                case BOUNDARY -> {
                    if (changesDeletion()) {
                        takeValue();
                        return true;
                    }
                }
                case ROW, COLUMN_DELETION, ELEMENT -> {
                    beforeTimestamp = afterTimestamp;
                    beforeTime = afterTime;
                    if (takeEntry()) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private boolean changesDeletion() {
        long timestamp = source.afterTimestamp();
        int time = source.afterDeletionTime();
        if (timestamp == NO_DELETION
                || rules.mayPurge(timestamp, time, source.keyArray(), source.keyOffset())) {
            timestamp = NO_DELETION;
            time = 0;
        }
        beforeTimestamp = afterTimestamp;
        beforeTime = afterTime;
        afterTimestamp = timestamp;
        afterTime = time;
        return beforeTimestamp != afterTimestamp || beforeTime != afterTime;
    }

    private boolean takeEntry() {
        rewritten.clear();
        return switch (purger.purge(
                kind,
                source.keyArray(),
                source.keyOffset(),
                source.keyLength(),
                source.valueArray(),
                source.valueOffset(),
                source.valueLength(),
                rules,
                rewritten)) {
            case ALL -> {
                takeValue();
                yield true;
            }
            case SOME -> {
                takeRewritten();
                yield true;
            }
            case NONE -> false;
        };
    }

    @Override
    public void close() {
        source.close();
    }
}
