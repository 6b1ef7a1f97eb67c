package io.helenus.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.engine.compaction.Compactions.Completed;
import io.helenus.engine.compaction.Compactions.Garbage;
import io.helenus.engine.compaction.Compactions.Kind;
import io.helenus.engine.compaction.Compactions.Outcome;
import io.helenus.engine.compaction.Compactions.Task;
import io.helenus.engine.compaction.StrategyOptions;
import io.helenus.engine.compaction.TableCompaction;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What starts, runs, waits and ends.
class CompactionManagerTest {
    private final CompactedTable t = new CompactedTable(new Random(1));

    @BeforeEach
    void start() throws IOException {
        t.settings = CompactedTable.settings(100);
        t.start();
    }

    @AfterEach
    void close() throws IOException {
        t.close();
    }

    /// Flushes a file of some partitions.
    private void file(int firstPartition, int partitions, long timestamp) {
        for (int i = 0; i < partitions; i++) {
            assertThat(
                            t.node.write(
                                            t.table(),
                                            Cql.insertMutation(
                                                    firstPartition + i,
                                                    Cql.row(1, 1),
                                                    timestamp,
                                                    "v"))
                                    .applied)
                    .isTrue();
        }
        t.flush();
    }

    private void files(int count) {
        for (int i = 0; i < count; i++) {
            file(0, 10, 10L + i);
        }
    }

    /// Has the plans made that are due, and starts what they start, but no step.
    private void planOnly() {
        step();
    }

    /// The next thing that waits for the executor.
    private void step() {
        t.node.executor.remove().run();
    }

    /// Flips a bit, or flips it back.
    private void flip(SSTable file) throws IOException {
        byte[] bytes = t.disk.bytes(file.path());
        bytes[40] ^= 1;
        t.disk.setBytes(file.path(), bytes);
    }

    /// Flushes a file of one row that has expired.
    private void expiredFile() {
        var mutation = Cql.mutation(1);
        var value = new ByteWriter();
        new RowWriter().beginExpiringRow(value, 50, 10, 500).end();
        Cql.entry(mutation, Cql.row(1, 1), value);
        t.node.write(t.table(), mutation.finish());
        t.flush();
    }

    private static StrategyOptions.TimeWindow windows() {
        return new StrategyOptions.TimeWindow(
                1_000, 1_000, StrategyOptions.SizeTiered.DEFAULT, 600, false);
    }

    @Test
    void flushesStartCompactions() {
        files(3);
        t.node.runExecutor();
        assertThat(t.table().sstables()).hasSize(3);
        file(0, 10, 90);
        Map<String, NaiveTable.Item> before = t.stored();
        t.node.runExecutor();
        assertThat(t.table().sstables()).hasSize(1);
        assertThat(t.stored()).isEqualTo(before);
    }

