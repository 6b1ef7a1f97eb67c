package io.helenus.sstable.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.sstable.file.Items.Item;
import io.helenus.sstable.file.Items.Range;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowCursor.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Damaged bytes: a wrong answer is the only thing that must never come of them.
class SSTableCorruptionTest {
    private final MemoryFiles files = new MemoryFiles();

    private byte[] write(List<Item> items, SSTableOptions options) throws IOException {
        files.contents.clear();
        Items.write(files, items, options);
        return files.content(Items.PATH);
    }

    private SSTableReader open(byte[] content) throws IOException {
        files.contents.put(Items.PATH, content);
        return SSTableReader.open(files, Items.PATH, Items.cache());
    }

    @ParameterizedTest
    @ValueSource(ints = {0x01, 0x80, 0xff})
    void everyFlippedByteIsFoundOrHarmless(int mask) throws IOException {
        Random random = new Random(11);
        List<Item> items = Items.random(random, 8, 12);
        byte[] sound = write(items, Items.smallOptions().withBlockBytes(200));
        for (int at = 0; at < sound.length; at++) {
            byte[] damaged = sound.clone();
            damaged[at] ^= (byte) mask;
            try (SSTableReader reader = open(damaged)) {
                assertThat(new SSTableVerifier(reader).verify().damage())
                        .as("flip at %d", at)
                        .isNotEmpty();
                assertNeverWrong(reader, items);
            } catch (CorruptSSTableException | SSTableVersionException e) {
                assertThat(e).hasMessageContaining(Items.PATH.toString());
            }
        }
        assertThat(files.openFiles).isZero();
    }

    private static void assertNeverWrong(SSTableReader reader, List<Item> items) {
        for (boolean reverse : new boolean[] {false, true}) {
            List<Item> expected = Items.expected(items, Range.ALL, reverse);
            List<Item> read = new ArrayList<>();
            try (SSTableCursor cursor =
                    new SSTableCursor().openAll(reader, reverse, ReadMode.SCAN)) {
                while (cursor.next() != Kind.END) {
                    read.add(Items.current(cursor));
                }
                assertThat(read).isEqualTo(expected);
            } catch (CorruptSSTableException e) {
                assertThat(e.offset()).isBetween(0L, reader.fileBytes());
                assertThat(read).as("before it").isEqualTo(expected.subList(0, read.size()));
            }
        }
        SSTablePoint point = new SSTablePoint();
        for (Item item : items) {
            byte[] key = item.key().array();
            try {
                assertThat(point.seekExact(reader, key, 0, key.length, ReadMode.FILL))
                        .isEqualTo(item.kind() != Kind.BOUNDARY);
            } catch (CorruptSSTableException e) {
                assertThat(e.offset()).isBetween(0L, reader.fileBytes());
            }
        }
    }

    @Test
    void everyCutOfAFileIsRefused() throws IOException {
        byte[] sound = write(Items.random(new Random(3), 8, 12), Items.smallOptions());
        for (int length = 0; length < sound.length; length++) {
            byte[] cut = Arrays.copyOf(sound, length);
            assertThatThrownBy(() -> open(cut))
                    .as("cut to %d", length)
                    .isInstanceOf(CorruptSSTableException.class)
                    .hasMessageContaining("7.sst");
        }
        byte[] longer = Arrays.copyOf(sound, sound.length + 1);
        assertThatThrownBy(() -> open(longer)).isInstanceOf(CorruptSSTableException.class);
        assertThat(files.openFiles).isZero();
    }

    @Test
    void aLaterVersionIsRefusedByName() throws IOException {
        byte[] content = write(Items.random(new Random(3), 2, 2), Items.smallOptions());
        ByteWriter header = new ByteWriter();
        header.writeLong(SSTableFormat.MAGIC).writeInt(2);
        header.writeInt(SSTableWriter.crc(header.array(), header.length()));
        System.arraycopy(header.array(), 0, content, 0, SSTableFormat.HEADER_BYTES);
        assertThatThrownBy(() -> open(content))
                .isInstanceOf(SSTableVersionException.class)
                .hasMessage("7.sst is of a newer version 2, this build reads up to 1");
    }

