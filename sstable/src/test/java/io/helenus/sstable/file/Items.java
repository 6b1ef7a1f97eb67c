package io.helenus.sstable.file;

import io.helenus.sstable.cache.BlockCache;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowCursor.Kind;
import io.helenus.sstable.model.RowKeys;
import io.helenus.sstable.model.RowWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/// The naive model of a table: a sorted list. And what tests need to write and read one.
final class Items {
    static final Path PATH = Path.of("7.sst");
    private static final long NONE = RowCursor.NO_DELETION;
    private static final byte[] ALPHABET = HexFormat.of().parseHex("001018203840416080ff");

    private Items() {}

    /// A deletion in force.
    record Deletion(long timestamp, int time) {
        static final Deletion NO = new Deletion(NONE, 0);
    }

    /// Before and after are in the direction of travel.
    record Item(Kind kind, Bytes key, Bytes value, Deletion before, Deletion after) {
        Item reversed() {
            return new Item(kind, key, value, after, before);
        }
    }

    /// Bytes with an order, unsigned, and equality.
    record Bytes(String hex) implements Comparable<Bytes> {
        static Bytes of(byte[] array, int offset, int length) {
            return new Bytes(HexFormat.of().formatHex(array, offset, offset + length));
        }

        static Bytes of(byte[] array) {
            return of(array, 0, array.length);
        }

        byte[] array() {
            return HexFormat.of().parseHex(hex);
        }

        @Override
        public int compareTo(Bytes other) {
            return Arrays.compareUnsigned(array(), other.array());
        }
    }

    static BlockCache cache() {
        return new BlockCache(1 << 24, Runnable::run);
    }

    /// Any shape of table: shared prefixes, equal tokens, empty partition keys, long values.
    static List<Item> random(Random random, int partitionsMax, int positionsMax) {
        TreeMap<Bytes, List<Item>> partitions = new TreeMap<>();
        int count = 1 + random.nextInt(partitionsMax);
        while (partitions.size() < count) {
            byte[] head = randomPartition(random);
            partitions.put(Bytes.of(head), randomPartitionItems(random, head, positionsMax));
        }
        List<Item> items = new ArrayList<>();
        partitions.values().forEach(items::addAll);
        return items;
    }

    static byte[] randomPartition(Random random) {
        byte[] key = randomBytes(random, random.nextInt(4) == 0 ? 12 : 2);
        ByteWriter out = new ByteWriter();
        long token = random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(5) - 2L;
        RowKeys.writePartition(out, token, key, 0, key.length);
        return out.toArray();
    }

    static byte[] randomBytes(Random random, int lengthMax) {
        byte[] bytes = new byte[random.nextInt(lengthMax + 1)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = ALPHABET[random.nextInt(ALPHABET.length)];
        }
        return bytes;
    }

    private static List<Item> randomPartitionItems(Random random, byte[] head, int positionsMax) {
        TreeSet<Bytes> keys = new TreeSet<>();
        int count = 1 + random.nextInt(positionsMax);
        while (keys.size() < count) {
            byte[] position = randomBytes(random, 6);
            if (position.length > 0) {
                keys.add(key(head, position));
            }
        }
        int boundaryPercent = random.nextInt(3) == 0 ? 40 : 5;
        List<Item> items = new ArrayList<>();
        Deletion inForce = Deletion.NO;
        for (Bytes key : keys) {
            if (random.nextInt(100) < boundaryPercent) {
                Deletion after = randomDeletion(random, inForce);
                items.add(new Item(Kind.BOUNDARY, key, Bytes.of(new byte[0]), inForce, after));
                inForce = after;
            } else {
                items.add(randomEntry(random, key, inForce));
            }
        }
        if (!inForce.equals(Deletion.NO)) {
            Bytes key = key(head, HexFormat.of().parseHex("fffffffffffffff0"));
            items.add(new Item(Kind.BOUNDARY, key, Bytes.of(new byte[0]), inForce, Deletion.NO));
        }
        return items;
    }

    private static Deletion randomDeletion(Random random, Deletion inForce) {
        if (!inForce.equals(Deletion.NO) && random.nextBoolean()) {
            return Deletion.NO;
        }
        Deletion deletion = new Deletion(random.nextInt(5), random.nextInt());
        return deletion.equals(inForce) ? new Deletion(77, 1) : deletion;
    }

