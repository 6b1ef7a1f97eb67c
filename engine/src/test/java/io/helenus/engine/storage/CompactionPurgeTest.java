package io.helenus.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.compaction.Compactions.Garbage;
import io.helenus.engine.compaction.Compactions.Outcome;
import io.helenus.engine.compaction.OwnedTokens;
import io.helenus.engine.compaction.TableCompaction;
import io.helenus.engine.storage.mutation.MutationWriter;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowCursor.Kind;
import io.helenus.sstable.model.RowWriter;
import java.io.IOException;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What compaction drops, and what it must not. The present is second 1000; tests' deletions are of
/// second 500 and timestamp 50, so with a grace period of 100 seconds they are old.
class CompactionPurgeTest {
    private static final int OLD = 500;
    private static final int GRACE = 100;
    private static final byte[] ROW = Cql.row(1, 1);

    private CompactedTable t = new CompactedTable(new Random(1));

    @BeforeEach
    void start() throws IOException {
        t.settings = CompactedTable.settings(GRACE);
        t.start();
    }

    @AfterEach
    void close() throws IOException {
        t.close();
    }

    /// A kind of deletion of everything in row (1, 1) of partition 1.
    enum Deletion {
        PARTITION,
        RANGE,
        ROW_ITSELF,
        CELL,
        EXPIRED_CELL,
        ELEMENT,
        EXPIRED_ELEMENT,
        COLUMN;

        void add(MutationWriter to, long timestamp, int time) {
            ByteWriter value = new ByteWriter();
            byte[] element = Cql.element(ROW, 9, 1);
            int suffix = element.length - ROW.length;
            switch (this) {
                case PARTITION -> Cql.deletion(to, Cql.before(), Cql.after(), timestamp, time);
                case RANGE -> Cql.deletion(to, Cql.before(1), Cql.after(1), timestamp, time);
                case ROW_ITSELF -> {
                    new RowWriter().beginDeletedRow(value, timestamp, time).end();
                    Cql.entry(to, ROW, value);
                }
                case CELL -> {
                    new RowWriter().beginRow(value, timestamp).tombstone(1, timestamp, time).end();
                    Cql.entry(to, ROW, value);
                }
                case EXPIRED_CELL -> {
                    new RowWriter()
                            .beginRow(value, timestamp)
                            .expiringCell(1, timestamp, 10, time + 10, new byte[3], 0, 3)
                            .end();
                    Cql.entry(to, ROW, value);
                }
                case ELEMENT -> {
                    RowWriter.elementTombstone(value, suffix, timestamp, time);
                    Cql.entry(to, element, value);
                }
                case EXPIRED_ELEMENT -> {
                    RowWriter.expiringElement(
                            value, suffix, timestamp, 10, time + 10, new byte[3], 0, 3);
                    Cql.entry(to, element, value);
                }
                case COLUMN -> {
                    RowWriter.columnDeletion(value, timestamp, time);
                    Cql.entry(to, Cql.column(ROW, 9), value);
                }
            }
        }
    }

    private void delete(Deletion deletion, long timestamp, int time) {
        MutationWriter mutation = Cql.mutation(1);
        deletion.add(mutation, timestamp, time);
        assertThat(t.node.write(t.table(), mutation.finish()).applied).isTrue();
    }

    /// A live row, and an element in it.
    private void insert(int partition, long timestamp) {
        MutationWriter mutation = Cql.mutation(partition);
        Cql.entry(mutation, ROW, Cql.insert(timestamp, "v"));
        byte[] element = Cql.element(ROW, 9, 1);
        ByteWriter value = new ByteWriter();
        RowWriter.element(value, element.length - ROW.length, timestamp, new byte[2], 0, 2);
        Cql.entry(mutation, element, value);
        assertThat(t.node.write(t.table(), mutation.finish()).applied).isTrue();
    }

