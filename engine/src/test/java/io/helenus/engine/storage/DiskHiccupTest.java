package io.helenus.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.sstable.file.ReadMode;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// One operation of the disk fails, whichever it is, and the next ones succeed: nothing is lost, nothing
/// comes back, nothing is left lying about.
class DiskHiccupTest {
    private static final int OPERATIONS = 40;

    private SimulatedDisk disk = new SimulatedDisk(new Random(0));
    private TestNode node = new TestNode(disk, new Random(0));
    private TableName name = new TableName(new UUID(0, 0), "ks", "t");

    private void start(int seed) throws IOException {
        Random random = new Random(seed);
        disk = new SimulatedDisk(random);
        node = new TestNode(disk, new SimulatedDisk(random), TestNode.ROOT, random);
        node.mayThrow = true;
        name = node.define("t", TestNode.smallBlocks());
        node.start();
    }

    /// The disk of the tables loses its power; the log has been forced.
    private void crash() throws IOException {
        node.kill();
        disk.crash();
        node.start();
    }

    private TableStore table() {
        return node.table(name);
    }

    private void put(int row, String value) {
        assertThat(node.write(table(), Cql.insertMutation(1, Cql.row(row), row, value)).applied)
                .isTrue();
    }

    private void fill(int row) {
        for (int i = 0; i < 500; i++) {
            put(row + 1 + i, "y".repeat(1000));
            node.runExecutor();
        }
    }

    private boolean has(int row) {
        byte[] key = Cql.key(1, Cql.row(row));
        RowResult result = new RowResult();
        try (ReadView view = table().read(node.context())) {
            return view.readRow(key, 0, key.length, null, ReadMode.FILL, result);
        }
    }

    private List<String> files() throws IOException {
        return disk.list(table().directory()).stream()
                .map(path -> String.valueOf(path.getFileName()))
                .toList();
    }

    private void settle() {
        node.runExecutor();
        node.engine().tick();
        node.runExecutor();
    }

    @Test
    void aFlushThatFailedAnywhereIsMadeUpFor() throws IOException {
        boolean failed = true;
        for (int at = 0; failed; at++) {
            assertThat(at).isLessThan(OPERATIONS);
            start(at);
            put(1, "a");
            disk.failOnceAfter(at);
            var _ = table().flush();
            settle();
            failed = disk.heal();
            assertThat(table().isClean()).as("at %d: %s", at, node.events).isTrue();
            assertThat(table().sstables()).hasSize(1);
            assertThat(files()).as("at %d", at).hasSize(2);
            put(2, "b");
            var _ = table().flush();
            settle();
            crash();
            assertThat(table().memtableBytes()).as("replayed").isZero();
            assertThat(has(1)).as("at %d", at).isTrue();
            assertThat(has(2)).as("at %d", at).isTrue();
            assertThat(files()).as("at %d", at).hasSize(3);
        }
    }

    @Test
    void aTruncationThatFailedAnywhereIsTakenBack() throws IOException {
        boolean failed = true;
        for (int at = 0; failed; at++) {
            assertThat(at).isLessThan(OPERATIONS);
            start(at);
            put(1, "a");
            var _ = table().flush();
            settle();
            put(2, "b");
            disk.failOnceAfter(at);
            CompletableFuture<Void> truncation = table().truncate();
            put(3, "c");
            settle();
            failed = disk.heal();
            assertThat(truncation).as("at %d: %s", at, node.events).isDone();
            boolean kept = truncation.isCompletedExceptionally();
            assertThat(kept).isIn(false, failed);
            requireRows(at, kept);
            put(4, "d");
            crash();
            requireRows(at, kept);
            assertThat(has(4)).as("at %d", at).isTrue();
            assertThat(files()).as("at %d", at).hasSize(1 + table().sstables().size());
        }
    }

    /// @param kept whether those from before the truncation are to be there
    private void requireRows(int at, boolean kept) {
        assertThat(has(1)).as("row 1 at %d: %s", at, node.events).isEqualTo(kept);
        assertThat(has(2)).as("row 2 at %d: %s", at, node.events).isEqualTo(kept);
        assertThat(has(3)).as("row 3 at %d: %s", at, node.events).isTrue();
    }

    /// A full disk must be told to clients; waiting for it may take days.
    @Test
    void writesAreRefusedWhileMemoryIsFullAndFlushesFail() throws IOException {
        start(1);
        node.kill();
        node.memtableBytesMax = 64 << 10;
        node.start();
        disk.failAfter(0);
        int row = 0;
        while (node.engine().mayWrite()) {
            put(++row, "x".repeat(1000));
        }
        AtomicInteger told = new AtomicInteger();
        node.engine().whenMayWrite(told::incrementAndGet);
        assertThat(told).hasValue(0);
        node.runExecutor(); // the flush, which fails
        assertThat(told).hasValue(1);
        assertThat(node.engine().mayWrite()).isTrue();
        int last = row;
        assertThatThrownBy(() -> fill(last))
                .isInstanceOf(StorageFullException.class)
                .hasMessageContaining("the disk fails");
        assertThat(has(row)).isTrue();
        assertThat(disk.heal()).isTrue();
        settle();
        put(1000, "z");
        assertThat(has(row) && has(1000)).isTrue();
    }

    @Test
    void aLogThatNeitherFitsMemoryNorCanBeFlushedEndsTheStart() throws IOException {
        start(1);
        for (int row = 1; row < 200; row++) {
            put(row, "x".repeat(1000));
        }
        node.kill();
        node.memtableBytesMax = 64 << 10;
        disk.failAfter(20);
        assertThatThrownBy(node::start).isInstanceOf(StorageFullException.class);
        node.kill();
        assertThat(disk.heal()).isTrue();
        node.start();
        assertThat(has(1) && has(199)).isTrue();
    }

    @Test
    void aNodeThatIsClosedAfterAFailedFlushStartsWithAllOfIt() throws IOException {
        boolean failed = true;
        for (int at = 0; failed; at++) {
            assertThat(at).isLessThan(OPERATIONS);
            start(at);
            put(1, "a");
            disk.failOnceAfter(at);
            var _ = table().flush();
            node.runExecutor();
            failed = disk.heal();
            node.close();
            disk.crash();
            node.start();
            assertThat(has(1)).as("at %d", at).isTrue();
            assertThat(table().sstables()).as("at %d", at).noneMatch(SSTable::isDamaged);
        }
    }
}
