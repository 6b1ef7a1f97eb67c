package io.helenus.sstable.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowCursor.Kind;
import io.helenus.sstable.model.RowKeys;
import io.helenus.sstable.model.RowWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A million partitions: what a writer, a scan and lookups take from the heap.
class SSTableLargeTest {
    private static final int ROWS = 1_000_000;

    private final ByteWriter key = new ByteWriter(256);
    private final ByteWriter value = new ByteWriter(256);
    private final ByteWriter partition = new ByteWriter();
    private final RowWriter row = new RowWriter();
    private final byte[] text = new byte[100];

    private void compose(long token) {
        partition.clear().writeLong(token * 0x9E3779B97F4A7C15L);
        key.clear();
        RowKeys.writePartition(key, token << 40, partition.array(), 0, partition.length());
        key.writeByte(RowKeys.ROW_END);
        value.clear();
        for (int i = 0; i < 50; i++) {
            text[i] = (byte) (token * (i | 1) >>> 5);
        }
        row.beginLiveRow(value, 1_000_000 + token).cell(1, 1_000_000 + token, text, 0, 100).end();
    }

    private static long allocatedBytes() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }

    @Test
    void memoryOfWriterScanAndLookupIsBounded(@TempDir Path folder) throws IOException {
        ChannelFiles files = new ChannelFiles();
        Path path = folder.resolve("1.sst");
        SSTableOptions options = SSTableOptions.defaults();
        long half = 0;
        long before = allocatedBytes();
        try (SSTableWriter writer = new SSTableWriter(files.create(path), options, new byte[0])) {
            for (int i = 0; i < ROWS; i++) {
                if (i == ROWS / 2) {
                    half = allocatedBytes() - before;
                }
                compose(i - ROWS / 2);
                writer.append(
                        Kind.ROW, key.array(), 0, key.length(), value.array(), 0, value.length());
            }
            writer.finish();
        }
        long whole = allocatedBytes() - before;
        assertThat(whole).isLessThan(16 << 20);
        assertThat(whole - half).as("the second half needs next to nothing").isLessThan(1 << 20);

        try (SSTableReader reader = SSTableReader.open(files, path, Items.cache())) {
            assertThat(reader.metadata().rows()).isEqualTo(ROWS);
            assertThat(reader.pinnedBytes()).isLessThan(100 << 10);
            before = allocatedBytes();
            try (SSTableCursor cursor = new SSTableCursor().openAll(reader, false, ReadMode.SCAN)) {
                int rows = 0;
                while (cursor.next() != Kind.END) {
                    rows++;
                }
                assertThat(rows).isEqualTo(ROWS);
            }
            assertThat(allocatedBytes() - before).isLessThan(2 << 20);
            SSTablePoint point = new SSTablePoint();
            for (int i = 0; i < ROWS; i += 997) {
                compose(i - ROWS / 2);
                assertThat(point.seekExact(reader, key.array(), 0, key.length(), ReadMode.FILL))
                        .isTrue();
                assertThat(point.valueLength()).isEqualTo(value.length());
            }
        }
    }

    @Test
    void aLookupThatTheCacheAnswersAllocatesNothing(@TempDir Path folder) throws IOException {
        ChannelFiles files = new ChannelFiles();
        Path path = folder.resolve("1.sst");
        int rows = 20_000;
        try (SSTableWriter writer =
                new SSTableWriter(files.create(path), SSTableOptions.defaults(), new byte[0])) {
            for (int i = 0; i < rows; i++) {
                compose(i);
                writer.append(
                        Kind.ROW, key.array(), 0, key.length(), value.array(), 0, value.length());
            }
            writer.finish();
        }
        try (SSTableReader reader = SSTableReader.open(files, path, Items.cache())) {
            SSTablePoint point = new SSTablePoint();
            SSTableCursor cursor = new SSTableCursor();
            lookups(reader, point, cursor, rows, ReadMode.FILL);
            lookups(reader, point, cursor, rows, ReadMode.CACHED);
            long before = allocatedBytes();
            lookups(reader, point, cursor, rows, ReadMode.CACHED);
            assertThat(allocatedBytes() - before).isLessThan(rows);
        }
    }

    private void lookups(
            SSTableReader reader,
            SSTablePoint point,
            SSTableCursor cursor,
            int rows,
            ReadMode mode) {
        int found = 0;
        for (int i = 0; i < rows; i++) {
            compose((long) i * 7919 % rows);
            if (point.mayContainPartition(reader, key.array(), 0, mode)
                    && point.seekExact(reader, key.array(), 0, key.length(), mode)) {
                found++;
            }
            cursor.open(reader, key.array(), 0, key.length(), null, 0, 0, (i & 1) == 0, mode);
            if (cursor.next() != Kind.END) {
                found++;
            }
            cursor.close();
        }
        assertThat(found).isGreaterThan(rows);
    }
}
