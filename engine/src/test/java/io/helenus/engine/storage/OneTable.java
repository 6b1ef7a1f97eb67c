package io.helenus.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.sstable.file.ReadMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/// A table `t` of a [TestNode] on a simulated disk: writes that succeed, flushes that end, reads of texts.
final class OneTable {
    final SimulatedDisk disk;
    final TestNode node;
    TableName name;

    OneTable(Random random, TableSettings settings) {
        this(new SimulatedDisk(random), random, settings);
    }

    private OneTable(SimulatedDisk disk, Random random, TableSettings settings) {
        this(disk, new TestNode(disk, random), settings);
    }

    OneTable(SimulatedDisk disk, TestNode node, TableSettings settings) {
        this.disk = disk;
        this.node = node;
        name = node.define("t", settings);
    }

    TableStore store() {
        return node.table(name);
    }

    void put(int partition, int row, long timestamp, String value) {
        var mutation = Cql.insertMutation(partition, Cql.row(row), timestamp, value);
        assertThat(node.write(store(), mutation).applied).isTrue();
    }

    void flush() {
        var flushed = store().flush();
        node.runExecutor();
        assertThat(flushed).isCompleted();
    }

    void truncate() {
        var truncated = store().truncate();
        node.runExecutor();
        assertThat(truncated).isCompleted();
    }

    boolean has(int partition, int row) {
        byte[] key = Cql.key(partition, Cql.row(row));
        try (ReadView view = store().read(node.context())) {
            return view.readRow(key, 0, key.length, null, ReadMode.FILL, new RowResult());
        }
    }

    String get(int partition, int row) {
        return get(partition, row, ReadMode.FILL);
    }

    /// @return nothing if there is no such row
    String get(int partition, int row, ReadMode mode) {
        RowResult result = new RowResult();
        byte[] key = Cql.key(partition, Cql.row(row));
        try (ReadView view = store().read(node.context())) {
            if (!view.readRow(key, 0, key.length, null, mode, result)) {
                return "";
            }
            NaiveTable.Cell cell =
                    NaiveTable.decode(result.array(), result.offset(), result.length())
                            .cells()
                            .get(1);
            return cell == null
                    ? "dead"
                    : new String(HexFormat.of().parseHex(cell.value()), StandardCharsets.UTF_8);
        }
    }

    /// What is in its directory.
    List<String> fileNames() throws IOException {
        return disk.fileNames(store().directory());
    }
}
