package io.helenus.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.commitlog.SyncMode;
import io.helenus.engine.storage.manifest.ManifestException;
import io.helenus.sstable.file.CorruptSSTableException;
import io.helenus.sstable.file.ReadMode;
import io.helenus.sstable.model.BlockNotCachedException;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowCursor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorageEngineTest {
    private final OneTable t = new OneTable(new Random(5), TestNode.smallBlocks());
    private final SimulatedDisk disk = t.disk;
    private final TestNode node = t.node;

    @BeforeEach
    void start() throws IOException {
        node.start();
    }

    private static int count(RowCursor cursor) {
        int items = 0;
        while (cursor.next() != RowCursor.Kind.END) {
            items++;
        }
        return items;
    }

    // ---- Views

    @Test
    void aPinnedViewKeepsWhatItSawUntilItIsClosed() throws IOException {
        t.put(1, 1, 1, "a");
        t.flush();
        ReadView pinned = t.store().read(node.context());
        RowCursor cursor = pinned.cursor(new byte[0], 0, 0, null, 0, 0, false, ReadMode.FILL);
        var _ = t.store().truncate();
        node.runExecutor();
        assertThat(t.get(1, 1)).isEmpty();
        assertThat(t.fileNames()).contains("1.sst");
        assertThat(count(cursor)).isEqualTo(1);
        pinned.close();
        node.runExecutor();
        assertThat(t.fileNames()).doesNotContain("1.sst");
    }

    @Test
    void aTableThatCannotBeOpenedLeavesNoFileOpen() throws IOException {
        t.put(1, 1, 1, "a");
        t.flush();
        disk.setBytes(t.store().directory().resolve("7.sst"), new byte[10]); // to be put aside
        node.engine().detachTable(t.store());
        node.runExecutor();
        int open = disk.openFiles();
        boolean failed = true;
        for (int at = 0; failed; at++) {
            disk.failOnceAfter(at);
            try {
                TableStore opened = node.engine().openTable(t.name, TestNode.smallBlocks());
                node.engine().detachTable(opened);
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("the disk fails");
            }
            failed = disk.heal();
            node.runExecutor();
            assertThat(disk.openFiles()).as("at %d", at).isEqualTo(open);
        }
    }

    @Test
    void memtableMemoryIsGivenBackWhenAFlushIsDone() {
        t.put(1, 1, 1, "x".repeat(20_000));
        assertThat(node.engine().memtableBytes()).isGreaterThan(20_000);
        t.flush();
        assertThat(node.engine().memtableBytes()).isZero();
        assertThat(t.store().isClean()).isTrue();
    }

    @Test
    void aReadWithoutIoSaysSoWhenABlockIsNotCached() {
        t.put(1, 1, 1, "a");
        t.flush();
        assertThatThrownBy(() -> t.get(1, 1, ReadMode.CACHED))
                .isSameAs(BlockNotCachedException.INSTANCE);
        assertThat(t.get(1, 1, ReadMode.FILL)).isEqualTo("a");
        assertThat(t.get(1, 1, ReadMode.CACHED)).isEqualTo("a");
    }

    // ---- Files

    @Test
    void filesThatTheManifestDoesNotKnowGoToLostAndFound() throws IOException {
        t.put(1, 1, 1, "a");
        t.flush();
        Path directory = t.store().directory();
        disk.setBytes(directory.resolve("7.sst"), new byte[10]);
        disk.setBytes(directory.resolve("8.sst.tmp"), new byte[10]);
        disk.setBytes(directory.resolve("notes.txt"), new byte[10]);
        node.restart();
        assertThat(t.fileNames()).containsExactly("1.sst", "lost+found", "manifest", "notes.txt");
        assertThat(disk.exists(directory.resolve("lost+found").resolve("7.sst"))).isTrue();
        assertThat(node.events).containsExactly("unknown 7.sst");
        t.put(1, 2, 1, "b");
        t.flush();
        assertThat(t.fileNames()).contains("8.sst"); // 7 is not given again
    }

    @Test
    void aDamagedManifestRefusesItsTableAndKeepsItsLog() throws IOException {
        TableName other = node.define("other", TestNode.smallBlocks());
        node.restart();
        t.put(1, 1, 1, "in the log");
        Path manifest = t.store().directory().resolve("manifest");
        byte[] whole = disk.bytes(manifest);
        byte[] damaged = whole.clone();
        damaged[20] ^= 1;
        disk.setBytes(manifest, damaged);
        node.kill();
        assertThatThrownBy(node::start).isInstanceOf(ManifestException.class);
        disk.setBytes(manifest, whole);
        node.start();
        assertThat(t.get(1, 1)).isEqualTo("in the log");
        assertThat(node.table(other).isClean()).isTrue();
    }

    @Test
    void aDamagedBlockFailsOnlyTheReadsThatNeedIt() throws IOException {
        for (int row = 0; row < 200; row++) {
            t.put(1, row, 1, "value " + row);
        }
        t.flush();
        Path file = t.store().directory().resolve("1.sst");
        byte[] bytes = disk.bytes(file);
        bytes[40] ^= 1; // in the first block
        disk.setBytes(file, bytes);
        node.restart();
        assertThatThrownBy(() -> t.get(1, 0))
                .isInstanceOf(CorruptSSTableException.class)
                .hasMessageContaining("1.sst");
        assertThat(t.get(1, 150)).isEqualTo("value 150");
        assertThat(t.store().sstables().getFirst().isDamaged()).isTrue();
        assertThat(node.events).containsExactly("damage 1.sst");
    }

    @Test
    void anSSTableThatCannotBeOpenedStaysAndFailsReadsInItsRange() throws IOException {
        t.put(1, 10, 1, "a");
        t.put(1, 20, 1, "b");
        t.flush();
        t.put(2, 1, 1, "c");
        t.flush();
        Path file = t.store().directory().resolve("1.sst");
        disk.setBytes(file, new byte[100]);
        node.restart();
        assertThat(node.events).containsExactly("damage 1.sst");
        assertThatThrownBy(() -> t.get(1, 15)).isInstanceOf(CorruptSSTableException.class);
        assertThat(t.get(1, 30)).isEmpty();
        assertThat(t.get(2, 1)).isEqualTo("c");
        SSTable damaged =
                t.store().sstables().stream().filter(SSTable::isDamaged).findFirst().orElseThrow();
        t.store().discard(damaged);
        assertThat(t.get(1, 15)).isEmpty();
        node.events.clear();
        node.restart();
        assertThat(node.events).isEmpty();
        assertThat(t.fileNames()).doesNotContain("1.sst");
        assertThat(disk.exists(t.store().directory().resolve("lost+found").resolve("1.sst")))
                .isTrue();
    }

    @Test
    void aSnapshotIsATableOfItsOwn() throws IOException {
        t.put(1, 1, 1, "a");
        t.flush();
        Path snapshot = t.store().snapshot("monday", null);
        var _ = t.store().truncate();
        node.runExecutor();
        assertThat(disk.fileNames(snapshot)).containsExactly("1.sst", "manifest", "manifest.json");
        assertThat(node.engine().snapshots().list().stream().map(Snapshot::tag))
                .containsExactly("monday");
        assertThatThrownBy(() -> t.store().snapshot("../x", null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(node.engine().snapshots().delete(found -> found.tag().equals("monday")))
                .isEqualTo(1);
        assertThat(node.engine().snapshots().list()).isEmpty();
    }

    @Test
    void aDroppedTableLeavesNothing() throws IOException {
        t.put(1, 1, 1, "a");
        t.flush();
        t.put(1, 2, 1, "b");
        TableStore dropped = t.store();
        Path directory = dropped.directory();
        node.engine().dropTable(dropped);
        node.runExecutor();
        assertThat(disk.list(directory)).isEmpty();
        assertThat(disk.exists(directory)).isFalse();
        assertThat(node.engine().memtableBytes()).isZero();
        assertThatThrownBy(() -> node.write(dropped, Cql.insertMutation(1, Cql.row(1), 1, "c")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ks.t");
    }

    /// As who restores a snapshot makes one. A reader of the old table stays for a while.
    @Test
    void aNewTableWithTheIdOfADroppedOneHasNothingOfIt() throws IOException {
        t.put(1, 1, 1, "in a file");
        t.flush();
        t.put(1, 2, 1, "in the log");
        TableStore dropped = t.store();
        try (ReadContext reader = node.engine().newReadContext()) {
            ReadView pinned = dropped.read(reader);
            node.engine().dropTable(dropped);
            var _ = node.engine().createTable(t.name, dropped.settings());
            t.put(1, 3, 1, "new");
            t.flush();
            pinned.close();
        }
        node.runExecutor();
        t.put(1, 4, 1, "new and in the log");
        for (int i = 0; i < 2; i++) {
            assertThat(t.get(1, 1) + t.get(1, 2)).isEmpty();
            assertThat(t.get(1, 3)).isEqualTo("new");
            assertThat(t.get(1, 4)).isEqualTo("new and in the log");
            node.restart();
        }
        assertThat(node.events).isEmpty();
    }

    @Test
    void aNewTableWithTheIdOfOneWhoseFilesCouldNotBeRemovedHasNothingOfIt() throws IOException {
        t.put(1, 1, 1, "in a file");
        t.flush();
        t.put(1, 2, 1, "in the log");
        TableStore dropped = t.store();
        node.engine().detachTable(dropped);
        var _ = node.engine().createTable(t.name, dropped.settings());
        assertThat(disk.list(t.store().directory().resolve("lost+found")))
                .extracting(path -> String.valueOf(path.getFileName()))
                .containsExactly("1.sst", "manifest");
        t.put(1, 3, 1, "new");
        t.flush();
        assertThat(t.fileNames()).contains("2.sst").doesNotContain("1.sst");
        node.restart();
        assertThat(t.get(1, 1) + t.get(1, 2)).isEmpty();
        assertThat(t.get(1, 3)).isEqualTo("new");
    }

    /// Somebody truncates to get room, and what there is in memory needs none.
    @Test
    void aTruncationGoesBeforeFlushesThatADiskWithoutRoomKeepsFromEnding() throws IOException {
        node.mayThrow = true;
        t.put(1, 1, 1, "in a file");
        t.flush();
        t.put(1, 2, 1, "in memory");
        disk.setFull(true);
        var flushed = t.store().flush();
        node.runExecutor();
        assertThat(flushed).isCompletedExceptionally();
        t.put(1, 3, 1, "in memory too");
        var flushedNext = t.store().flush();
        var truncated = t.store().truncate();
        node.runExecutor();
        node.engine().tick();
        node.runExecutor();
        assertThat(truncated).isCompleted();
        assertThat(flushedNext).isCompleted();
        assertThat(t.store().sstables()).isEmpty();
        assertThat(node.engine().memtableBytes()).isZero();
        disk.setFull(false);
        t.put(1, 4, 1, "after it");
        t.flush();
        for (int i = 0; i < 2; i++) {
            assertThat(t.get(1, 1) + t.get(1, 2) + t.get(1, 3)).isEmpty();
            assertThat(t.get(1, 4)).isEqualTo("after it");
            node.restart();
        }
    }

    @Test
    void replacingFilesThatATruncationTookIsRefused() throws IOException {
        t.put(1, 1, 1, "a");
        t.flush();
        List<SSTable> chosen = t.store().sstables();
        var _ = t.store().truncate();
        node.runExecutor();
        List<SSTable> added = new ArrayList<>();
        try (SSTableDraft draft = t.store().newDraft(t.store().settings().sstable())) {
            byte[] key = Cql.key(1, Cql.row(1));
            ByteWriter value = Cql.insert(1, "a");
            draft.writer()
                    .append(
                            RowCursor.Kind.ROW,
                            key,
                            0,
                            key.length,
                            value.array(),
                            0,
                            value.length());
            added.add(draft.finish(0));
        }
        assertThatThrownBy(() -> t.store().replace(chosen, added))
                .isInstanceOf(IllegalStateException.class);
        assertThat(t.fileNames()).containsExactly("manifest");
    }

    /// Who is told that it failed must not see it happen when the disk is well again.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void aTruncationThatFailedIsTakenBack(int operations) throws IOException {
        node.mayThrow = true;
        t.put(1, 1, 1, "in a file");
        t.flush();
        t.put(1, 2, 1, "in memory");
        var truncated = t.store().truncate();
        t.put(1, 3, 1, "while it waits");
        t.put(1, 4, 1, "flushed");
        var flushed = t.store().flush();
        disk.failOnceAfter(operations);
        node.runExecutor();
        boolean hasFailed = disk.heal() && truncated.isCompletedExceptionally();
        for (int i = 0; i < 3; i++) {
            node.engine().tick();
            node.runExecutor();
        }
        assertThat(t.store().isClean()).isTrue();
        for (boolean restarted : new boolean[] {false, true}) {
            assertThat(t.get(1, 1)).isEqualTo(hasFailed ? "in a file" : "");
            assertThat(t.get(1, 2)).isEqualTo(hasFailed ? "in memory" : "");
            assertThat(t.get(1, 3)).isEqualTo("while it waits");
            assertThat(t.get(1, 4)).isEqualTo("flushed");
            if (!restarted) {
                t.put(1, 5, 1, "later");
                node.restart();
            }
        }
        assertThat(t.get(1, 5)).isEqualTo("later");
        assertThat(flushed).isDone();
        assertThat(t.fileNames()).noneMatch(file -> file.endsWith(".tmp"));
    }

    // ---- Flushes

    @Test
    void memoryPressureFlushesTheLargestTable() throws IOException {
        node.kill();
        node.memtableBytesMax = 200_000;
        TableName small = node.define("small", TestNode.smallBlocks());
        node.start();
        ByteWriter little = Cql.insertMutation(1, Cql.row(1), 1, "little");
        assertThat(node.write(node.table(small), little).applied).isTrue();
        for (int row = 0; row < 60; row++) {
            t.put(1, row, 1, "x".repeat(3_000));
        }
        assertThat(node.executor).isNotEmpty();
        node.runExecutor();
        assertThat(t.store().sstables()).isNotEmpty();
        assertThat(node.table(small).sstables()).isEmpty();
    }

    @Test
    void writersAreHeldBackWhileMemoryIsFull() throws IOException {
        node.kill();
        node.memtableBytesMax = 100_000;
        node.start();
        assertThat(node.engine().mayWrite()).isTrue();
        for (int row = 0; row < 40; row++) {
            t.put(1, row, 1, "x".repeat(3_000));
        }
        assertThat(node.engine().mayWrite()).isFalse();
        AtomicBoolean told = new AtomicBoolean();
        node.engine().whenMayWrite(() -> told.set(true));
        assertThat(told).isFalse();
        node.runExecutor();
        assertThat(told).isTrue();
        assertThat(node.engine().mayWrite()).isTrue();
    }

    @Test
    void aPeriodFlushesWhatIsOldEnough() {
        t.store().alter(t.store().settings().withFlushPeriodMillis(5_000));
        t.put(1, 1, 1, "a");
        node.engine().tick();
        assertThat(t.store().sstables()).isEmpty();
        node.nanos.addAndGet(6_000_000_000L);
        node.engine().tick();
        node.runExecutor();
        assertThat(t.store().sstables()).hasSize(1);
    }

    @Test
    void aFailedFlushIsTriedAgainAtTheNextTick() {
        node.mayThrow = true;
        t.put(1, 1, 1, "a");
        var flushed = t.store().flush();
        disk.failAfter(2);
        node.runExecutor();
        assertThat(flushed).isCompletedExceptionally();
        disk.failAfter(Long.MAX_VALUE);
        assertThat(t.get(1, 1)).isEqualTo("a");
        node.engine().tick();
        node.runExecutor();
        assertThat(t.store().sstables()).hasSize(1);
        assertThat(t.get(1, 1)).isEqualTo("a");
    }

    /// Nobody knows when the disk is well again.
    @Test
    void whoWaitsBehindAFailedFlushIsToldToo() {
        node.mayThrow = true;
        t.put(1, 1, 1, "a");
        var first = t.store().flush();
        t.put(1, 2, 1, "b");
        var second = t.store().flush();
        var truncated = t.store().truncate();
        disk.failOnceAfter(1);
        node.runExecutor();
        assertThat(first).isCompletedExceptionally();
        assertThat(second).isCompletedExceptionally();
        assertThat(truncated).isCompletedExceptionally();
        node.engine().tick();
        node.runExecutor();
        assertThat(t.store().isClean()).isTrue();
        assertThat(t.get(1, 1)).isEqualTo("a");
        assertThat(t.get(1, 2)).isEqualTo("b");
    }

    @Test
    void flushedSegmentsAreReleased() throws IOException {
        for (int row = 0; row < 200; row++) {
            t.put(1, row % 10, row, "x".repeat(2_000));
        }
        assertThat(node.log().stats().segments()).isGreaterThan(5);
        t.flush();
        node.runAgents();
        assertThat(node.log().stats().segments()).isLessThan(3);
        node.restart();
        assertThat(t.get(1, 9)).startsWith("xx");
    }

    @Test
    void aFullLogFlushesTheTablesThatHoldItBack() throws IOException {
        node.kill();
        node.logBytesMax = 300_000;
        TableName idle = node.define("idle", TestNode.smallBlocks());
        node.start();
        ByteWriter little = Cql.insertMutation(1, Cql.row(1), 1, "little");
        assertThat(node.write(node.table(idle), little).applied).isTrue();
        for (int i = 0; i < 400; i++) {
            t.put(1, i % 10, i, "x".repeat(2_000));
            node.runExecutor();
        }
        assertThat(node.table(idle).sstables()).hasSize(1);
        assertThat(node.log().stats().segments()).isLessThan(8);
    }

    /// One table takes all the writes, twenty others one each, now and then.
    @Test
    void tablesThatAreRarelyWrittenNeverHoldTheLogBack() throws IOException {
        node.kill();
        node.logBytesMax = 300_000;
        List<TableName> rare = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            rare.add(node.define("rare" + i, TestNode.smallBlocks()));
        }
        node.start();
        long most = 0;
        for (int i = 0; i < 1_000; i++) {
            t.put(1, i % 10, i, "x".repeat(2_000));
            if (i % 50 == 0) {
                ByteWriter one = Cql.insertMutation(1, Cql.row(1), i, "once");
                assertThat(node.write(node.table(rare.get(i / 50)), one).applied).isTrue();
            }
            node.runExecutor();
            most = Math.max(most, node.log().stats().totalBytes());
        }
        // Without flushes it would be eight times as much.
        assertThat(most).isBetween(200_000L, node.logBytesMax + 4L * node.segmentBytes);
        assertThat(rare.subList(0, 15)).allMatch(name -> node.table(name).sstables().size() == 1);
        node.restart();
        assertThat(t.get(1, 9)).startsWith("xx");
        for (TableName name : rare) {
            try (ReadView view = node.table(name).read(node.context())) {
                byte[] key = Cql.key(1, Cql.row(1));
                assertThat(view.readRow(key, 0, key.length, null, ReadMode.FILL, new RowResult()))
                        .as("%s", name)
                        .isTrue();
            }
        }
    }

    /// A disk that takes no SSTables keeps the log from shrinking, but only so long.
    @Test
    void aLogThatCouldNotShrinkDoesSoWhenFlushesSucceedAgain() throws IOException {
        node.kill();
        node.logBytesMax = 200_000;
        node.mayThrow = true;
        node.start();
        t.put(1, 1, 1, "a");
        var flushed = t.store().flush();
        disk.failAfter(2);
        node.runExecutor();
        assertThat(flushed).isCompletedExceptionally();
        disk.failAfter(Long.MAX_VALUE);
        for (int i = 0; i < 300; i++) {
            t.put(1, i % 10, i, "x".repeat(2_000)); // a failed flush waits for the tick
            node.runExecutor();
        }
        assertThat(node.log().stats().totalBytes()).isGreaterThan(2 * node.logBytesMax);
        node.engine().tick();
        node.runExecutor();
        node.runAgents();
        assertThat(node.log().stats().totalBytes())
                .isLessThanOrEqualTo(node.logBytesMax + node.segmentBytes);
    }

    // ---- Log

    @Test
    void writesWithoutTheLogAreLostByARestart() throws IOException {
        TableName volatileTable = node.define("v", TestNode.smallBlocks().withDurableWrites(false));
        node.restart();
        t.name = volatileTable;
        t.put(1, 1, 1, "a");
        assertThat(t.get(1, 1)).isEqualTo("a");
        node.restart();
        assertThat(t.get(1, 1)).isEmpty();
    }

    @Test
    void groupModeAppliesAfterTheForce() throws IOException {
        node.kill();
        node.syncMode = SyncMode.GROUP;
        node.start();
        node.runAgents();
        TestNode.Outcome outcome = new TestNode.Outcome();
        ByteWriter mutation = Cql.insertMutation(1, Cql.row(1), 1, "a");
        assertThat(node.engine().write(t.store(), mutation, outcome)).isEqualTo(WriteOutcome.LATER);
        mutation.clear(); // it belongs to the caller again
        assertThat(t.get(1, 1)).isEmpty();
        var flushed = t.store().flush();
        node.runExecutor();
        assertThat(flushed).isNotDone(); // waits for the write that has entered
        node.runAgents();
        node.runAgents();
        assertThat(outcome.applied).isTrue();
        assertThat(t.get(1, 1)).isEqualTo("a");
        node.runExecutor();
        assertThat(flushed).isCompleted();
    }

    @Test
    void aFailedForceFailsTheWriteAndLeavesNothingBehind() throws IOException {
        node.kill();
        node.syncMode = SyncMode.BATCH;
        node.mayThrow = true;
        node.start();
        node.runAgents();
        TestNode.Outcome outcome = new TestNode.Outcome();
        ByteWriter mutation = Cql.insertMutation(1, Cql.row(1), 1, "a");
        assertThat(node.engine().write(t.store(), mutation, outcome)).isEqualTo(WriteOutcome.LATER);
        disk.failAfter(0);
        node.runAgents();
        disk.failAfter(Long.MAX_VALUE);
        assertThat(outcome.failure).isNotNull();
        assertThat(t.get(1, 1)).isEmpty();
        var flushed = t.store().flush();
        node.runExecutor();
        assertThat(flushed).isCompleted();
    }

    @Test
    void aBatchOverTablesIsReplayedWhole() throws IOException {
        TableName other = node.define("other", TestNode.smallBlocks());
        node.restart();
        node.runAgents();
        TestNode.Outcome outcome = new TestNode.Outcome();
        WriteBatch batch = new WriteBatch();
        batch.add(t.store(), Cql.insertMutation(1, Cql.row(1), 1, "a"));
        batch.add(t.store(), Cql.insertMutation(2, Cql.row(1), 1, "b"));
        batch.add(node.table(other), Cql.insertMutation(1, Cql.row(1), 1, "c"));
        assertThat(node.engine().write(batch, outcome)).isEqualTo(WriteOutcome.APPLIED);
        t.flush(); // the first table only
        node.restart();
        assertThat(t.get(1, 1)).isEqualTo("a");
        assertThat(t.get(2, 1)).isEqualTo("b");
        t.name = other;
        assertThat(t.get(1, 1)).isEqualTo("c");
    }

    @Test
    void aWriteThatFindsNoPreparedRoomIsWrittenLater() {
        TestNode.Outcome outcome = new TestNode.Outcome();
        int written = 0;
        WriteOutcome last = WriteOutcome.APPLIED;
        while (last == WriteOutcome.APPLIED) {
            ByteWriter mutation = Cql.insertMutation(1, Cql.row(++written), 1, "x".repeat(900));
            last = node.engine().write(t.store(), mutation, outcome);
            mutation.clear();
        }
        assertThat(t.get(1, written)).isEmpty();
        for (int i = 0; i < 4 && !outcome.applied; i++) {
            node.runAgents();
        }
        assertThat(outcome.applied).isTrue();
        assertThat(t.get(1, written)).startsWith("xx");
    }
}
