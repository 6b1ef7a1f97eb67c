package io.helenus.engine.node;

import io.helenus.engine.compaction.CompactionListener;
import io.helenus.engine.compaction.Compactions.Completed;
import io.helenus.engine.compaction.Compactions.Task;
import io.helenus.engine.storage.TableStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes what compactions report to the node's log.
final class CompactionLog implements CompactionListener {
    private static final Logger LOG = LoggerFactory.getLogger(CompactionLog.class);

    @Override
    public void onStart(TableStore table, Task task, boolean verbose) {
        String text = "Table {}: {} {} of {} files, {} bytes, begins";
        if (verbose) {
            LOG.info(text, table, task.kind().text(), task.id(), task.files(), task.bytesTotal());
        } else {
            LOG.debug(text, table, task.kind().text(), task.id(), task.files(), task.bytesTotal());
        }
    }

    @Override
    public void onCompleted(TableStore table, Completed completed, boolean verbose) {
        String dropped = completed.properties().get("dropped_sstables");
        if (dropped != null) {
            LOG.info(
                    "Table {}: {} dropped {} SSTables of {} bytes without reading them",
                    table,
                    completed.properties().get("compaction_type"),
                    dropped,
                    completed.properties().get("dropped_bytes"));
        }
        String text = "Table {}: compaction {} made {} bytes of {}; rows by files: {}";
        if (verbose) {
            LOG.info(
                    text,
                    table,
                    completed.id(),
                    completed.bytesOut(),
                    completed.bytesIn(),
                    completed.rowsMerged());
        } else {
            LOG.debug(
                    text,
                    table,
                    completed.id(),
                    completed.bytesOut(),
                    completed.bytesIn(),
                    completed.rowsMerged());
        }
    }

    @Override
    public void onStopped(TableStore table, Task task) {
        LOG.info("Table {}: {} {} was stopped", table, task.kind().text(), task.id());
    }

    @Override
    public void onFailure(TableStore table, Task task, Exception failure) {
        LOG.error("Table {}: {} {} failed", table, task.kind().text(), task.id(), failure);
    }

    @Override
    public void onPlanFailure(TableStore table, RuntimeException failure) {
        LOG.error("Table {}: its compactions could not be planned", table, failure);
    }

    @Override
    public void onNoRoom(TableStore table, long needed, long usable) {
        LOG.warn(
                "Table {}: not compacted, as that may need {} bytes of disk, and {} are free",
                table,
                needed,
                usable);
    }

    @Override
    public void onHistoryFailure(Exception failure) {
        LOG.warn("The history of compactions cannot be read or written", failure);
    }
}
