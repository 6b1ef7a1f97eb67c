package io.helenus.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.storage.mutation.MutationWriter;
import io.helenus.sstable.file.ReadMode;
import io.helenus.sstable.file.SSTableCursor;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.MergeCursor;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/// Random mutations, flushes, restarts, compactions and truncations; every read must answer what
/// [NaiveTable] does.
class TableStorePropertyTest {
    private static final int PARTITIONS = 6;
    private static final int SIMPLE_COLUMNS = 3;
    private static final int MULTI_CELL_COLUMN = 9;
    private static final int TIMESTAMPS = 12;

    @Property(tries = 300)
    void readsAnswerLikeTheNaiveTable(@ForAll long seed) throws IOException {
        new Run(seed, 64 << 20).run(120);
    }

    @Property(tries = 60)
    void readsAnswerLikeTheNaiveTableWhenMemoryIsTiny(@ForAll long seed) throws IOException {
        new Run(seed, 20_000).run(400);
    }

    private static final class Run {
        private final Random random;
        private final TestNode node;
        private final TableName name;
        private final NaiveTable naive = new NaiveTable();

        Run(long seed, long memtableBytesMax) {
            random = new Random(seed);
            node = new TestNode(new SimulatedDisk(random), random);
            node.memtableBytesMax = memtableBytesMax;
            name = node.define("t", TestNode.smallBlocks());
        }

        private TableStore table() {
            return node.table(name);
        }

        void run(int steps) throws IOException {
            node.start();
            for (int i = 0; i < steps; i++) {
                step();
            }
            readAll();
            node.restart();
            readAll();
            node.close();
        }

        private void step() throws IOException {
            int choice = random.nextInt(100);
            if (choice < 60) {
                write();
            } else if (choice < 66) {
                var _ = table().flush();
                if (random.nextBoolean()) {
                    node.runExecutor();
                }
            } else if (choice < 68) {
                node.restart();
            } else if (choice < 72) {
                compact();
            } else if (choice < 73) {
                truncate();
            } else if (choice < 76) {
                node.runExecutor();
            } else if (choice < 84) {
                readRows();
            } else {
                readRange();
            }
        }

        // ---- Writing

        private void write() {
            int partition = random.nextInt(PARTITIONS);
            MutationWriter mutation = Cql.mutation(partition);
            int operations = 1 + random.nextInt(4);
            for (int i = 0; i < operations; i++) {
                if (random.nextInt(5) == 0) {
                    deleteRange(mutation, partition);
                } else {
                    entry(mutation, partition);
                }
            }
            if (!mutation.isEmpty()) {
                assertThat(node.write(table(), mutation.finish()).applied).isTrue();
            }
        }

        private void deleteRange(MutationWriter mutation, int partition) {
            byte[] one = bound();
            byte[] other = random.nextInt(6) == 0 ? Cql.after() : bound();
            boolean inOrder = Arrays.compareUnsigned(one, other) < 0;
            byte[] start = inOrder ? one : other;
            byte[] end = inOrder ? other : one;
            long timestamp = timestamp();
            int time = random.nextInt(3);
            Cql.deletion(mutation, start, end, timestamp, time);
            naive.deleteRange(Cql.key(partition, start), Cql.key(partition, end), timestamp, time);
        }

        private byte[] bound() {
            int components = random.nextInt(3);
            int[] clustering = random.ints(components, 0, 3).toArray();
            return random.nextBoolean() ? Cql.before(clustering) : Cql.after(clustering);
        }

        private void entry(MutationWriter mutation, int partition) {
            byte[] row = row();
            byte[] position = row;
            ByteWriter value = new ByteWriter();
            int kind = random.nextInt(8);
            if (kind < 5) {
                rowValue(value);
            } else if (kind < 6) {
                position = Cql.column(row, MULTI_CELL_COLUMN);
                RowWriter.columnDeletion(value, timestamp(), random.nextInt(3));
            } else {
                position = Cql.element(row, MULTI_CELL_COLUMN, random.nextInt(3));
                elementValue(value, position.length - row.length);
            }
            Cql.entry(mutation, position, value);
            naive.entry(Cql.key(partition, position), value.toArray());
        }

