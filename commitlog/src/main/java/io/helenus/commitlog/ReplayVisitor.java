package io.helenus.commitlog;

/// Sees the records of a replay.
@FunctionalInterface
public interface ReplayVisitor {
    /// Decides by table and position what of this record is still needed, applies it, and retains it
    /// ([ReplayedRecord#retain]) so that its segment stays until the table is marked clean. The record
    /// and its bytes are valid during the call only.
    void visit(ReplayedRecord record);
}
