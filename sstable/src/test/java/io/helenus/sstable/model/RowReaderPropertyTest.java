package io.helenus.sstable.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.sstable.model.Plain.Cell;
import io.helenus.sstable.model.Plain.Element;
import io.helenus.sstable.model.Plain.Entry;
import io.helenus.sstable.model.Plain.Liveness;
import io.helenus.sstable.model.Plain.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/// Rows that are read off a merge, in either direction, are those of the model.
class RowReaderPropertyTest {
    /// Columns 0, 127 and 5 are wanted; 1, 128 and 40000 are not.
    private static final int[] SLOTS = slots();

    private static final int MULTI_CELL_SLOT = 1;

    private final RowReader reused = new RowReader();

    private static int[] slots() {
        int[] slots = new int[129];
        Arrays.fill(slots, -1);
        slots[0] = 2;
        slots[127] = 0;
        slots[PlainSource.MULTI_CELL_COLUMN] = MULTI_CELL_SLOT;
        return slots;
    }

    /// What a reader shows of a row.
    record Shown(
            String key,
            boolean live,
            Map<Integer, Cell> cells,
            List<Cell> elements,
            List<String> paths,
            @Nullable String spelling) {}

    @Property(tries = 3000)
    void readsRows(@ForAll Random random) {
        List<PlainSource> parts = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            parts.add(PlainSource.random(random));
        }
        PlainSource whole = PlainSource.merged(parts);
        boolean reversed = random.nextBoolean();
        long now = random.nextInt(10) == 0 ? 0xffff_fffeL : random.nextInt(4);
        ListCursor[] sources =
                parts.stream()
                        .map(part -> new ListCursor(part, "", "ff", reversed, random))
                        .toArray(ListCursor[]::new);
        List<Shown> expected = expected(whole, now);
        if (reversed) {
            expected = new ArrayList<>(expected.reversed());
        }
        boolean skips = random.nextBoolean();
        try (MergeCursor merge = new MergeCursor().open(sources, sources.length, reversed)) {
            RowReader reader = reused.open(merge, reversed, SLOTS, 3, true, now);
            while (true) {
                if (skips && random.nextInt(3) == 0) {
                    String to = PlainSource.bound(random);
                    byte[] bytes = PlainSource.bytes(to);
                    reader.skipTo(bytes, 0, bytes.length);
                    expected.removeIf(row -> reversed == row.key.compareTo(to) >= 0);
                }
                if (!reader.next()) {
                    break;
                }
                Shown shown = shown(reader);
                boolean nothing = !shown.live;
                if (nothing && (expected.isEmpty() || !expected.getFirst().key.equals(shown.key))) {
                    // Deleted only: in reverse that turns out late.
                    assertThat(whole.entries).containsKey(firstUnder(whole, shown.key));
                    continue;
                }
                assertThat(shown).isEqualTo(expected.removeFirst());
            }
            expected.removeIf(row -> !row.live);
            assertThat(expected).as("not shown").isEmpty();
            assertThat(reader.next()).isFalse();
        }
    }

    private static String firstUnder(PlainSource whole, String key) {
        return whole.entries.ceilingKey(key);
    }

    private static List<Shown> expected(PlainSource whole, long now) {
        Map<String, NavigableMap<String, Entry>> rows = new TreeMap<>();
        whole.surviving("", "ff")
                .forEach((key, entry) ->
                        rows.computeIfAbsent(PlainSource.rowKey(key), _ -> new TreeMap<>())
                                .put(key, entry));
        List<Shown> shown = new ArrayList<>();
        rows.forEach((key, entries) -> shown.add(expectedRow(key, entries, now)));
        return shown;
    }

    private static Shown expectedRow(String key, NavigableMap<String, Entry> entries, long now) {
        boolean live = false;
        Map<Integer, Cell> cells = new TreeMap<>();
        List<Cell> elements = new ArrayList<>();
        List<String> paths = new ArrayList<>();
        String spelling = null;
        for (Map.Entry<String, Entry> entry : entries.entrySet()) {
            if (entry.getValue() instanceof Row row) {
                spelling = row.spelling();
                Liveness liveness = row.liveness();
                live |= liveness != null && (liveness.ttl() == 0 || now < liveness.expiry());
                for (Map.Entry<Integer, Cell> cell : row.cells().entrySet()) {
                    if (cell.getValue().isLive(now)) {
                        live = true;
                        if (cell.getKey() == 0 || cell.getKey() == 127) {
                            cells.put(cell.getKey(), cell.getValue());
                        }
                    }
                }
            } else if (entry.getValue() instanceof Element(Cell cell) && cell.isLive(now)) {
                live = true;
                elements.add(cell);
                paths.add(entry.getKey().substring(key.length() + 4));
            }
        }
        return new Shown(key, live, cells, elements, paths, spelling);
    }

    private static Shown shown(RowReader reader) {
        Map<Integer, Cell> cells = new TreeMap<>();
        putCell(reader, 2, 0, cells);
        putCell(reader, 0, 127, cells);
        List<Cell> elements = new ArrayList<>();
        List<String> paths = new ArrayList<>();
        int first = reader.firstElement(MULTI_CELL_SLOT);
        for (int i = first; i < first + reader.elementCount(MULTI_CELL_SLOT); i++) {
            byte[] array = reader.elementArray();
            paths.add(Plain.hex(array, reader.pathOffset(i), reader.pathLength(i)));
            elements.add(
                    new Cell(
                            reader.elementTimestamp(i),
                            false,
                            reader.elementTtl(i),
                            Integer.toUnsignedLong(reader.elementExpiry(i)),
                            Plain.hex(array, reader.elementOffset(i), reader.elementLength(i))));
        }
        String spelling =
                reader.spellingLength() < 0
                        ? null
                        : Plain.hex(
                                reader.cellArray(),
                                reader.spellingOffset(),
                                reader.spellingLength());
        String key = Plain.hex(reader.keyArray(), reader.keyOffset(), reader.keyLength());
        assertThat(reader.isStatic()).isEqualTo(key.endsWith("18") && !key.endsWith("3818"));
        return new Shown(key, reader.isLive(), cells, elements, paths, spelling);
    }

    private static void putCell(RowReader reader, int slot, int column, Map<Integer, Cell> cells) {
        if (reader.cellLength(slot) >= 0) {
            cells.put(
                    column,
                    new Cell(
                            reader.cellTimestamp(slot),
                            false,
                            reader.cellTtl(slot),
                            Integer.toUnsignedLong(reader.cellExpiry(slot)),
                            Plain.hex(
                                    reader.cellArray(),
                                    reader.cellOffset(slot),
                                    reader.cellLength(slot))));
        }
    }
}
