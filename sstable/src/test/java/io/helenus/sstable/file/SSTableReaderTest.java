package io.helenus.sstable.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.sstable.cache.BlockCache;
import io.helenus.sstable.file.Items.Item;
import io.helenus.sstable.file.Items.Range;
import io.helenus.sstable.model.BlockNotCachedException;
import io.helenus.sstable.model.RowCursor.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SSTableReaderTest {
    private final MemoryFiles files = new MemoryFiles();
    private final BlockCache cache = Items.cache();

    private SSTableReader open(List<Item> items, SSTableOptions options) throws IOException {
        Items.write(files, items, options);
        return SSTableReader.open(files, Items.PATH, cache);
    }

    private static List<Item> rows(int count) {
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(Items.row(Items.partition(i, "p" + i), "403038", 5, "value " + i));
        }
        return items;
    }

    @Test
    void openingReadsHeaderFooterAndStatisticsOnly() throws IOException {
        SSTableReader reader = open(rows(500), Items.smallOptions());
        assertThat(files.reads).isEqualTo(3);
        assertThat(cache.statistics().blocks()).isZero();
        assertThat(reader.metadata().rows()).isEqualTo(500);
    }

    @Test
    void withoutLeaveForIoAMissingBlockIsAnExceptionAndNoRead() throws IOException {
        List<Item> items = rows(500);
        SSTableReader reader = open(items, Items.smallOptions());
        SSTablePoint point = new SSTablePoint();
        SSTableCursor cursor = new SSTableCursor();
        byte[] key = items.get(250).key().array();
        int reads = files.reads;
        assertThatThrownBy(() -> point.seekExact(reader, key, 0, key.length, ReadMode.CACHED))
                .isSameAs(BlockNotCachedException.INSTANCE);
        cursor.openAll(reader, false, ReadMode.CACHED);
        assertThatThrownBy(cursor::next).isSameAs(BlockNotCachedException.INSTANCE);
        cursor.openAll(reader, true, ReadMode.CACHED);
        assertThatThrownBy(cursor::next).isSameAs(BlockNotCachedException.INSTANCE);
        assertThat(files.reads).isEqualTo(reads);

        assertThat(point.seekExact(reader, key, 0, key.length, ReadMode.FILL)).isTrue();
        assertThat(files.reads).isEqualTo(reads + 4); // root, filter, page, block
        assertThat(new SSTablePoint().seekExact(reader, key, 0, key.length, ReadMode.CACHED))
                .isTrue();
        cursor.open(reader, key, 0, key.length, null, 0, 0, false, ReadMode.CACHED);
        assertThat(cursor.next()).isEqualTo(Kind.ROW);
        assertThat(files.reads).isEqualTo(reads + 4);
    }

    @Test
    void aRangeNeverTouchesABlockBeyondIt() throws IOException {
        List<Item> items = rows(500);
        SSTableReader reader = open(items, Items.smallOptions());
        SSTableCursor cursor = new SSTableCursor();
        for (boolean reverse : new boolean[] {false, true}) {
            for (int i = 100; i < 140; i++) {
                Range range = new Range(items.get(i).key(), items.get(i + 20).key(), true);
                cache.invalidate(reader.id());
                Items.drain(Items.open(cursor, reader, range, reverse, ReadMode.FILL));
                // What one walk has read is enough for the same walk without leave for I/O.
                cursor.close();
                Items.open(cursor, reader, range, reverse, ReadMode.CACHED);
                assertThat(Items.drain(cursor)).isEqualTo(Items.expected(items, range, reverse));
                cursor.close();
            }
        }
    }

    @Test
    void scansLeaveTheCacheAlone() throws IOException {
        List<Item> items = rows(500);
        SSTableReader reader = open(items, Items.smallOptions());
        assertThat(Items.readAll(reader, false, ReadMode.SCAN)).isEqualTo(items);
        assertThat(Items.readAll(reader, true, ReadMode.SCAN)).hasSize(500);
        BlockCache.Statistics statistics = cache.statistics();
        assertThat(statistics.blocks()).isZero();
        assertThat(statistics.hits() + statistics.misses()).isZero();
    }

    @Test
    void scansReadAhead() throws IOException {
        SSTableReader reader = open(rows(20_000), SSTableOptions.defaults());
        int reads = files.reads;
        assertThat(Items.readAll(reader, false, ReadMode.SCAN)).hasSize(20_000);
        assertThat(reader.metadata().blocks()).isGreaterThan(40);
        assertThat(files.reads - reads).isLessThan(20);
    }

    @Test
    void shortReadsAreContinued() throws IOException {
        files.readBytesMax = 7;
        List<Item> items = rows(100);
        SSTableReader reader = open(items, Items.smallOptions());
        assertThat(Items.readAll(reader, false, ReadMode.SCAN)).isEqualTo(items);
        assertThat(Items.readAll(reader, false, ReadMode.FILL)).isEqualTo(items);
    }

    @Test
    void theFileStaysOpenUntilTheLastPinIsGone() throws IOException {
        SSTableReader reader = open(rows(10), Items.smallOptions());
        assertThat(reader.retain()).isTrue();
        reader.close();
        reader.close(); // idempotent
        assertThat(Items.readAll(reader, false, ReadMode.FILL)).hasSize(10);
        assertThat(cache.statistics().blocks()).isGreaterThan(0);
        reader.release();
        assertThat(files.openFiles).isZero();
        assertThat(cache.statistics().blocks()).isZero();
        assertThat(reader.retain()).isFalse();
        assertThatThrownBy(reader::release).hasMessageContaining("more often than retained");
        assertThatThrownBy(() -> Items.readAll(reader, false, ReadMode.FILL))
                .isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void aCursorReadsOnFromABlockThatWasEvicted() throws IOException {
        List<Item> items = rows(300);
        SSTableReader reader = open(items, Items.smallOptions());
        try (SSTableCursor cursor = new SSTableCursor().openAll(reader, false, ReadMode.FILL)) {
            for (Item item : items) {
                assertThat(cursor.next()).isEqualTo(Kind.ROW);
                cache.invalidate(reader.id());
                assertThat(Items.current(cursor)).isEqualTo(item);
            }
        }
    }

    @Test
    void aTinyCacheServesRightAnswersAndStaysInItsLimit() throws IOException {
        BlockCache tiny = new BlockCache(4_000, Runnable::run);
        List<Item> items = rows(500);
        Items.write(files, items, Items.smallOptions());
        SSTableReader reader = SSTableReader.open(files, Items.PATH, tiny);
        Random random = new Random(2);
        SSTablePoint point = new SSTablePoint();
        for (int i = 0; i < 3_000; i++) {
            byte[] key = items.get(random.nextInt(500)).key().array();
            assertThat(point.seekExact(reader, key, 0, key.length, ReadMode.FILL)).isTrue();
        }
        tiny.cleanUp();
        assertThat(tiny.statistics().bytes()).isLessThanOrEqualTo(4_000);
        assertThat(tiny.statistics().evictions()).isGreaterThan(0);
    }

    @Test
    void aPointLookupIsNoScan() throws IOException {
        SSTableReader reader = open(rows(10), Items.smallOptions());
        byte[] key = rows(1).get(0).key().array();
        assertThatThrownBy(() ->
                        new SSTablePoint().seekExact(reader, key, 0, key.length, ReadMode.SCAN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void absentPartitionsAreFilteredOutWithoutTouchingData() throws IOException {
        List<Item> items = rows(5_000);
        SSTableReader reader =
                open(items, SSTableOptions.defaults().withBlockBytes(512).withIndexPageBytes(1024));
        SSTablePoint point = new SSTablePoint();
        int admitted = 0;
        for (int i = 0; i < 4_999; i++) {
            byte[] key = Items.row(Items.partition(i, "absent" + i), "403038", 1, "").key().array();
            if (point.mayContainPartition(reader, key, 0, ReadMode.FILL)) {
                admitted++;
            }
        }
        assertThat(admitted).isBetween(10, 120); // of 5000, at one in a hundred
        for (Item item : items) {
            assertThat(point.mayContainPartition(reader, item.key().array(), 0, ReadMode.FILL))
                    .isTrue();
        }
    }

    @Test
    void filesOnDiskAreWrittenReadAndSurviveAnInterruptedReader(@TempDir Path folder)
            throws IOException, InterruptedException {
        ChannelFiles disk = new ChannelFiles();
        Path path = folder.resolve("1.sst");
        List<Item> items = rows(3_000);
        try (SSTableWriter writer =
                new SSTableWriter(disk.create(path), SSTableOptions.defaults(), new byte[0])) {
            for (Item item : items) {
                Items.append(writer, item);
            }
            writer.finish();
            assertThat(writer.fileBytes()).isEqualTo(Files.size(path));
        }
        assertThatThrownBy(() -> disk.create(path)).hasMessageContaining("1.sst");
        assertThatThrownBy(() -> disk.open(folder.resolve("2.sst")))
                .isInstanceOf(NoSuchFileException.class);
        try (SSTableReader reader = SSTableReader.open(disk, path, cache)) {
            List<Throwable> thrown = new ArrayList<>();
            Thread interrupted =
                    new Thread(() -> {
                        Thread.currentThread().interrupt();
                        try {
                            Items.readAll(reader, false, ReadMode.SCAN);
                        } catch (UncheckedIOException e) {
                            thrown.add(e);
                        }
                    });
            interrupted.start();
            interrupted.join();
            assertThat(thrown)
                    .singleElement()
                    .satisfies(
                            e -> assertThat(e).hasMessageContaining("interrupted while reading"));
            assertThat(Items.readAll(reader, false, ReadMode.SCAN)).isEqualTo(items);
            assertThat(Items.readAll(reader, true, ReadMode.FILL)).hasSize(3_000);
        }
    }
}
