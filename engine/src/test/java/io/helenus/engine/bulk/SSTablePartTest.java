package io.helenus.engine.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.Helenus;
import io.helenus.engine.bulk.SSTablePart.Extent;
import io.helenus.engine.bulk.TokenRanges.Arc;
import io.helenus.engine.schema.TableSchema;
import io.helenus.gossip.ring.Murmur3Token;
import io.helenus.sstable.cache.BlockCache;
import io.helenus.sstable.file.ReadMode;
import io.helenus.sstable.file.SSTableCursor;
import io.helenus.sstable.file.SSTableReader;
import io.helenus.sstable.model.RowCursor.Kind;
import io.helenus.sstable.model.RowKeys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SSTablePartTest {
    private static final int ROWS = 1000;
    private static final String ITEMS = "CREATE TABLE ks.items (id int PRIMARY KEY, name text)";

    @TempDir Path directory;

    @Test
    void whatIsOwnedIsWrittenAndNothingElse() throws IOException {
        BulkEnvironment environment = Helenus.bulkEnvironment(1);
        Path source;
        TableSchema table;
        try (SSTableBulkWriter writer =
                SSTableBulkWriter.builder(environment)
                        .schema(ITEMS)
                        .statement("INSERT INTO ks.items (id, name) VALUES (?, ?)")
                        .directory(directory.resolve("all"))
                        .open()) {
            for (int id = 0; id < ROWS; id++) {
                writer.addRow(id, "name " + id);
            }
            table = writer.table();
            source = writer.finish().files().getFirst().path();
        }
        List<Long> tokens =
                IntStream.range(0, ROWS).mapToObj(SSTablePartTest::token).sorted().toList();
        long quarter = tokens.get(ROWS / 4);
        long half = tokens.get(ROWS / 2);

        Arc middle = new Arc(quarter, half);
        SSTablePart part = part(environment, table, middle);
        assertThat(part.extent(source)).isEqualTo(Extent.SOME);
        Path written = directory.resolve("part.sst");
        assertThat(part.write(source, written)).isTrue();
        assertThat(tokens(environment, written))
                .isEqualTo(tokens.subList(ROWS / 4 + 1, ROWS / 2 + 1));
        assertThat(part(environment, table, middle).extent(written)).isEqualTo(Extent.ALL);

        Arc around = new Arc(half, quarter);
        Path others = directory.resolve("others.sst");
        assertThat(part(environment, table, around).write(source, others)).isTrue();
        List<Long> expected = new ArrayList<>(tokens.subList(0, ROWS / 4 + 1));
        expected.addAll(tokens.subList(ROWS / 2 + 1, ROWS));
        assertThat(tokens(environment, others)).isEqualTo(expected);
        assertThat(part(environment, table, around).extent(written)).isEqualTo(Extent.NONE);
        Path nothing = directory.resolve("nothing.sst");
        assertThat(part(environment, table, around).write(written, nothing)).isFalse();
        assertThat(nothing).doesNotExist();

        assertThat(part(environment, table, new Arc(5, 5)).extent(source)).isEqualTo(Extent.ALL);
        Path again = directory.resolve("again.sst");
        assertThat(part.write(source, again)).isTrue();
        assertThat(Files.mismatch(again, written)).isEqualTo(-1);
    }

    private static SSTablePart part(BulkEnvironment environment, TableSchema table, Arc... owned) {
        return new SSTablePart(environment, table, TokenRanges.of(List.of(owned)));
    }

    private static long token(int id) {
        byte[] key = ByteBuffer.allocate(Integer.BYTES).putInt(0, id).array();
        return Murmur3Token.of(key, 0, key.length);
    }

    private static List<Long> tokens(BulkEnvironment environment, Path file) throws IOException {
        List<Long> found = new ArrayList<>();
        BlockCache cache = new BlockCache(1 << 20, Runnable::run);
        try (SSTableReader reader = SSTableReader.open(environment.files(), file, cache);
                SSTableCursor cursor = new SSTableCursor().openAll(reader, false, ReadMode.SCAN)) {
            while (cursor.next() != Kind.END) {
                found.add(RowKeys.token(cursor.keyArray(), cursor.keyOffset()));
            }
        }
        return found;
    }

    @Test
    void rangesJoinAndWrap() {
        assertThat(TokenRanges.of(List.of(new Arc(0, 10), new Arc(10, 0))).isAll()).isTrue();
        assertThat(TokenRanges.of(List.of(new Arc(10, 0), new Arc(0, 9))).isAll()).isFalse();
        TokenRanges ranges =
                TokenRanges.of(
                        List.of(
                                new Arc(20, 30),
                                new Arc(Long.MAX_VALUE, -5),
                                new Arc(10, 20),
                                new Arc(40, 50)));
        assertThat(ranges.first()).containsExactly(Long.MIN_VALUE, 11, 41);
        assertThat(ranges.last()).containsExactly(-5, 30, 50);
        assertThat(ranges.covers(11, 30)).isTrue();
        assertThat(ranges.covers(10, 30)).isFalse();
        assertThat(ranges.overlaps(31, 40)).isFalse();
        assertThat(ranges.overlaps(31, 41)).isTrue();
    }
}
