package io.helenus.engine.compaction;

import io.helenus.engine.storage.TableStore;

/// What compactions have to say to their node's log and metrics. Any thread calls it; must not block.
public interface CompactionListener {
    /// One has begun.
    ///
    /// @param verbose whether the table wants each decision to be logged
    void onStart(TableStore table, Compactions.Task task, boolean verbose);

    /// One is done.
    void onCompleted(TableStore table, Compactions.Completed completed, boolean verbose);

    /// One was ended early: by the operator, or as the table was truncated, altered or dropped.
    void onStopped(TableStore table, Compactions.Task task);

    /// One failed; its files are as before. Its table is tried again later.
    void onFailure(TableStore table, Compactions.Task task, Exception failure);

    /// What a table needs could not be found out. It is tried again later.
    void onPlanFailure(TableStore table, RuntimeException failure);

    /// There is too little room on the disk for a compaction.
    ///
    /// @param needed bytes that it may need
    /// @param usable bytes that there are, without those that running compactions may need
    void onNoRoom(TableStore table, long needed, long usable);

    /// The history could not be read or written: what is done is done nevertheless.
    void onHistoryFailure(Exception failure);
}
