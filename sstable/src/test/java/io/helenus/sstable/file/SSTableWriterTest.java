package io.helenus.sstable.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.sstable.file.Items.Bytes;
import io.helenus.sstable.file.Items.Deletion;
import io.helenus.sstable.file.Items.Item;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowCursor.Kind;
import io.helenus.sstable.model.RowKeys;
import io.helenus.sstable.model.RowWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class SSTableWriterTest {
    private static final byte[] P = Items.partition(1, "p");
    private static final byte[] Q = Items.partition(2, "q");

    private final MemoryFiles files = new MemoryFiles();

    private SSTableWriter writer() throws IOException {
        return new SSTableWriter(files.create(Items.PATH), SSTableOptions.defaults(), new byte[0]);
    }

    private static Item boundary(byte[] head, String position, Deletion before, Deletion after) {
        byte[] tail = HexFormat.of().parseHex(position);
        return new Item(Kind.BOUNDARY, Items.key(head, tail), new Bytes(""), before, after);
    }

    @Test
    void aKeyThatDoesNotAscendIsRefusedWithBothKeys() throws IOException {
        record Row(String last, String next) {}
        List<Row> rows =
                List.of(
                        new Row("403138", "403038"),
                        new Row("403038", "403038"),
                        new Row("403038", "4030"),
                        new Row("ff38", "0138"));
        for (Row row : rows) {
            files.contents.clear();
            try (SSTableWriter writer = writer()) {
                Items.append(writer, Items.row(P, row.last, 1, "a"));
                assertThatThrownBy(() -> Items.append(writer, Items.row(P, row.next, 1, "b")))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage(
                                "7.sst: key %s does not follow %s"
                                        .formatted(
                                                Items.row(P, row.next, 1, "").key().hex(),
                                                Items.row(P, row.last, 1, "").key().hex()));
                assertThatThrownBy(writer::finish)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("FAILED");
            }
        }
    }

    @Test
    void deletionsMustConnectAndEndWithTheirPartition() throws IOException {
        Deletion deletion = new Deletion(9, 100);
        Item opens = boundary(P, "10", Deletion.NO, deletion);
        record Row(List<Item> items, String named) {}
        List<Row> rows =
                List.of(
                        new Row(
                                List.of(boundary(P, "10", deletion, Deletion.NO)),
                                "follows deletion 9/100, but -9223372036854775808/0 is in force"),
                        new Row(
                                List.of(opens, boundary(P, "60", Deletion.NO, deletion)),
                                "but 9/100 is in force"),
                        new Row(
                                List.of(opens, Items.row(Q, "403038", 1, "a")),
                                "begins a partition, but deletion 9"));
        for (Row row : rows) {
            files.contents.clear();
            try (SSTableWriter writer = writer()) {
                for (Item item : row.items.subList(0, row.items.size() - 1)) {
                    Items.append(writer, item);
                }
                Item last = row.items.get(row.items.size() - 1);
                assertThatThrownBy(() -> Items.append(writer, last))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(row.named);
            }
        }
        files.contents.clear();
        try (SSTableWriter writer = writer()) {
            Items.append(writer, opens);
            assertThatThrownBy(writer::finish).hasMessageContaining("deletion 9 is still in force");
        }
    }

    @Test
    void aBoundaryAtWhichNothingChangesIsNotWritten() throws IOException {
        Deletion deletion = new Deletion(9, 100);
        List<Item> items =
                List.of(
                        boundary(P, "10", Deletion.NO, deletion),
                        boundary(P, "403020", deletion, deletion),
                        boundary(P, "60", deletion, Deletion.NO));
        SSTableMetadata metadata = Items.write(files, items, SSTableOptions.defaults());
        assertThat(metadata.boundaries()).isEqualTo(2);
    }

    @Test
    void aMalformedValueIsRefused() throws IOException {
        Item row = Items.row(P, "403038", 1, "value");
        byte[] value = row.value().array();
        byte[] key = row.key().array();
        for (int length = 0; length <= value.length + 1; length++) {
            if (length == value.length) {
                continue;
            }
            byte[] bytes = Arrays.copyOf(value, value.length + 40);
            int wrong = length;
            files.contents.clear();
            try (SSTableWriter writer = writer()) {
                assertThatThrownBy(
                                () -> writer.append(Kind.ROW, key, 0, key.length, bytes, 0, wrong))
                        .as("%d bytes", wrong)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("malformed");
            }
        }
        files.contents.clear();
        try (SSTableWriter writer = writer()) {
            assertThatThrownBy(() ->
                            writer.append(Kind.ELEMENT, key, 0, key.length, value, 0, value.length))
                    .hasMessageContaining("malformed");
        }
    }

    @Test
    void anEntryInADeletionThatNoBoundaryOpenedIsRefused() throws IOException {
        Deletion deletion = new Deletion(9, 100);
        List<Item> items =
                List.of(
                        boundary(P, "10", Deletion.NO, deletion),
                        Items.row(P, "403038", 10, "a"),
                        Items.row(P, "403138", 10, "b"),
                        boundary(P, "60", deletion, Deletion.NO));
        SSTableReader reader = Items.writeAndOpen(items, SSTableOptions.defaults());
        byte[] start = items.get(1).key().array();
        SSTableCursor cursor = new SSTableCursor();
        cursor.open(reader, start, 0, start.length, null, 0, 0, false, ReadMode.SCAN);
        try (SSTableWriter writer = writer()) {
            assertThatThrownBy(() -> writer.appendAll(cursor))
                    .hasMessageContaining("lies in deletion 9/100");
        }
        // With the boundary that the range cut off it works.
        cursor.open(reader, start, 0, start.length, null, 0, 0, false, ReadMode.SCAN);
        files.contents.clear();
        try (SSTableWriter writer = writer()) {
            byte[] opening = Items.key(P, new byte[] {0x10}).array();
            writer.appendBoundary(opening, 0, opening.length, RowCursor.NO_DELETION, 0, 9, 100);
            writer.appendAll(cursor);
            assertThat(writer.finish().rows()).isEqualTo(2);
        }
    }

    @Test
    void anEmptyTableIsRefused() throws IOException {
        try (SSTableWriter writer = writer()) {
            assertThatThrownBy(writer::finish).hasMessageContaining("never empty");
        }
        assertThat(files.openFiles).isZero();
    }

    @Test
    void keysMustBeRowKeys() throws IOException {
        byte[] value = Items.row(P, "403038", 1, "v").value().array();
        byte[] justPartition = P.clone();
        byte[] tooShort = {1, 2, 3};
        byte[] tooLong = new byte[SSTableFormat.KEY_BYTES_MAX + 1];
        for (byte[] key : List.of(justPartition, tooShort, tooLong)) {
            files.contents.clear();
            try (SSTableWriter writer = writer()) {
                assertThatThrownBy(() ->
                                writer.append(Kind.ROW, key, 0, key.length, value, 0, value.length))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("7.sst: key");
            }
        }
    }

    @Test
    void abortClosesTheFileAndNothingMoreIsTaken() throws IOException {
        SSTableWriter writer = writer();
        Items.append(writer, Items.row(P, "403038", 1, "a"));
        writer.abort();
        writer.abort();
        assertThat(files.openFiles).isZero();
        assertThatThrownBy(() -> Items.append(writer, Items.row(P, "403138", 1, "b")))
                .hasMessageContaining("ABORTED");
        assertThatThrownBy(writer::fileBytes).hasMessageContaining("ABORTED");
    }

    @Test
    void aFullDiskAtAnyByteFailsTheWriter() throws IOException {
        List<Item> items = new ArrayList<>();
        Random random = new Random(1);
        for (int i = 0; i < 3000; i++) {
            byte[] noise = new byte[100];
            random.nextBytes(noise);
            items.add(
                    Items.row(
                            Items.partition(i, "p"), "403038", 1, HexFormat.of().formatHex(noise)));
        }
        Items.write(files, items, SSTableOptions.defaults());
        int size = files.content(Items.PATH).length;
        assertThat(size).isGreaterThan(300_000);
        for (int room : new int[] {0, 100, 131_071, 131_072, 262_144, size - 1}) {
            MemoryFiles full = new MemoryFiles();
            full.room = room;
            assertThatThrownBy(() -> Items.write(full, items, SSTableOptions.defaults()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No space left");
            assertThat(full.openFiles).isZero();
        }
        MemoryFiles broken = new MemoryFiles();
        broken.failsForce = true;
        assertThatThrownBy(() -> Items.write(broken, items, SSTableOptions.defaults()))
                .hasMessageContaining("force failed");
        assertThat(broken.openFiles).isZero();
    }

    @Test
    void finishForcesAndTellsLengthAndChecksum() throws IOException {
        SSTableWriter writer = writer();
        Items.append(writer, Items.row(P, "403038", 1, "a"));
        assertThat(writer.bytesWritten()).isGreaterThan(0);
        writer.finish();
        writer.close();
        byte[] content = files.content(Items.PATH);
        CRC32C crc = new CRC32C();
        crc.update(content);
        assertThat(writer.fileBytes()).isEqualTo(content.length);
        assertThat(writer.fileChecksum()).isEqualTo((int) crc.getValue());
        assertThat(files.forces).isEqualTo(1);
        assertThat(files.openFiles).isZero();
    }

    @Test
    void statisticsAreThoseOfTheContent() throws IOException {
        ByteWriter mixed = new ByteWriter();
        byte[] text = "text".getBytes(StandardCharsets.UTF_8);
        RowWriter row = new RowWriter();
        row.beginExpiringRow(mixed, 1000, 60, 5_000);
        row.cell(1, 1000, text, 0, 4).tombstone(2, 1500, 7_000);
        row.expiringCell(3, 900, 60, (int) 4_000_000_000L, text, 0, 4);
        row.end();
        ByteWriter header = new ByteWriter();
        RowWriter.columnDeletion(header, 1200, 6_000);
        ByteWriter element = new ByteWriter();
        RowWriter.element(element, 3, 1300, text, 0, 4);
        Deletion deletion = new Deletion(100, 3_000);
        byte[] staticKey = Items.key(P, new byte[] {RowKeys.POSITION_STATIC}).array();
        ByteWriter staticRow = new ByteWriter();
        new RowWriter().beginRow(staticRow, -5).cell(9, 1000, text, 0, 4).end();
        List<Item> items =
                List.of(
                        new Item(
                                Kind.ROW,
                                Bytes.of(staticKey),
                                Bytes.of(staticRow.toArray()),
                                Deletion.NO,
                                Deletion.NO),
                        entry(Kind.ROW, "404138", mixed),
                        entry(Kind.COLUMN_DELETION, "4041380007", header),
                        entry(Kind.ELEMENT, "404138000701", element),
                        boundary(P, "404220", Deletion.NO, deletion),
                        boundary(P, "404260", deletion, Deletion.NO),
                        Items.row(Q, "403038", 1100, "x"));
        SSTableMetadata written =
                Items.write(files, items, SSTableOptions.defaults().withRepairedAt(42));
        SSTableReader reader = SSTableReader.open(files, Items.PATH, Items.cache());
        SSTableMetadata read = reader.metadata();
        assertThat(read.encoded()).isEqualTo(written.encoded());
        assertThat(read.partitions()).isEqualTo(2);
        assertThat(read.rows()).isEqualTo(2);
        assertThat(read.staticRows()).isEqualTo(1);
        assertThat(read.columnDeletions()).isEqualTo(1);
        assertThat(read.elements()).isEqualTo(1);
        assertThat(read.cells()).isEqualTo(6);
        assertThat(read.tombstones()).isEqualTo(2);
        assertThat(read.expiring()).isEqualTo(2);
        assertThat(read.immortal()).isEqualTo(5);
        assertThat(read.boundaries()).isEqualTo(2);
        assertThat(read.minTimestamp()).isEqualTo(100);
        assertThat(read.maxTimestamp()).isEqualTo(1500);
        assertThat(read.minDropTime()).isEqualTo(3_000);
        assertThat(read.maxDropTime()).isEqualTo(4_000_000_000L);
        assertThat(read.repairedAt()).isEqualTo(42);
        assertThat(read.allGoneBefore(Long.MAX_VALUE)).isFalse();
        assertThat(read.hasDeletions()).isTrue();
        assertThat(read.droppableBefore(8_000)).isEqualTo(4);
        assertThat(read.droppableBefore(5_900_000_000L)).isEqualTo(5);
        assertThat(read.firstKey()).isEqualTo(staticKey);
        assertThat(read.lastKey()).isEqualTo(items.get(6).key().array());
        assertThat(read.minPosition()).isEqualTo(HexFormat.of().parseHex("403038"));
        assertThat(read.maxPosition()).isEqualTo(HexFormat.of().parseHex("404260"));
        assertThat(read.blocks()).isEqualTo(1);
        assertThat(reader.schemaHeader()).asString(StandardCharsets.UTF_8).isEqualTo("id=1 v text");
    }

    private static Item entry(Kind kind, String position, ByteWriter value) {
        Bytes key = Items.key(P, HexFormat.of().parseHex(position));
        return new Item(kind, key, Bytes.of(value.toArray()), Deletion.NO, Deletion.NO);
    }

    @Test
    void dropTimesStaySummedWhileBinsWiden() {
        DropTimeHistogram histogram = new DropTimeHistogram();
        Random random = new Random(4);
        for (int i = 0; i < 100_000; i++) {
            histogram.add(random.nextInt());
        }
        ByteWriter out = new ByteWriter();
        histogram.write(out);
        long sum = 0;
        int bins = ByteWriter.getInt(out.array(), 4);
        for (int i = 0; i < bins; i++) {
            sum += ByteWriter.getLong(out.array(), 8 + i * 12 + 4);
        }
        assertThat(sum).isEqualTo(100_000);
        assertThat(bins).isLessThanOrEqualTo(DropTimeHistogram.BINS_MAX);
    }

    @Test
    void optionsAreChecked() {
        SSTableOptions options = SSTableOptions.defaults();
        assertThatThrownBy(() -> options.withBlockBytes(0)).hasMessageContaining("blockBytes is 0");
        assertThatThrownBy(() -> options.withFilterFpChance(Double.NaN))
                .hasMessage("filterFpChance is NaN, must be in (0, 1]");
        assertThatThrownBy(() -> options.withRestartInterval(0))
                .hasMessageContaining("restartInterval is 0");
    }
}