    @Test
    void aFileOfAnotherKindIsRefused() {
        assertThatThrownBy(() -> open(new byte[4096]))
                .isInstanceOf(CorruptSSTableException.class)
                .hasMessageContaining("magic number is missing");
    }

    @Test
    void aDamagedBlockFailsOnlyReadsThatNeedIt() throws IOException {
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            items.add(Items.row(Items.partition(i, "p"), "403038", 5, "value " + i));
        }
        byte[] content = write(items, Items.smallOptions().withCompression(Compression.none()));
        List<Part> parts = parts(open(content));
        Part damagedBlock =
                parts.stream().filter(part -> part.data).skip(20).findFirst().orElseThrow();
        content[(int) damagedBlock.offset + 3] ^= 0x10;
        SSTableReader reader = open(content);
        SSTablePoint point = new SSTablePoint();
        List<Item> lost = new ArrayList<>();
        for (Item item : items) {
            byte[] key = item.key().array();
            try {
                assertThat(point.seekExact(reader, key, 0, key.length, ReadMode.FILL)).isTrue();
            } catch (CorruptSSTableException e) {
                assertThat(e.offset()).isEqualTo(damagedBlock.offset);
                assertThat(e).hasMessageContaining("checksum");
                lost.add(item);
            }
        }
        assertThat(lost).isNotEmpty().hasSizeLessThan(10);
        SSTableVerifier.Report report = new SSTableVerifier(reader).verify();
        assertThat(report.damage()).hasSize(1);
        SSTableVerifier.Damage damage = report.damage().get(0);
        assertThat(damage.offset()).isEqualTo(damagedBlock.offset);
        assertThat(report.items()).isEqualTo(items.size() - lost.size());
        byte[] toKey = damage.toKey();
        assertThat(toKey).isNotNull();
        Range around = new Range(Items.Bytes.of(damage.fromKey()), Items.Bytes.of(toKey), true);
        assertThat(lost).allMatch(item -> around.contains(item.key()));

