package io.helenus.engine.compaction;

import io.helenus.engine.storage.SSTable;
import io.helenus.engine.storage.TableStore;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/// What an operator may ask of a node's compactions, and see of them. Any thread; nothing blocks.
///
/// What is asked for goes before what strategies want, runs although compaction is disabled, and
/// waits for files that another compaction works on.
public interface Compactions {
    /// Why something is compacted, with Cassandra's words for it.
    enum Kind {
        /// Wanted by the strategy.
        COMPACTION("Compaction"),
        /// All of a table.
        MAJOR("Major compaction"),
        /// Files that somebody named.
        USER_DEFINED("User defined compaction"),
        /// One file, for the deletions in it.
        TOMBSTONE("Tombstone Compaction"),
        /// Files one by one, without what newer files delete or overwrite.
        GARBAGE_COLLECT("Remove deleted data"),
        /// Files one by one, without what the node no longer owns.
        CLEANUP("Cleanup");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /// Which newer data in other files a garbage collection looks at.
    enum Garbage {
        /// Deletions of partitions, ranges and rows.
        ROW,
        /// Those, and deleted and overwritten cells.
        CELL
    }

    /// What became of what was asked for.
    ///
    /// @param compactions that were done
    /// @param stopped that were ended before they were done, by [#stop] or because the table went
    record Outcome(int compactions, int stopped, long bytesIn, long bytesOut) {
        public static final Outcome NOTHING = new Outcome(0, 0, 0, 0);

        Outcome plus(Outcome other) {
            return new Outcome(
                    compactions + other.compactions,
                    stopped + other.stopped,
                    bytesIn + other.bytesIn,
                    bytesOut + other.bytesOut);
        }
    }

    /// A compaction that runs now.
    ///
    /// @param id a version 1 UUID
    /// @param bytesDone of the input files, as they are on disk
    record Task(
            UUID id,
            Kind kind,
            String keyspace,
            String table,
            UUID tableId,
            int files,
            long bytesDone,
            long bytesTotal,
            String directory,
            long startedAtMillis) {
        /// From 0 to 1.
        public double completion() {
            return bytesTotal == 0 ? 1 : Math.min(1, (double) bytesDone / bytesTotal);
        }
    }

    /// Sums since the node's start.
    ///
    /// @param completed compactions that were done
    /// @param bytes read by compactions
    /// @param aborted that were stopped or failed
    /// @param reduced that left files out, as the disk had no room for all
    /// @param leftOut those files
    /// @param perMinute that were done in the last quarter of an hour
    /// @param perHour that were done since the start
    record Totals(
            long completed,
            long bytes,
            long aborted,
            long reduced,
            long leftOut,
            double perMinute,
            double perHour) {}

    /// A compaction that was done.
    ///
    /// @param rowsMerged how many rows were in how many of the files
    /// @param properties such as `compaction_type`
    record Completed(
            UUID id,
            String keyspace,
            String table,
            long completedAtMillis,
            long bytesIn,
            long bytesOut,
            Map<Integer, Long> rowsMerged,
            Map<String, String> properties) {}

    // ---- Compacting now

    /// Compacts all of a table: into one file, or as many as its strategy wants to have.
    ///
    /// @param splitOutput with size tiers: into files of half, a quarter, … of the size
    CompletableFuture<Outcome> major(TableStore table, boolean splitOutput);

    /// Compacts these files of a table with each other.
    ///
    /// @throws IllegalArgumentException if one is not in the table, or damaged
    CompletableFuture<Outcome> userDefined(TableStore table, Collection<SSTable> files);

    /// Rewrites each file of a table without what newer files delete.
    CompletableFuture<Outcome> garbageCollect(TableStore table, Garbage garbage);

    /// Rewrites each file of a table that has something outside of the token ranges that the node owns.
    CompletableFuture<Outcome> cleanup(TableStore table);

    /// Ends all compactions of a kind that run or wait; what they were asked for with is completed.
    ///
    /// @return how many
    int stop(Kind kind);

    /// Ends one compaction.
    ///
    /// @return whether it was there
    boolean stop(UUID id);

    // ---- What goes on

    /// Those that run, the oldest first.
    List<Task> running();

    /// About how many compactions are wanted, by table; tables without any are left out. Those that
    /// run are not counted.
    Map<TableStore, Integer> pending();

    /// Compactions that were done, the newest first, as far back as they are kept: also over restarts.
    List<Completed> history();

    /// What there was since the start.
    Totals totals();

    // ---- Settings that hold until the next start

    /// MiB that all compactions together may read in a second; 0 is no limit.
    int throughputMiBPerSecond();

    void setThroughputMiBPerSecond(int mebibytes);

    /// How many run at a time.
    int concurrency();

    void setConcurrency(int compactions);

    /// Whether strategies start compactions, on this node.
    boolean isEnabled();

    void setEnabled(boolean enabled);

    /// Whether strategies start compactions of a table: by default what its option `enabled` says.
    boolean isEnabled(TableStore table);

    /// Overrides the table's option `enabled` until it is altered.
    void setEnabled(TableStore table, boolean enabled);
}
