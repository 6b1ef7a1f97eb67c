package io.helenus.sstable.model;

import io.helenus.sstable.model.Plain.Deletion;
import io.helenus.sstable.model.Plain.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/// Some of a table's data, as a memtable or a file has it: entries by key, and range deletions. Keys are
/// in hexadecimal, whose order as text is the order of the bytes.
final class PlainSource {
    static final int MULTI_CELL_COLUMN = 5;
    private static final int PARTITIONS = 3;
    private static final int ROWS = 4;

    record Range(String start, String end, Deletion deletion) {
        boolean covers(String key) {
            return start.compareTo(key) <= 0 && key.compareTo(end) < 0;
        }

        /// Whether it is in force right before a bound.
        boolean reaches(String bound) {
            return start.compareTo(bound) < 0 && bound.compareTo(end) <= 0;
        }
    }

    /// Before and after are in key order.
    record Item(RowCursor.Kind kind, String key, String value, Deletion before, Deletion after) {}

    final NavigableMap<String, Entry> entries = new TreeMap<>();
    final List<Range> ranges = new ArrayList<>();

    static PlainSource random(Random random) {
        PlainSource source = new PlainSource();
        for (int i = random.nextInt(14); i > 0; i--) {
            source.put(random);
        }
        for (int i = random.nextInt(5); i > 0; i--) {
            String partition = partition(random.nextInt(PARTITIONS));
            String one = partition + position(random);
            String other = partition + position(random);
            if (!one.equals(other)) {
                boolean inOrder = one.compareTo(other) < 0;
                source.ranges.add(
                        new Range(
                                inOrder ? one : other,
                                inOrder ? other : one,
                                Plain.randomDeletion(random)));
            }
        }
        return source;
    }

    private void put(Random random) {
        String row =
                partition(random.nextInt(PARTITIONS))
                        + (random.nextInt(6) == 0 ? "18" : row(random.nextInt(ROWS)));
        switch (random.nextInt(4)) {
            case 0 ->
                    entries.put(row + "0005", Plain.random(RowCursor.Kind.COLUMN_DELETION, random));
            case 1 ->
                    entries.put(
                            row + "000540" + "0" + random.nextInt(3),
                            Plain.random(RowCursor.Kind.ELEMENT, random));
            default -> entries.put(row, Plain.random(RowCursor.Kind.ROW, random));
        }
    }

    static String partition(int number) {
        ByteWriter out = new ByteWriter();
        byte[] key = {(byte) number};
        RowKeys.writePartition(out, number == 2 ? 1 : number - 7L, key, 0, 1);
        return Plain.hex(out.array(), 0, out.length());
    }

    private static String row(int number) {
        return "400" + number + "38";
    }

    /// A bound: of the partition, or of the rows that begin with a component.
    private static String position(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> "10";
            case 1 -> "60";
            case 2 -> "20";
            default -> "400" + random.nextInt(ROWS) + (random.nextBoolean() ? "20" : "60");
        };
    }

    static String bound(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> "";
            case 1 -> partition(random.nextInt(PARTITIONS));
            case 2 -> "ff";
            default -> partition(random.nextInt(PARTITIONS)) + position(random);
        };
    }

    /// Everything that several sources say: each key reconciled, all ranges.
    static PlainSource merged(Collection<PlainSource> sources) {
        PlainSource merged = new PlainSource();
        for (PlainSource source : sources) {
            source.entries.forEach((key, entry) -> merged.entries.merge(key, entry, Plain::merge));
            merged.ranges.addAll(source.ranges);
        }
        return merged;
    }

    Deletion deletionAt(String key) {
        return ranges.stream()
                .filter(range -> range.covers(key))
                .map(Range::deletion)
                .reduce(Deletion.NONE, Deletion::inForceWith);
    }

    Deletion deletionBefore(String bound) {
        return ranges.stream()
                .filter(range -> range.reaches(bound))
                .map(Range::deletion)
                .reduce(Deletion.NONE, Deletion::inForceWith);
    }

    /// What there is in `[start, end)`, in key order; deletions are shown, not applied.
    List<Item> items(String start, String end) {
        TreeSet<String> keys = new TreeSet<>(entries.keySet());
        ranges.forEach(range -> keys.addAll(List.of(range.start, range.end)));
        List<Item> items = new ArrayList<>();
        for (String key : keys.tailSet(start, true).headSet(end, false)) {
            Entry entry = entries.get(key);
            Deletion before = deletionBefore(key);
            Deletion after = deletionAt(key);
            if (entry != null) {
                String value = Plain.HEX.formatHex(Plain.encode(entry, suffixBytes(key)));
                items.add(new Item(entry.kind(), key, value, after, after));
            } else if (!before.equals(after)) {
                items.add(new Item(RowCursor.Kind.BOUNDARY, key, "", before, after));
            }
        }
        return items;
    }

    /// Bytes of an entry's key after its row's position.
    static int suffixBytes(String key) {
        return key.length() / 2 - rowKey(key).length() / 2;
    }

    static String rowKey(String key) {
        int position = partition(0).length();
        int end = key.startsWith("18", position) ? position + 2 : position + 6;
        return key.substring(0, Math.min(end, key.length()));
    }

    /// What is left of all entries in `[start, end)` after every deletion.
    NavigableMap<String, Entry> surviving(String start, String end) {
        NavigableMap<String, Entry> left = new TreeMap<>();
        for (Map.Entry<String, Entry> entry : entries.subMap(start, true, end, false).entrySet()) {
            String key = entry.getKey();
            long deletedTo = deletionAt(key).timestamp();
            if (entry.getValue().kind() != RowCursor.Kind.ROW) {
                deletedTo = Math.max(deletedTo, deletionByRowOrColumn(key));
            }
            Entry kept = Plain.drop(entry.getValue(), deletedTo);
            if (kept != null) {
                left.put(key, kept);
            }
        }
        return left;
    }

    private long deletionByRowOrColumn(String key) {
        String row = rowKey(key);
        long deletedTo = RowCursor.NO_DELETION;
        if (entries.get(row) instanceof Plain.Row(_, var deletion, _, _)) {
            deletedTo = deletion.timestamp();
        }
        String header = key.substring(0, Math.min(key.length(), row.length() + 4));
        if (!header.equals(key) && entries.get(header) instanceof Plain.Header(var deletion)) {
            deletedTo = Math.max(deletedTo, deletion.timestamp());
        }
        return deletedTo;
    }

    @Override
    public String toString() {
        return entries + " " + ranges;
    }

    static byte[] bytes(String hex) {
        return Plain.HEX.parseHex(hex);
    }

    static int compare(byte[] a, byte[] b) {
        return Arrays.compareUnsigned(a, b);
    }
}