    static Bytes key(byte[] head, byte[] position) {
        byte[] key = Arrays.copyOf(head, head.length + position.length);
        System.arraycopy(position, 0, key, head.length, position.length);
        return Bytes.of(key);
    }

    private static Item randomEntry(Random random, Bytes key, Deletion inForce) {
        Kind kind =
                switch (random.nextInt(6)) {
                    case 0 -> Kind.COLUMN_DELETION;
                    case 1, 2 -> Kind.ELEMENT;
                    default -> Kind.ROW;
                };
        ByteWriter out = new ByteWriter();
        byte[] value = new byte[random.nextInt(40) == 0 ? 300 : random.nextInt(12)];
        random.nextBytes(value);
        long timestamp = random.nextInt(1000) - 20L;
        switch (kind) {
            case COLUMN_DELETION -> RowWriter.columnDeletion(out, timestamp, random.nextInt());
            case ELEMENT -> {
                if (random.nextBoolean()) {
                    RowWriter.element(out, 3, timestamp, value, 0, value.length);
                } else {
                    RowWriter.elementTombstone(out, 3, timestamp, random.nextInt());
                }
            }
            default -> writeRow(random, out, timestamp, value);
        }
        return new Item(kind, key, Bytes.of(out.toArray()), inForce, inForce);
    }

    private static void writeRow(Random random, ByteWriter out, long timestamp, byte[] value) {
        RowWriter writer = new RowWriter();
        switch (random.nextInt(4)) {
            case 0 -> writer.beginRow(out, timestamp);
            case 1 -> writer.beginExpiringRow(out, timestamp, 300, random.nextInt());
            case 2 -> writer.beginDeletedRow(out, timestamp, random.nextInt());
            default -> writer.beginLiveRow(out, timestamp);
        }
        writer.cell(1, timestamp, value, 0, value.length);
        if (random.nextBoolean()) {
            writer.tombstone(200, timestamp + 5, random.nextInt());
            writer.expiringCell(
                    70_000, timestamp - 9, 60, random.nextInt(), value, 0, value.length);
        }
        writer.end();
    }

    /// A row with one cell.
    static Item row(byte[] head, String position, long timestamp, String text) {
        ByteWriter out = new ByteWriter();
        byte[] value = text.getBytes(StandardCharsets.UTF_8);
        new RowWriter()
                .beginLiveRow(out, timestamp)
                .cell(1, timestamp, value, 0, value.length)
                .end();
        return new Item(
                Kind.ROW,
                key(head, HexFormat.of().parseHex(position)),
                Bytes.of(out.toArray()),
                Deletion.NO,
                Deletion.NO);
    }

    static byte[] partition(long token, String key) {
        ByteWriter out = new ByteWriter();
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        RowKeys.writePartition(out, token, bytes, 0, bytes.length);
        return out.toArray();
    }

    // ---- writing

    static void append(SSTableWriter writer, Item item) throws IOException {
        byte[] key = item.key().array();
        byte[] value = item.value().array();
        if (item.kind() == Kind.BOUNDARY) {
            writer.appendBoundary(
                    key,
                    0,
                    key.length,
                    item.before().timestamp(),
                    item.before().time(),
                    item.after().timestamp(),
                    item.after().time());
        } else {
            writer.append(item.kind(), key, 0, key.length, value, 0, value.length);
        }
    }

    static SSTableMetadata write(MemoryFiles files, List<Item> items, SSTableOptions options)
            throws IOException {
        byte[] schema = "id=1 v text".getBytes(StandardCharsets.UTF_8);
        try (SSTableWriter writer = new SSTableWriter(files.create(PATH), options, schema)) {
            for (Item item : items) {
                append(writer, item);
            }
            return writer.finish();
        }
    }

    static SSTableReader writeAndOpen(List<Item> items, SSTableOptions options) throws IOException {
        MemoryFiles files = new MemoryFiles();
        write(files, items, options);
        return SSTableReader.open(files, PATH, cache());
    }

    static SSTableOptions smallOptions() {
        return SSTableOptions.defaults().withBlockBytes(64).withIndexPageBytes(64);
    }

    static SSTableOptions randomOptions(Random random) {
        int[] blockBytes = {32, 64, 128, 1024, 16 << 10};
        int[] pageBytes = {32, 64, 200, 4096};
        int[] intervals = {1, 2, 3, 16};
        return SSTableOptions.defaults()
                .withBlockBytes(blockBytes[random.nextInt(blockBytes.length)])
                .withIndexPageBytes(pageBytes[random.nextInt(pageBytes.length)])
                .withRestartInterval(intervals[random.nextInt(intervals.length)])
                .withCompression(
                        switch (random.nextInt(3)) {
                            case 0 -> Compression.none();
                            case 1 -> Compression.zstd(1);
                            default -> Compression.lz4();
                        })
                .withFilterFpChance(random.nextInt(4) == 0 ? 1 : 0.01);
    }