    /// The one with the greater timestamp is long gone by the clock, the other one was made just now.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatLiesUnderAnOldDeletionStaysDeleted(boolean inOneFile) {
        delete(Deletion.RANGE, 50, OLD);
        if (!inOneFile) {
            t.flush();
        }
        delete(Deletion.PARTITION, 40, 990);
        t.flush();
        compactAll();
        insert(1, 30); // late
        assertThat(t.stored().values()).noneMatch(item -> item.kind() == Kind.ROW);
        t.flush();
        compactAll();
        assertThat(t.stored().values()).noneMatch(item -> item.kind() == Kind.ROW);
    }

    private Outcome compactAll() {
        return run(t.compactions().major(t.table(), false));
    }

    private Outcome compact(SSTable... files) {
        return run(t.compactions().userDefined(t.table(), List.of(files)));
    }

    private Outcome run(CompletableFuture<Outcome> asked) {
        t.node.runExecutor();
        assertThat(asked).isCompleted();
        return asked.resultNow();
    }

    private SSTable newest() {
        return t.table().sstables().stream()
                .max((a, b) -> Long.compare(a.generation(), b.generation()))
                .orElseThrow();
    }

    private SSTable flushed() {
        t.flush();
        return newest();
    }

    // ---- Deletions

    @ParameterizedTest
    @EnumSource
    void oldDeletionGoes(Deletion deletion) {
        delete(deletion, 50, OLD);
        t.flush();
        compactAll();
        assertThat(t.stored()).isEmpty();
        assertThat(t.table().sstables()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void deletionStaysForItsGracePeriod(Deletion deletion) {
        delete(deletion, 50, 1_000 - GRACE); // one second younger than what goes
        t.flush();
        compactAll();
        assertThat(t.stored()).isNotEmpty();
        t.nowSeconds++;
        compactAll();
        assertThat(t.stored()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void deletionTakesAlongWhatItShadows(Deletion deletion) {
        insert(1, 40);
        t.flush();
        delete(deletion, 50, OLD);
        t.flush();
        Map<String, NaiveTable.Item> before = t.visible();
        compactAll();
        assertThat(t.visible()).isEqualTo(before);
        assertThat(t.visible()).isEqualTo(t.stored());
    }

    @ParameterizedTest
    @EnumSource
    void deletionStaysForAnOlderValueInAMemtable(Deletion deletion) {
        delete(deletion, 50, OLD);
        t.flush();
        insert(1, 40);
        Map<String, NaiveTable.Item> before = t.visible();
        compactAll();
        assertThat(t.visible()).isEqualTo(before);
        t.flush();
        assertThat(t.visible()).isEqualTo(before);
        compactAll();
        assertThat(t.visible()).isEqualTo(before);
        assertThat(t.stored()).as("now both were in it").isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void deletionStaysForAnOlderValueInAMemtableThatIsBeingFlushed(Deletion deletion) {
        delete(deletion, 50, OLD);
        t.flush();
        insert(1, 40);
        t.node.runExecutor();
        var flushing = t.table().flush();
        Runnable flush = t.node.executor.poll();
        assertThat(flush).isNotNull();
        Map<String, NaiveTable.Item> before = t.visible();
        compactAll();
        assertThat(flushing).isNotDone();
        assertThat(t.visible()).isEqualTo(before);
        if (flush != null) {
            flush.run();
        }
        assertThat(t.visible()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void deletionStaysForAnOlderValueInAnotherFile(Deletion deletion) {
        insert(1, 40);
        t.flush();
        delete(deletion, 50, OLD);
        SSTable deleting = flushed();
        Map<String, NaiveTable.Item> before = t.visible();
        compact(deleting);
        assertThat(t.visible()).isEqualTo(before);
        assertThat(t.table().sstables()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void valueThatCameWhileTheCompactionRanCounts(Deletion deletion) {
        for (int partition = 2; partition < 12; partition++) {
            insert(partition, 60);
        }
        delete(deletion, 50, OLD);
        t.flush();
        t.node.runExecutor();
        var asked = t.compactions().major(t.table(), false);
        t.node.executor.remove().run(); // plans
        insert(1, 40);
        Map<String, NaiveTable.Item> before = t.visible();
        t.node.runExecutor();
        assertThat(asked).isCompleted();
        assertThat(t.visible()).isEqualTo(before);
    }

    @Test
    void deletionGoesIfOthersHaveOnlyNewerData() {
        insert(1, 51);
        t.flush();
        delete(Deletion.PARTITION, 50, OLD);
        compact(flushed());
        assertThat(t.table().sstables()).hasSize(1);
    }

    @Test
    void deletionStaysForDataOfTheSameTimestamp() {
        insert(1, 50);
        t.flush();
        delete(Deletion.PARTITION, 50, OLD);
        compact(flushed());
        assertThat(t.visible()).isEmpty();
    }

    @Test
    void otherPartitionsDoNotKeepADeletion() {
        insert(2, 1);
        insert(3, 1);
        t.flush();
        insert(2, 1);
        delete(Deletion.PARTITION, 50, OLD);
        compact(flushed());
        assertThat(t.stored().values()).noneMatch(item -> item.kind() == Kind.BOUNDARY);
    }

    @Test
    void deletionStaysWhereAFileIsDamaged() throws IOException {
        insert(1, 40);
        insert(2, 40);
        SSTable damaged = flushed();
        delete(Deletion.PARTITION, 50, OLD);
        SSTable deleting = flushed();
        damaged.noteDamage(new IllegalStateException("bad sector"));
        compact(deleting);
        assertThat(t.table().sstables()).hasSize(2);
        t.table().discard(damaged);
        compactAll();
        assertThat(t.table().sstables()).isEmpty();
    }

    @Test
    void deletionStaysWhileAFileIsBeingReceived() throws IOException {
        delete(Deletion.PARTITION, 50, OLD);
        t.flush();
        try (IncomingFile _ = t.table().receive()) {
            compactAll();
            assertThat(t.stored()).isNotEmpty();
        }
        compactAll();
        assertThat(t.stored()).isEmpty();
    }

    @Test
    void onlyPurgeRepairedTombstones() throws IOException {
        var all = CompactedTable.settings(GRACE);
        t.compactions()
                .alter(
                        t.table(),
                        new TableCompaction(
                                all.strategy(),
                                true,
                                all.tombstones(),
                                GRACE,
                                true,
                                all.overlapping(),
                                false,
                                all.columns(),
                                true));
        delete(Deletion.PARTITION, 50, OLD);
        t.flush();
        compactAll();
        assertThat(t.stored()).isNotEmpty();
        SSTable file = newest();
        t.table().change(file, file.file().withRepairedAt(7));
        compactAll();
        assertThat(t.stored()).isEmpty();
    }

    // ---- What expires

    @Test
    void expiredCellBecomesATombstoneAsOldAsItself() {
        MutationWriter mutation = Cql.mutation(1);
        ByteWriter value = new ByteWriter();
        new RowWriter()
                .beginRow(value, 50)
                .expiringCell(1, 50, 60, 999, new byte[100], 0, 100)
                .end();
        Cql.entry(mutation, ROW, value);
        t.node.write(t.table(), mutation.finish());
        t.flush();
        compactAll();
        assertThat(t.stored().values())
                .singleElement()
                .satisfies(item -> {
                    NaiveTable.Cell cell = item.cells().get(1);
                    assertThat(cell).isNotNull();
                    if (cell != null) {
                        assertThat(cell.tombstone()).isTrue();
                        assertThat(cell.time()).isEqualTo(999 - 60);
                        assertThat(cell.timestamp()).isEqualTo(50);
                    }
                });
    }

    @Test
    void expiredLivenessStaysUntilItMayBePurged() {
        MutationWriter mutation = Cql.mutation(1);
        ByteWriter value = new ByteWriter();
        new RowWriter().beginExpiringRow(value, 50, 900, 950).end();
        Cql.entry(mutation, ROW, value);
        t.node.write(t.table(), mutation.finish());
        t.flush();
        compactAll();
        assertThat(t.stored()).isNotEmpty();
        t.nowSeconds = 950 + GRACE + 1;
        compactAll();
        assertThat(t.stored()).isEmpty();
    }

    @Test
    void liveDataStays() {
        insert(1, 40);
        insert(2, 40);
        t.flush();
        Map<String, NaiveTable.Item> before = t.stored();
        compactAll();
        assertThat(t.stored()).isEqualTo(before);
    }

    // ---- Dropped columns

    @Test
    void droppedColumnsGo() {
        insert(1, 40);
        t.flush();
        BitSet columns = new BitSet();
        columns.set(2, 9); // neither 1 nor 9
        var all = CompactedTable.settings(GRACE);
        t.compactions()
                .alter(
                        t.table(),
                        new TableCompaction(
                                all.strategy(),
                                true,
                                all.tombstones(),
                                GRACE,
                                false,
                                all.overlapping(),
                                false,
                                columns,
                                true));
        compactAll();
        assertThat(t.stored().values())
                .singleElement()
                .satisfies(item -> {
                    assertThat(item.liveness()).isNotNull();
                    assertThat(item.cells()).isEmpty();
                });
    }

    // ---- Garbage collection and cleanup

    @ParameterizedTest
    @EnumSource
    void garbageCollectionDropsWhatNewerFilesDelete(Deletion deletion) {
        insert(1, 40);
        SSTable old = flushed();
        delete(deletion, 50, 1_000);
        t.flush();
        Map<String, NaiveTable.Item> before = t.visible();
        long bytes = old.file().bytes();
        run(t.compactions().garbageCollect(t.table(), Garbage.CELL));
        assertThat(t.visible()).isEqualTo(before);
        long left =
                t.table().sstables().stream()
                        .filter(file -> file.file().maxTimestamp() == 40)
                        .mapToLong(file -> file.file().bytes())
                        .sum();
        assertThat(left).isLessThan(bytes);
        compactAll();
        assertThat(t.visible()).isEqualTo(before);
    }

    /// Both files are read while the other one is written anew, and each has what deletes the other's.
    @ParameterizedTest
    @EnumSource
    void garbageCollectionKeepsOneOfTwoEqualDeletions(Deletion deletion) {
        for (int file = 0; file < 2; file++) {
            for (int partition = 2; partition < 10; partition++) {
                insert(partition, 40); // so that each takes several steps
            }
            delete(deletion, 50, 1_000);
            t.flush();
        }
        run(t.compactions().garbageCollect(t.table(), Garbage.CELL));
        insert(1, 40); // late
        Map<String, NaiveTable.Item> left = t.visible();
        delete(deletion, 50, 1_000);
        assertThat(left).isEqualTo(t.visible());
    }

    @Test
    void garbageCollectionDropsOverwrittenCells() {
        insert(1, 40);
        t.flush();
        insert(1, 41);
        t.flush();
        Map<String, NaiveTable.Item> before = t.visible();
        run(t.compactions().garbageCollect(t.table(), Garbage.ROW));
        assertThat(cells()).isEqualTo(4);
        run(t.compactions().garbageCollect(t.table(), Garbage.CELL));
        assertThat(cells()).isEqualTo(2);
        assertThat(t.visible()).isEqualTo(before);
    }

    private long cells() {
        return t.table().sstables().stream()
                .mapToLong(file -> file.reader().metadata().cells())
                .sum();
    }

    @Test
    void cleanupKeepsWhatIsOwned() {
        for (int partition = 0; partition < 12; partition++) {
            insert(partition, 40);
        }
        t.flush();
        t.owned = List.of(new OwnedTokens.Range(Long.MIN_VALUE, Cql.token(3)));
        run(t.compactions().cleanup(t.table()));
        String bound =
                HexFormat.of()
                        .formatHex(
                                new ByteWriter()
                                        .writeLong(Cql.token(3) ^ Long.MIN_VALUE)
                                        .toArray());
        assertThat(t.stored().keySet())
                .isNotEmpty()
                .allMatch(key -> key.substring(0, 16).compareTo(bound) <= 0);
        assertThat(run(t.compactions().cleanup(t.table()))).isEqualTo(Outcome.NOTHING);
        t.owned = List.of();
        run(t.compactions().cleanup(t.table()));
        assertThat(t.table().sstables()).isEmpty();
    }
}
