package io.helenus.sstable.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.sstable.model.Plain.Deletion;
import io.helenus.sstable.model.Plain.Entry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// A merge of cursors over several sources shows what one source with all of it would show.
class MergeCursorPropertyTest {
    private final MergeCursor reused = new MergeCursor();

    /// Cursors over `[start, end)` of random sources, and what they hold together.
    private static final class Merge {
        final List<PlainSource> sources = new ArrayList<>();
        PlainSource whole = new PlainSource();
        final String start;
        final String end;
        final boolean reversed;

        Merge(Random random) {
            for (int i = random.nextInt(6); i >= 0; i--) {
                sources.add(PlainSource.random(random));
            }
            merged();
            String one = random.nextInt(3) == 0 ? "" : PlainSource.bound(random);
            String other = random.nextInt(3) == 0 ? "ff" : PlainSource.bound(random);
            start = one.compareTo(other) < 0 ? one : other;
            end = one.compareTo(other) < 0 ? other : one;
            reversed = random.nextBoolean();
        }

        private void merged() {
            whole = PlainSource.merged(sources);
        }

        /// A spelling goes with the row that it came with, whenever that is found to be shadowed.
        Merge withoutSpellings() {
            for (PlainSource source : sources) {
                source.entries.replaceAll((_, entry) ->
                        entry instanceof Plain.Row row
                                ? new Plain.Row(row.liveness(), row.deletion(), row.cells(), null)
                                : entry);
                source.entries
                        .values()
                        .removeIf(entry -> entry instanceof Plain.Row row && row.saysNothing());
            }
            merged();
            return this;
        }

        ListCursor[] cursors(Random random) {
            return sources.stream()
                    .map(source -> new ListCursor(source, start, end, reversed, random))
                    .toArray(ListCursor[]::new);
        }

        /// In the direction of travel. In reverse, elements come before the deletions that stand in
        /// their row or in their column's header, and are still there.
        Map<String, Entry> expected() {
            NavigableMap<String, Entry> surviving = whole.surviving(start, end);
            return new LinkedHashMap<>(reversed ? surviving.descendingMap() : surviving);
        }
    }

    @Property(tries = 3000)
    void mergesAsOneSource(@ForAll Random random) {
        Merge merge = new Merge(random);
        ListCursor[] sources = merge.cursors(random);
        check(merge, reused.open(sources, sources.length, merge.reversed), random, false);
        assertThat(sources).allMatch(ListCursor::isClosed);
    }

    /// A merge may be a source of another one: also what it says at its end counts then.
    @Property(tries = 3000)
    void mergesOfMergesAreMerges(@ForAll Random random) {
        Merge merge = new Merge(random).withoutSpellings();
        RowCursor[] sources = merge.cursors(random);
        int inner = random.nextInt(sources.length + 1);
        RowCursor[] outer = new RowCursor[sources.length - inner + 1];
        RowCursor[] first = new RowCursor[inner];
        System.arraycopy(sources, 0, first, 0, inner);
        System.arraycopy(sources, inner, outer, 1, sources.length - inner);
        outer[0] = new MergeCursor().open(first, inner, merge.reversed);
        check(merge, reused.open(outer, outer.length, merge.reversed), random, false);
    }

    @Property(tries = 3000)
    void skipsLeadToTheRest(@ForAll Random random) {
        Merge merge = new Merge(random);
        ListCursor[] sources = merge.cursors(random);
        check(merge, reused.open(sources, sources.length, merge.reversed), random, true);
    }

