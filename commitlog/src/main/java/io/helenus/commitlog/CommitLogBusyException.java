package io.helenus.commitlog;

/// There is no prepared room for this record yet. Nothing was appended; try again when
/// [CommitLog#whenMayAppend] says so. Thrown on hot paths, so it has no stack trace.
public final class CommitLogBusyException extends CommitLogException {
    CommitLogBusyException(int recordBytes) {
        super("No prepared room for a record of " + recordBytes + " bytes yet", null, false);
    }
}
