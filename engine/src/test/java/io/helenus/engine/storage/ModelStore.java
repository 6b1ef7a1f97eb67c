package io.helenus.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.compaction.TableCompaction;
import io.helenus.engine.compaction.TableCompaction.Overlapping;
import io.helenus.sstable.model.ByteWriter;
import java.io.IOException;
import java.util.Random;

/// The table that the model is compared with, and what happens to it: flushes, compactions by every
/// strategy and of every kind, in steps between everything else, restarts. Purges after
/// [ModelWrites#GRACE_SECONDS].
final class ModelStore {
    private static final long RECHECK_NANOS = 70_000_000_000L;

    private final Random chance;
    private final CompactedTable table;

    ModelStore(Random chance, ModelRun.Configuration configuration, long now) {
        this.chance = chance;
        table = new CompactedTable(chance, configuration.settings()).withOneClock();
        configuration.apply(table.node);
        table.nowSeconds = now;
        table.itemsPerStep = 1 + chance.nextInt(100);
        table.settings = compaction();
    }

    private TableCompaction compaction() {
        return new TableCompaction(
                CompactedTable.eagerStrategy(chance),
                true,
                new TableCompaction.Tombstones(true, 0.1, 0, chance.nextBoolean()),
                ModelWrites.GRACE_SECONDS,
                false,
                Overlapping.values()[chance.nextInt(Overlapping.values().length)],
                false,
                ModelReads.columns(),
                true);
    }

    TestNode node() {
        return table.node;
    }

    TableStore table() {
        return table.table();
    }

    void start() throws IOException {
        table.start();
    }

    void restart() throws IOException {
        table.restart();
    }

    void close() throws IOException {
        table.node.runExecutor();
        assertThat(table.events).noneMatch(event -> event.contains("failure"));
        table.close();
    }

    void write(ByteWriter mutation) {
        assertThat(table.node.write(table(), mutation).applied).isTrue();
    }

    void flush() {
        var _ = table().flush();
        if (chance.nextBoolean()) {
            table.node.runExecutor();
        }
    }

    /// Runs a part of what waits.
    void goOn() {
        for (int i = chance.nextInt(12); i >= 0; i--) {
            Runnable next = table.node.executor.poll();
            if (next != null) {
                next.run();
            }
        }
    }

    /// Does all that waits.
    void finish() {
        table.node.runExecutor();
    }

    void timeIs(long now) {
        table.nowSeconds = now;
        if (chance.nextInt(4) == 0) {
            table.node.nanos.addAndGet(RECHECK_NANOS);
            table.compactions().tick();
        }
    }

    void truncate() {
        var truncated = table().truncate();
        table.node.runExecutor();
        assertThat(truncated).isCompleted();
    }

    void compact() {
        table.askForAny(chance);
    }

    void alter() {
        table.settings = compaction();
        table.compactions().alter(table(), table.settings);
    }

    void compactAll() {
        var flushed = table().flush();
        table.node.runExecutor();
        assertThat(flushed).isCompleted();
        var compacted = table.compactions().major(table(), false);
        table.node.runExecutor();
        assertThat(compacted).isCompleted();
    }
}
