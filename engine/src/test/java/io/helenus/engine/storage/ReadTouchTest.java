package io.helenus.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.storage.mutation.MutationWriter;
import io.helenus.sstable.file.ReadMode;
import io.helenus.sstable.file.SSTableCursor;
import io.helenus.sstable.file.SSTableOptions;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowKeys;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Which files and how many blocks a read touches. Nothing is cached, so that each block, index page or
/// filter that is looked at is one read of the disk.
class ReadTouchTest {
    private static final int FILES = 8;

    /// Index page, filter and data block.
    private static final int ONE_FILE = 3;

    private static final int[] COLUMN_1 = {1};

    private final OneTable t =
            new OneTable(
                    new Random(11),
                    TableSettings.defaults()
                            .withSSTable(SSTableOptions.defaults().withBlockBytes(4 << 10)));
    private final SimulatedDisk disk = t.disk;
    private final TestNode node = t.node;

    @BeforeEach
    void start() throws IOException {
        node.cacheBytes = 0;
        node.start();
    }

    private void put(int partition, int row, int timestamp) {
        t.put(partition, row, timestamp, "value " + row);
    }

    private void delete(int partition, byte[] start, byte[] end, long timestamp) {
        MutationWriter mutation = Cql.mutation(partition);
        Cql.deletion(mutation, start, end, timestamp, 1_000);
        assertThat(node.write(t.store(), mutation.finish()).applied).isTrue();
    }

    /// Reads of the disk by file, without those for the first use of a file.
    private Map<String, Integer> touched(Runnable read) {
        read.run();
        disk.forgetReads();
        read.run();
        return disk.reads();
    }

    private static int sum(Map<String, Integer> reads) {
        return reads.values().stream().mapToInt(Integer::intValue).sum();
    }

    private Map<String, Integer> touchedByRow(int partition, int row) {
        byte[] key = Cql.key(partition, Cql.row(row));
        RowResult result = new RowResult();
        return touched(() -> {
            try (ReadView view = t.store().read(node.context())) {
                boolean found = view.readRow(key, 0, key.length, COLUMN_1, ReadMode.FILL, result);
                assertThat(found).isTrue();
            }
        });
    }

    /// @param rows how many are looked at
    private Map<String, Integer> touchedBySlice(
            int partition, byte[] start, byte[] end, boolean reversed, int rows) {
        byte[] from = Cql.key(partition, start);
        byte[] to = Cql.key(partition, end);
        return touched(() -> {
            try (ReadView view = t.store().read(node.context());
                    RowCursor cursor =
                            view.cursor(
                                    from,
                                    0,
                                    from.length,
                                    to,
                                    0,
                                    to.length,
                                    reversed,
                                    ReadMode.FILL)) {
                int seen = 0;
                while (seen < rows) {
                    RowCursor.Kind kind = cursor.next();
                    assertThat(kind).isNotEqualTo(RowCursor.Kind.END);
                    seen += kind == RowCursor.Kind.ROW ? 1 : 0;
                }
            }
        });
    }

    private static byte[] all(boolean end) {
        return new byte[] {end ? RowKeys.BOUND_AFTER : RowKeys.BOUND_BEFORE};
    }

    @Test
    void ofFilesWithOtherPartitionsAPointReadTouchesTheFilterOnly() {
        for (int file = 1; file <= FILES; file++) {
            for (int partition = 0; partition < 200; partition++) {
                put(partition * FILES + file, 1, file);
            }
            t.flush();
        }
        Map<String, Integer> touched = touchedByRow(100 * FILES + 3, 1);

        assertThat(touched).containsEntry("3.sst", ONE_FILE);
        assertThat(sum(touched)).isLessThanOrEqualTo(ONE_FILE + FILES - 1);
    }

    @Test
    void aRowThatWasOverwrittenIsReadFromTheNewestFileAlone() {
        for (int file = 1; file <= FILES; file++) {
            put(1, 1, 10 * file);
            put(2, 1, 10 * file + 1);
            t.flush();
        }
        assertThat(touchedByRow(1, 1)).isEqualTo(Map.of(FILES + ".sst", ONE_FILE));
    }

    @Test
    void whatMayStillHoldANewerValueIsLookedInto() {
        for (int file = 1; file <= FILES; file++) {
            put(1, 1, 10);
            put(2, 1, 100); // newer than the row that is read
            t.flush();
        }
        assertThat(touchedByRow(1, 1)).hasSize(FILES);
    }

    @Test
    void aPointReadLeavesFilesOfOtherPositionsOut() {
        for (int file = 0; file < FILES; file++) {
            for (int row = 0; row < 100; row++) {
                put(1, 100 * file + row, 5);
            }
            t.flush();
        }
        assertThat(touchedByRow(1, 550)).isEqualTo(Map.of("6.sst", ONE_FILE));
        assertThat(touchedBySlice(1, Cql.before(550), Cql.after(560), false, 11))
                .isEqualTo(Map.of("6.sst", ONE_FILE));
    }

    @Test
    void theNewestRowsOfATimeSeriesTouchTheNewestFileAlone() {
        for (int file = 0; file < FILES; file++) {
            for (int row = 0; row < 100; row++) {
                put(1, 100 * file + row, 5 + row);
            }
            if (file == 4) {
                delete(1, Cql.before(410), Cql.before(420), 1_000);
            }
            t.flush();
        }
        assertThat(touchedBySlice(1, all(false), all(true), true, 20))
                .isEqualTo(Map.of(FILES + ".sst", ONE_FILE));
        assertThat(touchedBySlice(1, all(false), all(true), false, 20))
                .containsEntry("1.sst", ONE_FILE)
                .hasSize(1);
        // Into the next file, and no further.
        assertThat(touchedBySlice(1, all(false), all(true), true, 120)).hasSize(2);
        assertThat(touchedBySlice(1, all(false), Cql.before(430), true, 20))
                .isEqualTo(Map.of("5.sst", ONE_FILE));
    }