        private byte[] row() {
            return random.nextInt(8) == 0
                    ? Cql.staticRow()
                    : Cql.row(random.nextInt(3), random.nextInt(3));
        }

        private long timestamp() {
            return 1L + random.nextInt(TIMESTAMPS);
        }

        private byte[] cellValue() {
            byte[] value = new byte[random.nextInt(4)];
            random.nextBytes(value);
            return value;
        }

        private void rowValue(ByteWriter out) {
            RowWriter writer = new RowWriter();
            long base = timestamp();
            if (random.nextInt(6) == 0) {
                writer.beginDeletedRow(out, base, random.nextInt(3)).end();
                return;
            }
            switch (random.nextInt(3)) {
                case 0 -> writer.beginRow(out, base);
                case 1 -> writer.beginLiveRow(out, base);
                default ->
                        writer.beginExpiringRow(
                                out, base, 1 + random.nextInt(2), random.nextInt(3));
            }
            int first = 1 + random.nextInt(SIMPLE_COLUMNS);
            for (int column = first; column <= SIMPLE_COLUMNS; column++) {
                long timestamp = random.nextBoolean() ? base : timestamp();
                byte[] value = cellValue();
                switch (random.nextInt(4)) {
                    case 0 -> writer.tombstone(column, timestamp, random.nextInt(3));
                    case 1 ->
                            writer.expiringCell(
                                    column,
                                    timestamp,
                                    1 + random.nextInt(2),
                                    random.nextInt(3),
                                    value,
                                    0,
                                    value.length);
                    default -> writer.cell(column, timestamp, value, 0, value.length);
                }
            }
            writer.end();
        }

        private void elementValue(ByteWriter out, int suffixLength) {
            byte[] value = cellValue();
            switch (random.nextInt(3)) {
                case 0 ->
                        RowWriter.elementTombstone(
                                out, suffixLength, timestamp(), random.nextInt(3));
                case 1 ->
                        RowWriter.expiringElement(
                                out,
                                suffixLength,
                                timestamp(),
                                1 + random.nextInt(2),
                                random.nextInt(3),
                                value,
                                0,
                                value.length);
                default ->
                        RowWriter.element(out, suffixLength, timestamp(), value, 0, value.length);
            }
        }

        // ---- Files

        private void truncate() throws IOException {
            var truncated = table().truncate();
            // What is written while a truncation is under way stays.
            naive.clear();
            for (int i = random.nextInt(3); i > 0; i--) {
                write();
            }
            node.runExecutor();
            assertThat(truncated).isCompleted();
        }

        /// Merges some of the SSTables into one, dropping nothing but what is shadowed.
        private void compact() throws IOException {
            node.runExecutor();
            List<SSTable> chosen = new ArrayList<>(table().sstables());
            chosen.removeIf(_ -> random.nextInt(3) == 0);
            if (chosen.isEmpty()) {
                return;
            }
            assertThat(table().reserve(chosen)).isTrue();
            List<SSTable> added = new ArrayList<>();
            try (SSTableDraft draft = table().newDraft(table().settings().sstable())) {
                RowCursor[] sources = new RowCursor[chosen.size()];
                for (int i = 0; i < sources.length; i++) {
                    sources[i] =
                            new SSTableCursor()
                                    .openAll(chosen.get(i).reader(), false, ReadMode.SCAN);
                }
                try (var merge = new MergeCursor()) {
                    draft.writer().appendAll(merge.open(sources, sources.length, false));
                }
                added.add(draft.finish(1));
            }
            table().replace(chosen, added);
            table().unreserve(chosen);
        }

        // ---- Reading

        private void readAll() {
            compareRange(new byte[0], null);
            for (int partition = 0; partition < PARTITIONS; partition++) {
                byte[] start = Cql.key(partition, Cql.before());
                compareRange(start, Cql.key(partition, Cql.after()));
            }
            readRows();
        }

        private void readRange() {
            int partition = random.nextInt(PARTITIONS);
            byte[] one = rangeEnd(partition);
            byte[] other =
                    rangeEnd(random.nextInt(3) == 0 ? random.nextInt(PARTITIONS) : partition);
            boolean inOrder = Arrays.compareUnsigned(one, other) < 0;
            compareRange(inOrder ? one : other, inOrder ? other : one);
        }

