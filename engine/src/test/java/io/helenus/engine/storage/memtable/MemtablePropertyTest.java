package io.helenus.engine.storage.memtable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.engine.storage.mutation.MutationWriter;
import io.helenus.engine.storage.mutation.WriteCallback;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowKeys;
import io.helenus.sstable.model.RowView;
import io.helenus.sstable.model.RowWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MemtablePropertyTest {
    private static final WriteCallback NOBODY =
            new WriteCallback() {
                @Override
                public void applied() {
                    throw new AssertionError("Nobody else writes");
                }

                @Override
                public void failed(Throwable failure) {
                    throw new AssertionError(failure);
                }
            };

    private final MemtableReaders readers = new MemtableReaders();
    private final ChunkPool chunks = new ChunkPool(4 << 20);

    private static void write(Memtable memtable, long token, byte[] key, byte[] row, long time) {
        ByteWriter value = new ByteWriter();
        new RowWriter().beginLiveRow(value, time).end();
        ByteWriter mutation =
                new MutationWriter()
                        .begin(1, token, key, 0, key.length)
                        .entry(row, 0, row.length, value.array(), 0, value.length())
                        .finish();
        assertThat(memtable.group().enter()).isTrue();
        assertThat(memtable.apply(mutation.array(), 0, mutation.length(), NOBODY)).isTrue();
    }

    private static byte[] row(int number) {
        return new ByteWriter()
                .writeByte(RowKeys.TAG_VALUE)
                .writeShort(number)
                .writeByte(RowKeys.ROW_END)
                .toArray();
    }

    private static byte[] rowKey(long token, byte[] key, byte[] row) {
        ByteWriter out = new ByteWriter();
        RowKeys.writePartition(out, token, key, 0, key.length);
        return out.writeBytes(row).toArray();
    }

    /// Uniform tokens, tokens that crowd in a corner of the ring, and the same ones again and again.
    private static long token(Random random, int kind) {
        return switch (kind) {
            case 0 -> random.nextLong();
            case 1 -> Long.MIN_VALUE + random.nextInt(50);
            case 2 -> (long) random.nextInt(4) << 60;
            default -> Long.MAX_VALUE - random.nextInt(3);
        };
    }

    @Property(tries = 150)
    void walksAndLookUpsFindWhatASortedMapHas(@ForAll long seed) {
        Random random = new Random(seed);
        Memtable memtable =
                new Memtable(
                        readers,
                        chunks,
                        _ -> {},
                        random,
                        1 + random.nextInt(8),
                        random.nextInt(40));
        NavigableMap<byte[], Long> expected = new TreeMap<>(Arrays::compareUnsigned);
        List<byte[]> keys = new ArrayList<>();
        int kinds = 1 + random.nextInt(4);
        int rows = 1 + random.nextInt(200);
        for (int i = 0; i < 600; i++) {
            long token = token(random, random.nextInt(kinds));
            byte[] key = new byte[random.nextInt(3)];
            random.nextBytes(key);
            byte[] row = row(random.nextInt(rows));
            long time = random.nextInt(1000);
            write(memtable, token, key, row, time);
            byte[] rowKey = rowKey(token, key, row);
            expected.merge(rowKey, time, Math::max);
            keys.add(rowKey);
        }
        checkLookUps(memtable, expected, keys);
        for (int i = 0; i < 40; i++) {
            byte[] start = anyKey(random, keys);
            byte[] end = anyKey(random, keys);
            checkWalk(random, memtable, expected, start, random.nextInt(5) == 0 ? null : end);
        }
    }

    private void checkLookUps(
            Memtable memtable, NavigableMap<byte[], Long> expected, List<byte[]> keys) {
        MemtableRow found = new MemtableRow();
        MemtableCursor pinned = new MemtableCursor(readers);
        RowView view = new RowView();
        for (byte[] key : keys) {
            memtable.readRow(key, 0, key.length, found, pinned);
            assertThat(found.isFound()).isTrue();
            assertThat(view.wrap(found.valueArray(), 0, found.valueLength()).timestamp())
                    .isEqualTo(expected.get(key));
            byte[] absent = key.clone();
            absent[absent.length - 1] = 0x39;
            memtable.readRow(absent, 0, absent.length, found, pinned);
            assertThat(found.isFound()).isFalse();
        }
        pinned.unregister();
    }

    private static byte[] anyKey(Random random, List<byte[]> keys) {
        byte[] key = keys.get(random.nextInt(keys.size())).clone();
        return switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(key, random.nextInt(key.length + 1));
            case 1 -> {
                key[random.nextInt(key.length)] += (byte) random.nextInt(3);
                yield key;
            }
            case 2 -> {
                key[key.length - 1] =
                        random.nextBoolean() ? RowKeys.BOUND_BEFORE : RowKeys.BOUND_AFTER;
                yield key;
            }
            default -> key;
        };
    }

    private void checkWalk(
            Random random,
            Memtable memtable,
            NavigableMap<byte[], Long> expected,
            byte[] start,
            byte @Nullable [] end) {
        boolean reversed = random.nextBoolean();
        NavigableMap<byte[], Long> range;
        if (end == null) {
            range = expected.tailMap(start, true);
        } else if (Arrays.compareUnsigned(start, end) < 0) {
            range = expected.subMap(start, true, end, false);
        } else {
            range = new TreeMap<>(expected.comparator());
        }
        List<Map.Entry<byte[], Long>> left =
                new ArrayList<>((reversed ? range.descendingMap() : range).entrySet());
        MemtableCursor cursor = new MemtableCursor(readers);
        byte[] endArray = end == null ? start : end;
        cursor.open(
                memtable,
                start,
                0,
                start.length,
                endArray,
                0,
                end == null ? -1 : end.length,
                reversed);
        RowView view = new RowView();
        while (true) {
            if (random.nextInt(10) == 0) {
                List<byte[]> keys = new ArrayList<>(expected.keySet());
                byte[] to = anyKey(random, keys);
                cursor.skipTo(to, 0, to.length);
                left.removeIf(entry -> {
                    int order = Arrays.compareUnsigned(entry.getKey(), to);
                    return reversed ? order >= 0 : order < 0;
                });
            }
            RowCursor.Kind kind = cursor.next();
            if (left.isEmpty()) {
                assertThat(kind).isEqualTo(RowCursor.Kind.END);
                break;
            }
            assertThat(kind).isEqualTo(RowCursor.Kind.ROW);
            Map.Entry<byte[], Long> next = left.removeFirst();
            assertThat(Arrays.copyOf(cursor.keyArray(), cursor.keyLength()))
                    .isEqualTo(next.getKey());
            view.wrap(cursor.valueArray(), cursor.valueOffset(), cursor.valueLength());
            assertThat(view.timestamp()).isEqualTo(next.getValue());
        }
        cursor.unregister();
    }

    @Test
    void supersededVersionsAreGivenBackOnceNobodyReadsThem() {
        Memtable memtable = new Memtable(readers, chunks, _ -> {}, new Random(1), 1, 4);
        byte[] key = {1};
        write(memtable, 5, key, row(1), 0);
        byte[] from = {};
        MemtableCursor reader = new MemtableCursor(readers);
        reader.open(memtable, from, 0, 0, from, 0, -1, false);
        for (int i = 1; i <= 100; i++) {
            write(memtable, 5, key, row(1), i);
        }
        memtable.reportAll();
        long held = memtable.bytes();
        assertThat(reader.next()).isEqualTo(RowCursor.Kind.ROW);
        assertThat(
                        new RowView()
                                .wrap(
                                        reader.valueArray(),
                                        reader.valueOffset(),
                                        reader.valueLength())
                                .timestamp())
                .isZero();
        reader.unregister();
        for (int i = 101; i <= 10_000; i++) {
            write(memtable, 5, key, row(1), i);
        }
        memtable.reportAll();
        assertThat(memtable.bytes()).isLessThan(4 * held);
    }

    @Test
    void aWriteThatBreaksAMemtableIsNeverSeenByHalves() {
        Memtable memtable = new Memtable(readers, chunks, _ -> {}, new Random(1), 1, 4);
        byte[] key = {1};
        write(memtable, 5, key, row(1), 1);
        ByteWriter bytes =
                new MutationWriter()
                        .begin(1, 5, key, 0, 1)
                        .entry(row(2), 0, row(2).length, new byte[] {1, 2}, 0, 2)
                        .entry(row(1), 0, row(1).length, new byte[] {(byte) 0x80, 2}, 0, 2)
                        .finish();
        assertThat(memtable.group().enter()).isTrue();
        assertThatThrownBy(() -> memtable.apply(bytes.array(), 0, bytes.length(), NOBODY))
                .isInstanceOf(RuntimeException.class);
        MemtableRow found = new MemtableRow();
        MemtableCursor pinned = new MemtableCursor(readers);
        byte[] second = rowKey(5, key, row(2));
        memtable.readRow(second, 0, second.length, found, pinned);
        assertThat(found.isFound()).isFalse();
        AtomicBoolean drained = new AtomicBoolean();
        memtable.group().close(() -> drained.set(true));
        assertThat(drained).isTrue();
    }
}