    private static void check(Merge merge, MergeCursor cursor, Random random, boolean skips) {
        Map<String, Entry> expected = merge.expected();
        Set<String> boundaries = boundaries(merge);
        String last = null;
        try (cursor) {
            while (true) {
                while (skips && random.nextInt(3) == 0) {
                    String to = PlainSource.bound(random);
                    cursor.skipTo(PlainSource.bytes(to), 0, to.length() / 2);
                    expected.keySet().removeIf(key -> isPassed(key, to, merge.reversed));
                    boundaries.removeIf(key -> isPassed(key, to, merge.reversed));
                }
                RowCursor.Kind kind = cursor.next();
                assertThat(cursor.kind()).isEqualTo(kind);
                if (kind == RowCursor.Kind.END) {
                    break;
                }
                String key = Plain.hex(cursor.keyArray(), cursor.keyOffset(), cursor.keyLength());
                if (last != null) {
                    assertThat(key.compareTo(last) < 0).isEqualTo(merge.reversed);
                }
                last = key;
                if (kind == RowCursor.Kind.BOUNDARY) {
                    checkBoundary(merge, cursor, key);
                    boundaries.remove(key);
                } else {
                    checkEntry(merge, cursor, key, expected);
                }
            }
            Deletion atEnd =
                    merge.reversed
                            ? merge.whole.deletionBefore(merge.start)
                            : merge.whole.deletionBefore(merge.end);
            if (!merge.reversed || !changesAtStart(merge)) {
                assertThat(before(cursor)).as("at the end").isEqualTo(atEnd);
                assertThat(after(cursor)).as("at the end").isEqualTo(atEnd);
            }
        }
        assertThat(expected).as("not shown").isEmpty();
        assertThat(boundaries).as("bounds not shown").isEmpty();
    }

    /// Where the deletion in force changes; at the first key, sources may say so or not.
    private static Set<String> boundaries(Merge merge) {
        TreeSet<String> keys = new TreeSet<>();
        for (PlainSource.Item item : merge.whole.items(merge.start, merge.end)) {
            if (item.kind() == RowCursor.Kind.BOUNDARY && !item.key().equals(merge.start)) {
                keys.add(item.key());
            }
        }
        return keys;
    }

    private static boolean changesAtStart(Merge merge) {
        return merge.whole.ranges.stream()
                .anyMatch(range ->
                        range.start().equals(merge.start) || range.end().equals(merge.start));
    }

    private static boolean isPassed(String key, String to, boolean reversed) {
        return reversed ? key.compareTo(to) >= 0 : key.compareTo(to) < 0;
    }

    private static void checkBoundary(Merge merge, RowCursor cursor, String key) {
        Deletion low = merge.reversed ? after(cursor) : before(cursor);
        Deletion high = merge.reversed ? before(cursor) : after(cursor);
        assertThat(low).isNotEqualTo(high);
        assertThat(high).as("above the bound %s", key).isEqualTo(merge.whole.deletionAt(key));
        if (!key.equals(merge.start)) {
            assertThat(low)
                    .as("below the bound %s", key)
                    .isEqualTo(merge.whole.deletionBefore(key));
        }
        assertThat(cursor.valueLength()).isZero();
    }

    private static void checkEntry(
            Merge merge, RowCursor cursor, String key, Map<String, Entry> expected) {
        Deletion covering = merge.whole.deletionAt(key);
        assertThat(before(cursor)).as("deletion before %s", key).isEqualTo(covering);
        assertThat(after(cursor)).as("deletion after %s", key).isEqualTo(covering);
        Entry shown = Plain.decode(cursor.valueArray(), cursor.valueOffset(), cursor.valueLength());
        assertThat(cursor.kind()).isEqualTo(shown.kind());
        Entry wanted = expected.get(key);
        if (merge.reversed && wanted == null) {
            Entry stored = merge.whole.entries.get(key);
            assertThat(stored).as("entry of %s", key).isNotNull().isEqualTo(shown);
            assertThat(shown.kind()).isNotEqualTo(RowCursor.Kind.ROW);
            return;
        }
        assertThat(shown).as("entry of %s", key).isEqualTo(wanted);
        assertThat(expected.keySet().iterator().next()).isEqualTo(key);
        expected.remove(key);
    }

    private static Deletion before(RowCursor cursor) {
        return new Deletion(
                cursor.beforeTimestamp(), Integer.toUnsignedLong(cursor.beforeDeletionTime()));
    }

    private static Deletion after(RowCursor cursor) {
        return new Deletion(
                cursor.afterTimestamp(), Integer.toUnsignedLong(cursor.afterDeletionTime()));
    }
}