        private byte[] rangeEnd(int partition) {
            return switch (random.nextInt(8)) {
                case 0 -> Cql.partition(partition).toArray();
                case 1 -> Arrays.copyOf(Cql.partition(partition).toArray(), 8);
                default -> Cql.key(partition, bound());
            };
        }

        private void compareRange(byte[] start, byte @Nullable [] end) {
            Map<String, NaiveTable.Item> expected = naive.read(start, end);
            assertThat(forward(start, end)).as("forward").isEqualTo(expected);
            assertThat(reverse(start, end).keySet())
                    .as("reverse")
                    .containsExactlyElementsOf(List.copyOf(expected.keySet()).reversed());
            assertThat(reverse(start, end)).as("reverse").isEqualTo(expected);
            checkSkips(start, end, expected, false);
            checkSkips(start, end, expected, true);
        }

        /// Skips to bounds now and then: what is between is not shown, and the rest is as always.
        private void checkSkips(
                byte[] start,
                byte @Nullable [] end,
                Map<String, NaiveTable.Item> expected,
                boolean reversed) {
            List<String> left = new ArrayList<>(expected.keySet());
            if (reversed) {
                left = new ArrayList<>(left.reversed());
            }
            try (ReadView view = table().read(node.context())) {
                RowCursor cursor = open(view, start, end, reversed);
                while (true) {
                    if (random.nextInt(4) == 0) {
                        byte[] to = rangeEnd(random.nextInt(PARTITIONS));
                        cursor.skipTo(to, 0, to.length);
                        String text = HexFormat.of().formatHex(to);
                        left.removeIf(key ->
                                reversed ? key.compareTo(text) >= 0 : key.compareTo(text) < 0);
                    }
                    RowCursor.Kind kind = cursor.next();
                    if (kind == RowCursor.Kind.END) {
                        break;
                    }
                    byte[] key = keyOf(cursor);
                    check(cursor, key, reversed);
                    if (kind != RowCursor.Kind.BOUNDARY) {
                        String shown = HexFormat.of().formatHex(key);
                        if (reversed && !expected.containsKey(shown)) {
                            continue; // a deletion that comes later in reverse takes it away
                        }
                        assertThat(shown).isEqualTo(left.removeFirst());
                    }
                }
                assertThat(left).isEmpty();
            }
        }

        private Map<String, NaiveTable.Item> forward(byte[] start, byte @Nullable [] end) {
            Map<String, NaiveTable.Item> shown = new LinkedHashMap<>();
            byte[] last = new byte[0];
            try (ReadView view = table().read(node.context())) {
                RowCursor cursor = open(view, start, end, false);
                while (cursor.next() != RowCursor.Kind.END) {
                    byte[] key = keyOf(cursor);
                    assertThat(Arrays.compareUnsigned(last, key)).isNegative();
                    last = key;
                    check(cursor, key, false);
                    if (cursor.kind() != RowCursor.Kind.BOUNDARY) {
                        shown.put(HexFormat.of().formatHex(key), itemOf(cursor));
                    }
                }
            }
            return shown;
        }

        /// Applies the deletions of rows and columns, which a reverse cursor meets too late.
        private Map<String, NaiveTable.Item> reverse(byte[] start, byte @Nullable [] end) {
            Map<String, NaiveTable.Item> shown = new LinkedHashMap<>();
            byte[] last = null;
            try (ReadView view = table().read(node.context())) {
                RowCursor cursor = open(view, start, end, true);
                while (cursor.next() != RowCursor.Kind.END) {
                    byte[] key = keyOf(cursor);
                    assertThat(last == null || Arrays.compareUnsigned(last, key) > 0).isTrue();
                    last = key;
                    check(cursor, key, true);
                    if (cursor.kind() == RowCursor.Kind.BOUNDARY) {
                        continue;
                    }
                    NaiveTable.Item item = itemOf(cursor);
                    String text = HexFormat.of().formatHex(key);
                    shown.entrySet()
                            .removeIf(other ->
                                    other.getKey().startsWith(text)
                                            && timestampOf(other.getValue())
                                                    <= item.deletion().timestamp());
                    shown.put(text, item);
                }
            }
            return shown;
        }