    // ---- reading

    static Item current(RowCursor cursor) {
        return new Item(
                cursor.kind(),
                Bytes.of(cursor.keyArray(), cursor.keyOffset(), cursor.keyLength()),
                Bytes.of(cursor.valueArray(), cursor.valueOffset(), cursor.valueLength()),
                before(cursor),
                new Deletion(cursor.afterTimestamp(), cursor.afterDeletionTime()));
    }

    static Deletion before(RowCursor cursor) {
        return new Deletion(cursor.beforeTimestamp(), cursor.beforeDeletionTime());
    }

    static List<Item> drain(RowCursor cursor) {
        List<Item> items = new ArrayList<>();
        while (cursor.next() != Kind.END) {
            items.add(current(cursor));
        }
        return items;
    }

    static List<Item> readAll(SSTableReader reader, boolean reverse, ReadMode mode) {
        try (SSTableCursor cursor = new SSTableCursor().openAll(reader, reverse, mode)) {
            return drain(cursor);
        }
    }

    static SSTableCursor open(
            SSTableCursor cursor,
            SSTableReader reader,
            Range range,
            boolean reverse,
            ReadMode mode) {
        byte[] start = range.start().array();
        byte[] end = range.hasEnd() ? range.end().array() : null;
        int endLength = end == null ? 0 : end.length;
        return cursor.open(reader, start, 0, start.length, end, 0, endLength, reverse, mode);
    }

    /// From start (empty for the beginning) up to end, exclusive.
    record Range(Bytes start, Bytes end, boolean hasEnd) {
        static final Range ALL = new Range(new Bytes(""), new Bytes(""), false);

        boolean contains(Bytes key) {
            return key.compareTo(start) >= 0 && (!hasEnd || key.compareTo(end) < 0);
        }

        boolean isEmpty() {
            return hasEnd && start.compareTo(end) >= 0;
        }
    }

    /// A key of the table, one close to it, or any.
    static Bytes randomBound(Random random, List<Item> items) {
        byte[] key = items.get(random.nextInt(items.size())).key().array();
        return switch (random.nextInt(6)) {
            case 0 -> Bytes.of(Arrays.copyOf(key, random.nextInt(key.length + 1)));
            case 1 -> Bytes.of(Arrays.copyOf(key, key.length + 1));
            case 2 -> key(Arrays.copyOf(key, key.length - 1), randomBytes(random, 3));
            case 3 -> key(randomPartition(random), randomBytes(random, 6));
            default -> Bytes.of(key);
        };
    }

    static Range randomRange(Random random, List<Item> items) {
        Bytes start = random.nextInt(5) == 0 ? new Bytes("") : randomBound(random, items);
        return random.nextInt(5) == 0
                ? new Range(start, new Bytes(""), false)
                : new Range(start, randomBound(random, items), true);
    }

    /// What a walk over a range should show.
    static List<Item> expected(List<Item> items, Range range, boolean reverse) {
        List<Item> expected = new ArrayList<>();
        for (Item item : items) {
            if (range.contains(item.key())) {
                expected.add(reverse ? item.reversed() : item);
            }
        }
        return reverse ? expected.reversed() : expected;
    }

    /// The deletion in force just before a key.
    static Deletion inForceAt(List<Item> items, Bytes key) {
        Deletion inForce = Deletion.NO;
        for (Item item : items) {
            if (item.key().compareTo(key) >= 0) {
                return inForce;
            }
            inForce = item.after();
        }
        return inForce;
    }

    /// What the end of a walk should show as the deletion in force.
    static Deletion expectedAtEnd(List<Item> items, Range range, boolean reverse) {
        if (range.isEmpty()) {
            return Deletion.NO;
        }
        if (reverse) {
            // Between the start and the first item: what is in force just before that item.
            return items.stream()
                    .filter(item -> item.key().compareTo(range.start()) >= 0)
                    .findFirst()
                    .map(Item::before)
                    .orElse(Deletion.NO);
        }
        return range.hasEnd() ? inForceAt(items, range.end()) : Deletion.NO;
    }
}