    @Test
    void oldFilesAreDeletedOnceNobodyReadsThem() {
        files(4);
        SSTable old = t.table().sstables().getFirst();
        try (ReadView view = t.table().read(t.node.context())) {
            assertThat(view.sstables()).contains(old);
            t.node.runExecutor();
            assertThat(t.table().sstables()).hasSize(1).doesNotContain(old);
            assertThat(t.disk.exists(old.path())).isTrue();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        t.node.runExecutor();
        assertThat(exists(old.path())).isFalse();
        assertThat(t.disk.openFiles()).as("log, manifest, one SSTable").isLessThan(8);
    }

    private boolean exists(Path path) {
        try {
            return t.disk.exists(path);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void readsGoOnBetweenSteps() {
        files(4);
        Map<String, NaiveTable.Item> before = t.stored();
        while (!t.node.executor.isEmpty()) {
            step();
            assertThat(t.stored()).isEqualTo(before);
        }
        assertThat(t.table().sstables()).hasSize(1);
    }

    @Test
    void disabledCompactionsDoNotStartButThoseAskedForDo() {
        t.compactions().setEnabled(false);
        files(4);
        t.node.runExecutor();
        assertThat(t.table().sstables()).hasSize(4);
        var asked = t.compactions().major(t.table(), false);
        t.node.runExecutor();
        assertThat(asked).isCompleted();
        assertThat(t.table().sstables()).hasSize(1);
    }

    @Test
    void enablingCatchesUp() {
        t.compactions().setEnabled(t.table(), false);
        files(4);
        t.node.runExecutor();
        assertThat(t.table().sstables()).hasSize(4);
        assertThat(t.compactions().isEnabled(t.table())).isFalse();
        t.compactions().setEnabled(t.table(), true);
        t.node.runExecutor();
        assertThat(t.table().sstables()).hasSize(1);
    }

    @Test
    void whatAnOperatorDisabledStaysSoUntilTheOptionItselfIsAltered() {
        t.compactions().setEnabled(t.table(), false);
        t.compactions().alter(t.table(), CompactedTable.settings(200)); // another gc_grace_seconds
        assertThat(t.compactions().isEnabled(t.table())).isFalse();
        StrategyOptions.SizeTiered wider = new StrategyOptions.SizeTiered(2, 40, 1, 0.5, 1.5);
        t.compactions().alter(t.table(), CompactedTable.settings(200).withStrategy(wider));
        assertThat(t.compactions().isEnabled(t.table())).isTrue();
    }

    @Test
    void alteredStrategyTakesEffectOnALiveTable() {
        files(2);
        t.node.runExecutor();
        assertThat(t.table().sstables()).hasSize(2);
        var leveled =
                CompactedTable.unified(-8, 1, 32, StrategyOptions.OverlapInclusion.TRANSITIVE, 600);
        t.compactions().alter(t.table(), t.settings.withStrategy(leveled));
        t.compactions().tick();
        t.node.runExecutor();
        assertThat(t.table().sstables()).hasSize(1);
    }

    @Test
    void anAlterationIsLookedAtAtOnce() {
        t.compactions().tick();
        files(2);
        t.node.runExecutor();
        assertThat(t.table().sstables()).hasSize(2);
        var eager = new StrategyOptions.SizeTiered(2, 4, 50 << 20, 0.5, 1.5);
        t.compactions().alter(t.table(), t.settings.withStrategy(eager));
        t.node.runExecutor();
        assertThat(t.table().sstables()).hasSize(1);
    }

    @Test
    void noFileIsInTwoCompactions() {
        t.itemsPerStep = 1;
        t.open();
        files(4);
        planOnly();
        assertThat(t.compactions().running()).hasSize(1);
        files(4);
        while (t.compactions().running().size() < 2) {
            step();
        }
        t.node.runExecutor();
        assertThat(t.events).doesNotContain("failure");
        assertThat(t.compactions().totals().completed()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void noMoreRunThanMay() {
        t.compactions().setConcurrency(1);
        files(4);
        planOnly();
        files(4);
        while (!t.node.executor.isEmpty()) {
            assertThat(t.compactions().running()).hasSizeLessThanOrEqualTo(1);
            step();
        }
        assertThat(t.table().sstables().size()).isLessThan(4);
    }

    @Test
    void runningCompactionTellsHowFarItIs() {
        t.itemsPerStep = 1;
        t.open();
        files(4);
        long bytes = t.table().sstables().stream().mapToLong(file -> file.file().bytes()).sum();
        planOnly();
        assertThat(t.compactions().running())
                .singleElement()
                .satisfies(task -> {
                    assertThat(task.kind()).isEqualTo(Kind.COMPACTION);
                    assertThat(task.files()).isEqualTo(4);
                    assertThat(task.bytesTotal()).isEqualTo(bytes);
                    assertThat(task.bytesDone()).isZero();
                });
        for (int i = 0; i < 4; i++) {
            step();
        }
        Task task = t.compactions().running().getFirst();
        assertThat(task.bytesDone()).isPositive().isLessThan(bytes);
        assertThat(task.completion()).isBetween(0.0, 1.0);
    }

    @Test
    void stoppedCompactionLeavesEverythingAsItWas() throws IOException {
        files(4);
        List<Long> before = t.generations();
        planOnly();
        step();
        Task task = t.compactions().running().getFirst();
        t.compactions().setEnabled(false);
        assertThat(t.compactions().stop(task.id())).isTrue();
        t.node.runExecutor();
        assertThat(t.compactions().running()).isEmpty();
        assertThat(t.generations()).isEqualTo(before);
        assertThat(t.events).contains("stopped COMPACTION");
        assertThat(t.disk.list(t.table().directory()))
                .noneMatch(path -> path.toString().endsWith(".tmp"));
        assertThat(t.compactions().stop(task.id())).isFalse();
    }

    @Test
    void stoppingAKindCompletesWhatWasAskedFor() {
        t.compactions().setEnabled(false);
        files(4);
        t.node.runExecutor();
        var asked = t.compactions().major(t.table(), false);
        planOnly();
        assertThat(t.compactions().stop(Kind.MAJOR)).isEqualTo(1);
        t.node.runExecutor();
        assertThat(asked).isCompletedWithValue(new Outcome(0, 1, 0, 0));
        assertThat(t.table().sstables()).hasSize(4);
    }

    @Test
    void userDefinedCompactionTakesTheNamedFiles() {
        t.compactions().setEnabled(false);
        files(4);
        List<SSTable> named = t.table().sstables().subList(1, 3);
        var asked = t.compactions().userDefined(t.table(), named);
        t.node.runExecutor();
        assertThat(asked).isCompleted();
        assertThat(t.table().sstables()).hasSize(3).doesNotContainAnyElementsOf(named);
        assertThatThrownBy(() -> t.compactions().userDefined(t.table(), named))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not in table");
    }

    @Test
    void whatIsAskedForWaitsForWhatRuns() {
        files(4);
        planOnly();
        file(0, 10, 99);
        var asked = t.compactions().major(t.table(), false);
        t.node.runExecutor();
        assertThat(asked.resultNow().compactions()).isEqualTo(1);
        assertThat(t.table().sstables()).hasSize(1);
    }

    @Test
    void truncationEndsACompaction() {
        files(4);
        planOnly();
        step();
        t.truncate();
        assertThat(t.table().sstables()).isEmpty();
        assertThat(t.stored()).isEmpty();
        assertThat(t.compactions().running()).isEmpty();
        assertThat(t.events).noneMatch(event -> event.startsWith("failure"));
    }

    /// Who asked for one hears that nothing came of it.
    @Test
    void truncationEndsWhatWasAskedFor() {
        files(3);
        var asked = t.compactions().major(t.table(), false);
        var waiting = t.compactions().garbageCollect(t.table(), Garbage.ROW);
        planOnly();
        step();
        t.truncate();
        assertThat(asked.resultNow()).isEqualTo(new Outcome(0, 1, 0, 0));
        assertThat(waiting.resultNow()).as("there is nothing left").isEqualTo(Outcome.NOTHING);
        assertThat(t.events).noneMatch(event -> event.startsWith("failure"));
        var after = t.compactions().major(t.table(), false);
        t.node.runExecutor();
        assertThat(after.resultNow()).isEqualTo(Outcome.NOTHING);
    }

    @Test
    void whatWaitsWhenItIsStoppedIsNotTakenForDone() {
        files(4);
        planOnly(); // and the strategy's compaction runs
        var waiting = t.compactions().major(t.table(), false);
        assertThat(t.compactions().stop(Kind.MAJOR)).isEqualTo(1);
        assertThat(waiting.resultNow()).isEqualTo(new Outcome(0, 1, 0, 0));
    }

    @Test
    void droppedTableEndsItsCompactions() throws IOException {
        files(4);
        planOnly();
        step();
        TableStore dropped = t.table();
        t.compactions().forget(dropped);
        t.node.engine().dropTable(dropped);
        t.node.runExecutor();
        assertThat(t.compactions().running()).isEmpty();
        assertThat(t.disk.list(dropped.directory())).isEmpty();
    }

    @Test
    void damagedBlockAbortsAndTheFileIsLeftAlone() throws IOException {
        files(4);
        SSTable victim = damaged();
        assertThat(t.table().sstables()).hasSize(4);
        assertThat(t.events).anyMatch(event -> event.contains("Corrupt"));
        file(0, 10, 99);
        t.node.nanos.addAndGet(120_000_000_000L);
        t.compactions().tick();
        t.node.runExecutor();
        assertThat(t.table().sstables()).hasSize(2).contains(victim);
    }

    private SSTable damaged() throws IOException {
        SSTable victim = t.table().sstables().getFirst();
        flip(victim);
        t.node.runExecutor();
        assertThat(victim.isDamaged()).isTrue();
        return victim;
    }

    @Test
    void aDamagedFileIsUsedAgainOnceItIsSound() throws IOException {
        files(4);
        SSTable victim = damaged();
        assertThat(t.table().recheck(victim)).contains("checksum");
        assertThat(t.table().sstables()).contains(victim);
        flip(victim);
        assertThat(t.table().recheck(victim)).isNull();
        assertThat(t.table().sstables()).hasSize(4).doesNotContain(victim);
        Map<String, NaiveTable.Item> before = t.stored();
        t.node.nanos.addAndGet(120_000_000_000L);
        t.compactions().tick();
        t.node.runExecutor();
        assertThat(t.table().sstables()).hasSize(1);
        assertThat(t.stored()).isEqualTo(before);
        assertThat(t.disk.openFiles()).isLessThan(8);
    }

    @Test
    void aSoundFileOfAnotherContentIsNotTakenForIt() throws IOException {
        files(4);
        SSTable victim = damaged();
        SSTable other = t.table().sstables().getLast();
        t.disk.setBytes(victim.path(), t.disk.bytes(other.path()));
        assertThat(t.table().recheck(victim)).isNotNull();
        assertThat(victim.isDamaged()).isTrue();
        t.table().discard(victim);
        assertThat(t.table().sstables()).hasSize(3).doesNotContain(victim);
        assertThat(t.disk.list(t.table().directory().resolve("lost+found"))).hasSize(1);
    }

    @Test
    void nothingExpiredIsDroppedWhereOnlyRepairedDeletionsMayGo() throws IOException {
        t.compactions()
                .alter(
                        t.table(),
                        new TableCompaction(
                                windows(),
                                true,
                                TableCompaction.Tombstones.DEFAULT,
                                100,
                                true,
                                TableCompaction.Overlapping.NONE,
                                false,
                                t.settings.columns(),
                                true));
        expiredFile();
        file(2, 3, 5_000_000);
        t.node.runExecutor();
        assertThat(t.table().sstables()).hasSize(2);
    }

    @Test
    void tooLittleRoomIsNoticedBefore() {
        files(4);
        t.disk.setUsableBytes(10);
        t.node.runExecutor();
        assertThat(t.table().sstables()).hasSize(4);
        assertThat(t.events).contains("no room");
        var asked = t.compactions().major(t.table(), false);
        t.node.runExecutor();
        assertThat(asked.exceptionNow())
                .hasMessageStartingWith("Not enough space for compaction of ks.t: it may need ")
                .hasMessageEndingWith(" bytes of disk, and 10 are free");
        t.disk.setUsableBytes(Long.MAX_VALUE);
        t.node.nanos.addAndGet(120_000_000_000L);
        t.compactions().tick();
        t.node.runExecutor();
        assertThat(t.table().sstables()).hasSize(1);
    }

    @Test
    void throttleSpreadsTheWorkOverTime() {
        t.throughputMiB = 1;
        t.itemsPerStep = 1;
        t.open();
        t.compactions().setEnabled(false);
        byte[] row = Cql.row(1, 1);
        byte[] noise = new byte[10_000];
        for (int i = 0; i < 60; i++) {
            new Random(i).nextBytes(noise);
            String large = HexFormat.of().formatHex(noise);
            t.node.write(t.table(), Cql.insertMutation(i, row, 10, large));
        }
        t.flush();
        long bytes = t.table().sstables().getFirst().file().bytes();
        var asked = t.compactions().major(t.table(), false);
        long start = t.node.nanos.get();
        do {
            t.node.runExecutor();
        } while (t.runTimer());
        assertThat(asked).isCompleted();
        double seconds = (t.node.nanos.get() - start) / 1e9;
        assertThat(seconds).isBetween(bytes / 1e6 * 0.5, bytes / 1e6 * 1.5);
    }

    @Test
    void historyOutlivesARestart() throws IOException {
        files(4);
        t.node.runExecutor();
        Completed done = t.compactions().history().getFirst();
        assertThat(done.table()).isEqualTo("t");
        assertThat(done.bytesIn()).isGreaterThan(done.bytesOut()).isPositive();
        assertThat(done.rowsMerged()).containsExactly(Map.entry(4, 10L));
        assertThat(done.properties()).containsEntry("compaction_type", "Compaction");
        t.restart();
        assertThat(t.compactions().history()).containsExactly(done);
        t.nowSeconds += 8 * 86_400;
        assertThat(t.compactions().history()).isEmpty();
    }

    @Test
    void expiredFilesAreDroppedWithoutBeingRead() throws IOException {
        t.compactions().alter(t.table(), t.settings.withStrategy(windows()));
        expiredFile();
        SSTable expired = t.table().sstables().getFirst();
        flip(expired); // would be found out
        file(2, 3, 5_000_000);
        t.node.runExecutor();
        assertThat(t.table().sstables()).hasSize(1).doesNotContain(expired);
    }

    /// So large that it counts as more than the least that a flush is taken for.
    private void largeFile(int firstPartition) {
        StringBuilder value = new StringBuilder();
        Random text = new Random(firstPartition);
        for (int partition = 0; partition < 100; partition++) {
            value.setLength(0);
            text.ints(14_000, ' ', '~').forEach(each -> value.append((char) each));
            var mutation =
                    Cql.insertMutation(
                            firstPartition + partition, Cql.row(1, 1), 10, value.toString());
            assertThat(t.node.write(t.table(), mutation).applied).isTrue();
        }
        t.flush();
    }

    /// Else the levels would shift, and files of different sizes be compacted again and again.
    @Test
    void compactingSingleFilesDoesNotMakeFlushesLookLarger() {
        var tiered =
                new StrategyOptions.Unified(
                        List.of(0),
                        160 << 20, // uncut
                        1,
                        0,
                        0,
                        32,
                        0,
                        StrategyOptions.OverlapInclusion.TRANSITIVE,
                        600,
                        false);
        t.compactions().alter(t.table(), t.settings.withStrategy(tiered));
        t.compactions().tick();
        t.node.runExecutor();
        largeFile(0);
        largeFile(100);
        t.node.runExecutor();
        assertThat(t.table().sstables()).hasSize(1);
        SSTable twice = t.table().sstables().getFirst();
        largeFile(200);
        t.node.runExecutor();
        for (int i = 0; i < 8; i++) {
            assertThat(t.table().sstables()).as("after %d", i).hasSize(2).contains(twice);
            List<SSTable> other =
                    t.table().sstables().stream().filter(file -> file != twice).toList();
            var asked = t.compactions().userDefined(t.table(), other);
            t.node.runExecutor();
            assertThat(asked).isCompleted();
        }
        assertThat(t.table().sstables()).hasSize(2).contains(twice);
    }

    @Test
    void unifiedCompactionCutsItsOutput() {
        var shards =
                CompactedTable.unified(2, 4, 32, StrategyOptions.OverlapInclusion.TRANSITIVE, 600);
        t.compactions().alter(t.table(), t.settings.withStrategy(shards));
        for (int i = 0; i < 4; i++) {
            file(0, 40, 10L + i);
        }
        Map<String, NaiveTable.Item> before = t.stored();
        t.node.runExecutor();
        assertThat(t.table().sstables()).hasSize(4);
        assertThat(t.stored()).isEqualTo(before);
    }
}
