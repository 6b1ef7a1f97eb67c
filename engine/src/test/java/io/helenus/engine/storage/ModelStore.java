package io.helenus.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.sstable.file.ReadMode;
import io.helenus.sstable.file.SSTableCursor;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.MergeCursor;
import io.helenus.sstable.model.RowCursor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// The table that the model is compared with, and what happens to it.
final class ModelStore {
    private final Random chance;
    private final TestNode node;
    private final TableName name;

    ModelStore(Random chance, ModelRun.Configuration configuration) {
        this.chance = chance;
        node = new TestNode(new SimulatedDisk(chance), chance);
        configuration.apply(node);
        name = node.define("t", configuration.settings());
    }

    TestNode node() {
        return node;
    }

    TableStore table() {
        return node.table(name);
    }

    void start() throws IOException {
        node.start();
    }

    void restart() throws IOException {
        node.restart();
    }

    void close() throws IOException {
        node.close();
    }

    void write(ByteWriter mutation) {
        assertThat(node.write(table(), mutation).applied).isTrue();
    }

    void flush() {
        var _ = table().flush();
        if (chance.nextBoolean()) {
            node.runExecutor();
        }
    }

    /// Runs a part of what waits.
    void goOn() {
        for (int i = chance.nextInt(4); i >= 0; i--) {
            Runnable next = node.executor.poll();
            if (next != null) {
                next.run();
            }
        }
    }

    void truncate() {
        var truncated = table().truncate();
        node.runExecutor();
        assertThat(truncated).isCompleted();
    }

    /// Merges some of the files into one.
    void compact() throws IOException {
        List<SSTable> chosen = new ArrayList<>(table().sstables());
        chosen.removeIf(_ -> chance.nextInt(3) == 0);
        mergeFiles(table(), chosen);
    }

    /// Makes one file of some, dropping nothing but what is shadowed.
    static void mergeFiles(TableStore table, List<SSTable> chosen) throws IOException {
        if (chosen.isEmpty() || !table.reserve(chosen)) {
            return;
        }
        List<SSTable> added = new ArrayList<>();
        try (SSTableDraft draft = table.newDraft(table.settings().sstable())) {
            RowCursor[] sources = new RowCursor[chosen.size()];
            for (int i = 0; i < sources.length; i++) {
                sources[i] =
                        new SSTableCursor().openAll(chosen.get(i).reader(), false, ReadMode.SCAN);
            }
            try (var merge = new MergeCursor()) {
                draft.writer().appendAll(merge.open(sources, sources.length, false));
            }
            added.add(draft.finish(1));
            table.replace(chosen, added);
        } finally {
            table.unreserve(chosen);
        }
    }

    void compactAll() throws IOException {
        var flushed = table().flush();
        node.runExecutor();
        assertThat(flushed).isCompleted();
        mergeFiles(table(), new ArrayList<>(table().sstables()));
    }
}
