package io.helenus.sstable.model;

/// A read has looked at more than it may; [ReadTally] knows of what. One instance without a stack
/// trace: it describes a request, not a place in our code.
public final class ReadLimitException extends RuntimeException {
    private static final long serialVersionUID = 1;

    // Shared on purpose: it has neither stack trace nor suppressed exceptions.
    @SuppressWarnings("StaticAssignmentOfThrowable")
    public static final ReadLimitException INSTANCE = new ReadLimitException();

    private ReadLimitException() {
        super("the read looks at more than it may", null, false, false);
    }
}
