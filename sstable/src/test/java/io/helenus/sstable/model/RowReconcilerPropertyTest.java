package io.helenus.sstable.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.sstable.model.Plain.Cell;
import io.helenus.sstable.model.Plain.Deletion;
import io.helenus.sstable.model.Plain.Entry;
import io.helenus.sstable.model.Plain.Row;
import io.helenus.sstable.model.RowReconciler.Remains;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowReconcilerPropertyTest {
    private static final RowCursor.Kind[] ENTRIES = {
        RowCursor.Kind.ROW, RowCursor.Kind.COLUMN_DELETION, RowCursor.Kind.ELEMENT
    };

    private final RowReconciler reconciler = new RowReconciler();

    /// Merges encoded entries that lie anywhere in their arrays.
    private Entry merge(Entry a, Entry b) {
        byte[] left = Plain.encode(a, Plain.SUFFIX_BYTES);
        byte[] right = Plain.encode(b, Plain.SUFFIX_BYTES);
        byte[] both = Arrays.copyOf(left, left.length + right.length + 1);
        System.arraycopy(right, 0, both, left.length + 1, right.length);
        ByteWriter out = new ByteWriter(1).writeByte(77);
        reconciler.merge(both, 0, left.length, both, left.length + 1, right.length, out);
        assertThat(out.array()[0]).isEqualTo((byte) 77);
        assertThat(new EntryCheck().wrongWith(out.array(), 1, out.length() - 1)).isNull();
        return Plain.decode(out.array(), 1, out.length() - 1);
    }

    @Property(tries = 4000)
    void reconcilesAsTheModel(@ForAll Random random) {
        RowCursor.Kind kind = ENTRIES[random.nextInt(3)];
        Entry a = Plain.random(kind, random);
        Entry b = Plain.random(kind, random);
        Entry c = Plain.random(kind, random);
        Entry ab = merge(a, b);
        assertThat(ab).isEqualTo(Plain.merge(a, b));
        assertThat(merge(b, a)).as("commutative").isEqualTo(ab);
        assertThat(merge(a, a)).as("idempotent").isEqualTo(a);
        assertThat(merge(ab, b)).as("absorbs").isEqualTo(ab);
        assertThat(merge(ab, c)).as("associative").isEqualTo(merge(a, merge(b, c)));
    }

    @Property(tries = 4000)
    void dropsWhatIsShadowed(@ForAll Random random) {
        Entry entry = Plain.random(ENTRIES[random.nextInt(3)], random);
        long deletedTo = Plain.randomDeletion(random).timestamp();
        byte[] value = Plain.encode(entry, Plain.SUFFIX_BYTES);
        ByteWriter out = new ByteWriter();
        Remains remains = reconciler.dropShadowed(value, 0, value.length, deletedTo, out);
        Entry expected = Plain.drop(entry, deletedTo);
        switch (remains) {
            case ALL -> {
                assertThat(expected).isEqualTo(entry);
                assertThat(out.length()).isZero();
            }
            case SOME -> assertThat(Plain.decode(out.array(), 0, out.length())).isEqualTo(expected);
            case NONE -> assertThat(expected).isNull();
        }
    }

    /// Merging first or dropping first is the same: deletions may meet data in any order.
    @Property(tries = 2000)
    void droppingAndMergingCommute(@ForAll Random random) {
        RowCursor.Kind kind = ENTRIES[random.nextInt(3)];
        Entry a = Plain.random(kind, random);
        Entry b = Plain.random(kind, random);
        long deletedTo = Plain.randomDeletion(random).timestamp();
        Entry droppedA = Plain.drop(a, deletedTo);
        Entry droppedB = Plain.drop(b, deletedTo);
        Entry late = Plain.drop(merge(a, b), deletedTo);
        Entry early;
        if (droppedA == null || droppedB == null) {
            early = droppedA == null ? droppedB : droppedA;
        } else {
            early = merge(droppedA, droppedB);
        }
        assertThat(withoutSpelling(early)).isEqualTo(withoutSpelling(late));
    }

    /// The spelling goes with the row that it came with; any will do.
    private static @Nullable Entry withoutSpelling(@Nullable Entry entry) {
        if (!(entry instanceof Row row)) {
            return entry;
        }
        Row bare = new Row(row.liveness(), row.deletion(), row.cells(), null);
        return bare.saysNothing() ? null : bare;
    }

    @Property(tries = 3000)
    void whatIsWrittenIsRead(@ForAll Random random) {
        Entry entry = Plain.random(ENTRIES[random.nextInt(3)], random);
        byte[] value = Plain.encode(entry, random.nextInt(300));
        assertThat(Plain.decode(value, 0, value.length)).isEqualTo(entry);
        assertThat(ElementView.kind(value, 0)).isEqualTo(entry.kind());
        assertThat(new EntryCheck().wrongWith(value, 0, value.length)).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 129, 16_383, 16_384, 60_000})
    void aRowHasAnyNumberOfCells(int count) {
        Map<Integer, Cell> cells = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            cells.put(i, new Cell(i, false, 0, 0, "0" + i % 10));
        }
        Row row = new Row(null, new Deletion(-5, 3), cells, null);
        byte[] value = Plain.encode(row, 0);
        assertThat(Plain.decode(value, 0, value.length)).isEqualTo(row);
        assertThat(merge(row, row)).isEqualTo(row);
    }

    /// Cut, lengthened or altered: the check finds it, or what it passes can be read within its bounds.
    @Property(tries = 6000)
    void damagedEntriesAreRefusedOrReadable(@ForAll Random random) {
        Entry entry = Plain.random(ENTRIES[random.nextInt(3)], random);
        byte[] value = Plain.encode(entry, Plain.SUFFIX_BYTES);
        byte[] damaged =
                switch (random.nextInt(3)) {
                    case 0 -> Arrays.copyOf(value, random.nextInt(value.length));
                    case 1 -> Arrays.copyOf(value, value.length + 1 + random.nextInt(3));
                    default -> value.clone();
                };
        for (int i = damaged.length == 0 ? 0 : random.nextInt(4); i > 0; i--) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }
        String wrong = new EntryCheck().wrongWith(damaged, 0, damaged.length);
        if (wrong == null) {
            Entry read = Plain.decode(damaged, 0, damaged.length);
            ByteWriter out = new ByteWriter();
            reconciler.merge(damaged, 0, damaged.length, damaged, 0, damaged.length, out);
            assertThat(Plain.decode(out.array(), 0, out.length()).kind()).isEqualTo(read.kind());
        }
    }
}