        private static long timestampOf(NaiveTable.Item item) {
            NaiveTable.Cell element = item.element();
            return element == null ? item.deletion().timestamp() : element.timestamp();
        }

        private static RowCursor open(
                ReadView view, byte[] start, byte @Nullable [] end, boolean reversed) {
            return view.cursor(
                    start,
                    0,
                    start.length,
                    end,
                    0,
                    end == null ? 0 : end.length,
                    reversed,
                    ReadMode.FILL);
        }

        private void check(RowCursor cursor, byte[] key, boolean reversed) {
            NaiveTable.Deletion covering = naive.deletionAt(key);
            if (cursor.kind() == RowCursor.Kind.BOUNDARY) {
                NaiveTable.Deletion above = reversed ? before(cursor) : after(cursor);
                assertThat(above).as("deletion above the bound").isEqualTo(covering);
                assertThat(before(cursor)).isNotEqualTo(after(cursor));
            } else {
                assertThat(before(cursor))
                        .as("deletion before %s %s", cursor.kind(), HexFormat.of().formatHex(key))
                        .isEqualTo(covering);
                assertThat(after(cursor)).as("deletion after").isEqualTo(covering);
            }
        }

        private static NaiveTable.Deletion before(RowCursor cursor) {
            return new NaiveTable.Deletion(cursor.beforeTimestamp(), cursor.beforeDeletionTime());
        }

        private static NaiveTable.Deletion after(RowCursor cursor) {
            return new NaiveTable.Deletion(cursor.afterTimestamp(), cursor.afterDeletionTime());
        }

        private static byte[] keyOf(RowCursor cursor) {
            return Arrays.copyOfRange(
                    cursor.keyArray(), cursor.keyOffset(), cursor.keyOffset() + cursor.keyLength());
        }

        private static NaiveTable.Item itemOf(RowCursor cursor) {
            return NaiveTable.decode(
                    cursor.valueArray(), cursor.valueOffset(), cursor.valueLength());
        }

        private void readRows() {
            RowResult result = new RowResult();
            try (ReadView view = table().read(node.context())) {
                for (int i = 0; i < 12; i++) {
                    byte[] key = Cql.key(random.nextInt(PARTITIONS), row());
                    NaiveTable.Item expected = withoutDeletion(naive.readEntry(key));
                    view.readRow(key, 0, key.length, null, ReadMode.FILL, result);
                    assertThat(shown(result)).isEqualTo(expected);
                    compareWanted(view, key, expected, result);
                }
            }
        }

        /// With the wanted columns known, those must be right, and whether the row is there.
        private void compareWanted(
                ReadView view, byte[] key, NaiveTable.@Nullable Item expected, RowResult result) {
            int[] wanted = random.nextBoolean() ? new int[] {2} : new int[] {1, 3};
            view.readRow(key, 0, key.length, wanted, ReadMode.FILL, result);
            NaiveTable.Item found = shown(result);
            if (expected == null) {
                assertThat(found).isNull();
                return;
            }
            assertThat(found).isNotNull();
            if (found != null) {
                assertThat(found.liveness()).isEqualTo(expected.liveness());
                for (int column : wanted) {
                    assertThat(found.cells().get(column)).isEqualTo(expected.cells().get(column));
                }
            }
        }

        private static NaiveTable.@Nullable Item shown(RowResult result) {
            return result.isFound()
                    ? withoutDeletion(
                            NaiveTable.decode(result.array(), result.offset(), result.length()))
                    : null;
        }

        /// Reading a row stops early, so of a row without content it may say that it is deleted, or
        /// nothing.
        private static NaiveTable.@Nullable Item withoutDeletion(NaiveTable.@Nullable Item item) {
            return item == null || item.liveness() == null && item.cells().isEmpty()
                    ? null
                    : new NaiveTable.Item(
                            item.kind(),
                            item.liveness(),
                            NaiveTable.Deletion.NONE,
                            item.cells(),
                            item.element());
        }
    }
}
