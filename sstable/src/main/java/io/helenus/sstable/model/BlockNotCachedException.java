package io.helenus.sstable.model;

/// A cursor that may not do I/O met a block that is not in memory, or one whose steps are counted has
/// gone all of them. The request starts again on a thread that has time. One instance without a stack trace, as this is an expected turn.
public final class BlockNotCachedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    // Shared on purpose: it has neither stack trace nor suppressed exceptions.
    @SuppressWarnings("StaticAssignmentOfThrowable")
    public static final BlockNotCachedException INSTANCE = new BlockNotCachedException();

    private BlockNotCachedException() {
        super("block is not cached", null, false, false);
    }
}