        // All that lies before and after is served, whole.
        SSTableCursor cursor = new SSTableCursor();
        Range before = new Range(new Items.Bytes(""), around.start(), true);
        Range after = new Range(around.end(), new Items.Bytes(""), false);
        for (Range range : List.of(before, after)) {
            for (boolean reverse : new boolean[] {false, true}) {
                Items.open(cursor, reader, range, reverse, ReadMode.SCAN);
                assertThat(Items.drain(cursor)).isEqualTo(Items.expected(items, range, reverse));
            }
        }
    }

    @Test
    void aBlockInThePlaceOfAnotherIsFound() throws IOException {
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            items.add(Items.row(Items.partition(1000 + i, "p"), "403038", 5, "v"));
        }
        byte[] content = write(items, Items.smallOptions().withCompression(Compression.none()));
        List<Part> blocks =
                parts(open(content)).stream()
                        .filter(part -> part.data && part.offset > 16)
                        .toList();
        Part from = blocks.get(3);
        Part to =
                blocks.stream()
                        .skip(4)
                        .filter(part -> part.length == from.length)
                        .findFirst()
                        .orElseThrow();
        System.arraycopy(content, (int) from.offset, content, (int) to.offset, from.length);
        SSTableReader reader = open(content);
        assertThat(new SSTableVerifier(reader).verify().damage())
                .singleElement()
                .satisfies(damage -> assertThat(damage.offset()).isEqualTo(to.offset));
    }

    @Test
    void aSectorThatCannotBeReadIsReportedWithFileAndOffset() throws IOException {
        List<Item> items = Items.random(new Random(5), 10, 10);
        byte[] content = write(items, Items.smallOptions());
        SSTableReader reader = open(content);
        files.badSector = 20;
        assertThatThrownBy(() -> Items.readAll(reader, false, ReadMode.SCAN))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("7.sst")
                .hasMessageContaining("bad sector 20");
        assertThat(new SSTableVerifier(reader).verify().damage()).hasSize(1);
        files.badSector = -1;
        assertThat(Items.readAll(reader, false, ReadMode.SCAN)).isEqualTo(items);
    }

    /// Bytes that lie although the checksum is right: an answer or a named error, nothing else.
    @Property(tries = 3000)
    void forgedBlocksNeverHangNorEscapeTheirBounds(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        List<Item> items = Items.random(random, 6, 8);
        byte[] content = write(items, Items.smallOptions().withCompression(Compression.none()));
        List<Part> parts = parts(open(content));
        Part part = parts.get(random.nextInt(parts.size()));
        int payload = part.length - SSTableFormat.BLOCK_TRAILER_BYTES;
        int flips = 1 + random.nextInt(3);
        for (int i = 0; i < flips; i++) {
            int at = (int) part.offset + random.nextInt(payload + 5);
            content[at] = (byte) (random.nextBoolean() ? random.nextInt() : 0xff);
        }
        forgeChecksum(content, part);
        try (SSTableReader reader = open(content)) {
            new SSTableVerifier(reader).verify();
            attempt(() -> Items.readAll(reader, false, ReadMode.SCAN));
            attempt(() -> Items.readAll(reader, true, ReadMode.FILL));
            SSTablePoint point = new SSTablePoint();
            for (Item item : items) {
                byte[] key = item.key().array();
                attempt(() -> point.seekExact(reader, key, 0, key.length, ReadMode.FILL));
                attempt(() -> point.mayContainPartition(reader, key, 0, ReadMode.FILL));
            }
            SSTableCursor cursor = new SSTableCursor();
            for (int i = 0; i < 10; i++) {
                Range range = Items.randomRange(random, items);
                boolean reverse = random.nextBoolean();
                attempt(() ->
                        Items.drain(Items.open(cursor, reader, range, reverse, ReadMode.SCAN)));
            }
        } catch (CorruptSSTableException e) {
            assertThat(e).hasMessageContaining("corrupt at offset");
        }
    }

    private static void attempt(Runnable read) {
        try {
            read.run();
        } catch (CorruptSSTableException e) {
            assertThat(e).hasMessageContaining("corrupt at offset");
        }
    }

    private static void forgeChecksum(byte[] content, Part part) {
        CRC32C crc = new CRC32C();
        crc.update(content, (int) part.offset, part.length - Integer.BYTES);
        crc.update(new ByteWriter().writeLong(part.offset).toArray());
        byte[] bytes = new ByteWriter().writeInt((int) crc.getValue()).toArray();
        System.arraycopy(
                bytes, 0, content, (int) part.offset + part.length - Integer.BYTES, Integer.BYTES);
    }

    private record Part(boolean data, long offset, int length) {}

    /// All blocks of a sound file: data, filters, index pages, root and statistics.
    private static List<Part> parts(SSTableReader reader) {
        List<Part> parts = new ArrayList<>();
        BlockFetcher fetcher = new BlockFetcher();
        BlockIterator root = new BlockIterator();
        BlockIterator page = new BlockIterator();
        byte[] bytes = reader.root(fetcher, ReadMode.FILL);
        root.view.wrap(reader, reader.rootOffset(), bytes, bytes.length);
        root.reset(RowCursor.NO_DELETION, 0);
        while (root.next()) {
            root.readRootEntry();
            if (root.filterLength > 0) {
                parts.add(new Part(false, root.childOffset - root.filterLength, root.filterLength));
            }
            parts.add(new Part(false, root.childOffset, root.childLength));
            fetcher.fetch(reader, root.childOffset, root.childLength, ReadMode.FILL);
            page.view.wrap(reader, root.childOffset, fetcher.bytes(), fetcher.length());
            page.reset(RowCursor.NO_DELETION, 0);
            while (page.next()) {
                page.readPageEntry();
                parts.add(new Part(true, page.childOffset, page.childLength));
            }
        }
        parts.add(new Part(false, reader.rootOffset(), reader.rootLength()));
        int schemaLength = reader.schemaHeader().length + SSTableFormat.BLOCK_TRAILER_BYTES;
        long statisticsOffset = reader.rootOffset() + reader.rootLength() + schemaLength;
        int statisticsLength = (int) (reader.footerOffset() - statisticsOffset);
        parts.add(new Part(false, statisticsOffset, statisticsLength));
        return parts;
    }
}
