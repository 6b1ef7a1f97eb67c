package io.helenus.sstable.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.sstable.file.Items.Bytes;
import io.helenus.sstable.file.Items.Item;
import io.helenus.sstable.file.Items.Range;
import io.helenus.sstable.model.RowCursor.Kind;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// Cursors and points against a sorted list.
class SSTableCursorPropertyTest {

    @Property(tries = 200)
    void wholeTableIsReadInBothDirections(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        List<Item> items = Items.random(random, 20, 20);
        SSTableReader reader = Items.writeAndOpen(items, Items.randomOptions(random));
        for (ReadMode mode : List.of(ReadMode.SCAN, ReadMode.FILL, ReadMode.CACHED)) {
            assertThat(Items.readAll(reader, false, mode)).isEqualTo(items);
            assertThat(Items.readAll(reader, true, mode))
                    .isEqualTo(Items.expected(items, Range.ALL, true));
        }
        assertThat(new SSTableVerifier(reader).verify().damage()).isEmpty();
        assertThat(new SSTableVerifier(reader).verify().items()).isEqualTo(items.size());
        reader.close();
    }

    @Property(tries = 200)
    void anyRangeIsReadInBothDirections(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        List<Item> items = Items.random(random, 12, 25);
        SSTableReader reader = Items.writeAndOpen(items, Items.randomOptions(random));
        SSTableCursor cursor = new SSTableCursor(); // the same for all, as in production
        for (int i = 0; i < 60; i++) {
            Range range = Items.randomRange(random, items);
            boolean reverse = random.nextBoolean();
            ReadMode mode = random.nextBoolean() ? ReadMode.FILL : ReadMode.SCAN;
            Items.open(cursor, reader, range, reverse, mode);
            assertThat(Items.drain(cursor))
                    .as("%s reverse %s %s", range, reverse, mode)
                    .isEqualTo(Items.expected(items, range, reverse));
            assertThat(cursor.next()).isEqualTo(Kind.END);
            assertThat(Items.before(cursor))
                    .as("deletion at the end of %s reverse %s", range, reverse)
                    .isEqualTo(Items.expectedAtEnd(items, range, reverse));
            if (random.nextInt(4) == 0) {
                cursor.close();
            }
        }
        reader.close();
    }

    @Property(tries = 200)
    void skippingNeverLosesAnItemNorADeletion(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        List<Item> items = Items.random(random, 12, 25);
        SSTableReader reader = Items.writeAndOpen(items, Items.randomOptions(random));
        SSTableCursor cursor = new SSTableCursor();
        for (int i = 0; i < 30; i++) {
            Range range = random.nextBoolean() ? Range.ALL : Items.randomRange(random, items);
            boolean reverse = random.nextBoolean();
            Items.open(cursor, reader, range, reverse, ReadMode.FILL);
            List<Item> walk = Items.expected(items, range, reverse);
            int next = 0;
            while (true) {
                if (random.nextInt(3) == 0) {
                    Bytes target = Items.randomBound(random, items);
                    byte[] key = target.array();
                    cursor.skipTo(key, 0, key.length);
                    while (next < walk.size() && isSkipped(walk.get(next).key(), target, reverse)) {
                        next++;
                    }
                }
                Kind kind = cursor.next();
                if (next == walk.size()) {
                    assertThat(kind).isEqualTo(Kind.END);
                    break;
                }
                assertThat(Items.current(cursor)).isEqualTo(walk.get(next++));
            }
        }
        reader.close();
    }

    private static boolean isSkipped(Bytes key, Bytes target, boolean reverse) {
        int order = key.compareTo(target);
        return reverse ? order >= 0 : order < 0;
    }

    @Property(tries = 200)
    void pointsFindWhatIsThereAndTheDeletionInForce(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        List<Item> items = Items.random(random, 20, 15);
        SSTableReader reader = Items.writeAndOpen(items, Items.randomOptions(random));
        SSTablePoint point = new SSTablePoint();
        for (Item item : items) {
            byte[] key = item.key().array();
            assertThat(point.mayContainPartition(reader, key, 0, ReadMode.FILL)).isTrue();
            boolean found = point.seekExact(reader, key, 0, key.length, ReadMode.FILL);
            assertThat(found).isEqualTo(item.kind() != Kind.BOUNDARY);
            assertThat(deletion(point)).isEqualTo(item.before());
            if (found) {
                assertThat(point.kind()).isEqualTo(item.kind());
                assertThat(value(point)).isEqualTo(item.value());
            }
        }
        for (int i = 0; i < 100; i++) {
            Bytes bound = Items.randomBound(random, items);
            byte[] key = bound.array();
            if (key.length <= 10 || key.length <= 10 + ((key[8] & 0xff) << 8 | key[9] & 0xff)) {
                continue; // not a row key
            }
            boolean there =
                    items.stream()
                            .anyMatch(item ->
                                    item.kind() != Kind.BOUNDARY && item.key().equals(bound));
            // At an offset, too: keys are slices.
            byte[] shifted = new byte[key.length + 7];
            System.arraycopy(key, 0, shifted, 3, key.length);
            assertThat(point.seekExact(reader, shifted, 3, key.length, ReadMode.CACHED))
                    .isEqualTo(there);
            assertThat(deletion(point)).isEqualTo(Items.inForceAt(items, bound));
        }
        reader.close();
    }

    private static Items.Deletion deletion(SSTablePoint point) {
        return new Items.Deletion(point.deletionTimestamp(), point.deletionTime());
    }

    private static Bytes value(SSTablePoint point) {
        return Bytes.of(
                Arrays.copyOfRange(
                        point.valueArray(),
                        point.valueOffset(),
                        point.valueOffset() + point.valueLength()));
    }

    @Property(tries = 100)
    void aCopyThroughACursorIsTheSameFile(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        List<Item> items = Items.random(random, 15, 15);
        SSTableOptions options = Items.randomOptions(random);
        MemoryFiles files = new MemoryFiles();
        Items.write(files, items, options);
        SSTableReader reader = SSTableReader.open(files, Items.PATH, Items.cache());
        MemoryFiles copies = new MemoryFiles();
        try (SSTableCursor cursor = new SSTableCursor().openAll(reader, false, ReadMode.SCAN);
                SSTableWriter writer =
                        new SSTableWriter(
                                copies.create(Items.PATH), options, reader.schemaHeader())) {
            writer.appendAll(cursor);
            assertThat(writer.finish().toString()).isEqualTo(reader.metadata().toString());
        }
        assertThat(copies.content(Items.PATH)).isEqualTo(files.content(Items.PATH));
        reader.close();
    }
}