    @Test
    void aPartitionThatWasDeletedIsSoWhereverItsRowsLie() {
        for (int file = 0; file < 3; file++) {
            for (int row = 0; row < 10; row++) {
                put(1, 10 * file + row, 5);
            }
            t.flush();
        }
        delete(1, Cql.before(), Cql.after(), 6);
        put(1, 35, 7);
        t.flush();
        byte[] from = Cql.key(1, all(false));
        byte[] to = Cql.key(1, all(true));
        for (boolean reversed : new boolean[] {false, true}) {
            try (ReadView view = t.store().read(node.context());
                    RowCursor cursor =
                            view.cursor(
                                    from,
                                    0,
                                    from.length,
                                    to,
                                    0,
                                    to.length,
                                    reversed,
                                    ReadMode.FILL)) {
                assertThat(cursor.next()).isEqualTo(RowCursor.Kind.ROW);
                assertThat(cursor.next()).isEqualTo(RowCursor.Kind.END);
            }
        }
    }

    @Test
    void aSliceOfAWidePartitionTouchesNoMoreThanOneOfASmallPartition() {
        int wide = 60_000;
        for (int row = 0; row < wide; row++) {
            put(2, row, 100);
        }
        for (int row = 0; row < wide; row += 20) {
            delete(2, Cql.before(row), Cql.before(row + 5), 1_000);
        }
        delete(2, Cql.before(10_000), Cql.before(50_000), 50); // deletes nothing
        for (int row = 0; row < 100; row++) {
            put(3, row, 100);
        }
        t.flush();
        int small = sum(touchedBySlice(3, all(false), all(true), false, 20));
        assertThat(small).isBetween(ONE_FILE, ONE_FILE + 1); // the slice may end in another block
        for (int row = 5; row < wide; row += 4_000) {
            int forward = sum(touchedBySlice(2, Cql.before(row), all(true), false, 20));
            int backward = sum(touchedBySlice(2, all(false), Cql.after(row + 25), true, 20));
            assertThat(forward).as("from row %d", row).isBetween(ONE_FILE, ONE_FILE + 1);
            assertThat(backward).as("back from row %d", row).isBetween(ONE_FILE, ONE_FILE + 1);
            assertThat(touchedByRow(2, row)).containsExactly(Map.entry("1.sst", ONE_FILE));
        }
        assertThat(sum(touchedBySlice(2, all(false), all(true), true, 20)))
                .as("the last rows")
                .isBetween(ONE_FILE, ONE_FILE + 1);
    }

    private int scan(ReadMode mode) {
        int rows = 0;
        try (ReadView view = t.store().read(node.context());
                RowCursor cursor = view.cursor(new byte[0], 0, 0, null, 0, 0, false, mode)) {
            while (cursor.next() != RowCursor.Kind.END) {
                rows++;
            }
            assertThat(node.engine().scanBytes() > 0).isEqualTo(mode == ReadMode.SCAN);
        }
        return rows;
    }

    @Test
    void aScanReadsManyBlocksAtATimeAndGivesItsMemoryBack() {
        for (int partition = 0; partition < 30_000; partition++) {
            put(partition, 1, 100);
        }
        t.flush();
        int blockByBlock = sum(touched(() -> assertThat(scan(ReadMode.FILL)).isEqualTo(30_000)));
        int ahead = sum(touched(() -> assertThat(scan(ReadMode.SCAN)).isEqualTo(30_000)));

        assertThat(ahead).isLessThan(blockByBlock / 8);
        assertThat(node.engine().scanBytes()).isZero();
    }

    @Test
    void aScanLeavesWhatIsReadOftenInMemory() throws IOException {
        node.close();
        node.cacheBytes = 256 << 10;
        node.start();
        for (int partition = 0; partition < 30_000; partition++) {
            put(partition, 1, 100);
        }
        t.flush();
        for (int i = 0; i < 100; i++) {
            readHot(ReadMode.FILL);
        }
        assertThat(scan(ReadMode.SCAN)).isEqualTo(30_000);

        readHot(ReadMode.CACHED); // or throws that a block is not there
    }

    private void readHot(ReadMode mode) {
        RowResult result = new RowResult();
        for (int partition = 0; partition < 10; partition++) {
            byte[] key = Cql.key(partition, Cql.row(1));
            try (ReadView view = t.store().read(node.context())) {
                assertThat(view.readRow(key, 0, key.length, COLUMN_1, mode, result)).isTrue();
            }
        }
    }

    @Test
    void scansOverManyFilesShareWhatMemoryThereIs() {
        ScanMemory memory = new ScanMemory(4 << 20);
        int alone = memory.take(2);
        assertThat(alone).isEqualTo(SSTableCursor.READ_AHEAD_BYTES_MAX);
        int many = memory.take(20);
        assertThat(many).isBetween(1, 128 << 10);
        assertThat(memory.take(60)).isZero();
        memory.giveBack(ScanMemory.bytes(60, 0));
        memory.giveBack(ScanMemory.bytes(20, many));
        memory.giveBack(ScanMemory.bytes(2, alone));
        assertThat(memory.bytes()).isZero();
    }
}
