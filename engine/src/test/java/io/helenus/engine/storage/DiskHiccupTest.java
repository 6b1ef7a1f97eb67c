package io.helenus.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// One operation of the disk fails, whichever it is, and the next ones succeed: nothing is lost, nothing
/// comes back, nothing is left lying about.
class DiskHiccupTest {
    private static final int OPERATIONS = 40;

    private OneTable t = new OneTable(new Random(0), TestNode.smallBlocks());
    private SimulatedDisk disk = t.disk;
    private TestNode node = t.node;

    private void start(int seed) throws IOException {
        Random random = new Random(seed);
        disk = new SimulatedDisk(random);
        node = new TestNode(disk, new SimulatedDisk(random), TestNode.ROOT, random);
        node.mayThrow = true;
        t = new OneTable(disk, node, TestNode.smallBlocks());
        node.start();
    }

    /// The disk of the tables loses its power; the log has been forced.
    private void crash() throws IOException {
        node.kill();
        disk.crash();
        node.start();
    }

    private void put(int row, String value) {
        t.put(1, row, row, value);
    }

    private void fill(int row) {
        for (int i = 0; i < 500; i++) {
            put(row + 1 + i, "y".repeat(1000));
            node.runExecutor();
        }
    }

    private boolean has(int row) {
        return t.has(1, row);
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
            var _ = t.store().flush();
            settle();
            failed = disk.heal();
            assertThat(t.store().isClean()).as("at %d: %s", at, node.events).isTrue();
            assertThat(t.store().sstables()).hasSize(1);
            assertThat(t.fileNames()).as("at %d", at).hasSize(2);
            put(2, "b");
            var _ = t.store().flush();
            settle();
            crash();
            assertThat(t.store().memtableBytes()).as("replayed").isZero();
            assertThat(has(1)).as("at %d", at).isTrue();
            assertThat(has(2)).as("at %d", at).isTrue();
            assertThat(t.fileNames()).as("at %d", at).hasSize(3);
        }
    }

    @Test
    void aTruncationThatFailedAnywhereIsTakenBack() throws IOException {
        boolean failed = true;
        for (int at = 0; failed; at++) {
            assertThat(at).isLessThan(OPERATIONS);
            start(at);
            put(1, "a");
            var _ = t.store().flush();
            settle();
            put(2, "b");
            disk.failOnceAfter(at);
            CompletableFuture<Void> truncation = t.store().truncate();
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
            assertThat(t.fileNames()).as("at %d", at).hasSize(1 + t.store().sstables().size());
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
            var _ = t.store().flush();
            node.runExecutor();
            failed = disk.heal();
            node.close();
            disk.crash();
            node.start();
            assertThat(has(1)).as("at %d", at).isTrue();
            assertThat(t.store().sstables()).as("at %d", at).noneMatch(SSTable::isDamaged);
        }
    }
}
