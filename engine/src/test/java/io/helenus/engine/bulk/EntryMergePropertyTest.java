package io.helenus.engine.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowReconciler;
import io.helenus.sstable.model.RowWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// What is merged is the same as in a naive map, whatever the keys are.
class EntryMergePropertyTest {
    /// How keys are drawn: hard are those that share much, end in zeros, or are another's beginning.
    enum Keys {
        RANDOM,
        FEW_BYTES,
        LONG_PREFIX,
        ZEROS
    }

    @Property(tries = 300)
    void entriesComeOutInOrderAndReconciled(
            @ForAll long seed,
            @ForAll Keys keys,
            @ForAll @IntRange(max = 40) int sources,
            @ForAll @IntRange(max = 200) int count) {
        Random random = new Random(seed);
        RowReconciler reconciler = new RowReconciler();
        NavigableMap<byte[], byte[]> expected = new TreeMap<>(Arrays::compareUnsigned);
        List<EntryCursor> cursors = new ArrayList<>();
        for (int i = 0; i < sources; i++) {
            NavigableMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
            for (int entry = random.nextInt(count + 1); entry > 0; entry--) {
                entries.put(key(random, keys), value(random));
            }
            cursors.add(new Entries(entries));
            entries.forEach((key, value) ->
                    expected.merge(
                            key,
                            value,
                            (a, b) -> {
                                ByteWriter merged = new ByteWriter();
                                reconciler.merge(a, 0, a.length, b, 0, b.length, merged);
                                return merged.toArray();
                            }));
        }
        List<Map.Entry<byte[], byte[]>> found =
                SortBufferPropertyTest.read(new EntryMerge(cursors));
        assertThat(found).hasSize(expected.size());
        int i = 0;
        for (Map.Entry<byte[], byte[]> entry : expected.entrySet()) {
            assertThat(found.get(i).getKey()).isEqualTo(entry.getKey());
            assertThat(found.get(i).getValue()).isEqualTo(entry.getValue());
            i++;
        }
    }

    private static byte[] key(Random random, Keys keys) {
        return switch (keys) {
            case RANDOM -> bytes(random, 8 + random.nextInt(20), 256);
            case FEW_BYTES -> bytes(random, 8 + random.nextInt(6), 2);
            case LONG_PREFIX -> {
                byte[] key = new byte[8 + random.nextInt(40)];
                Arrays.fill(key, (byte) 0xee);
                key[random.nextInt(key.length)] = (byte) random.nextInt(256);
                yield key;
            }
            case ZEROS -> {
                byte[] key = new byte[8 + random.nextInt(30)];
                key[random.nextInt(key.length)] = (byte) random.nextInt(2);
                yield key;
            }
        };
    }

    private static byte[] bytes(Random random, int length, int bound) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) random.nextInt(bound);
        }
        return bytes;
    }

    private static byte[] value(Random random) {
        byte[] cell = bytes(random, random.nextInt(12), 256);
        ByteWriter value = new ByteWriter();
        new RowWriter()
                .beginLiveRow(value, random.nextInt(3))
                .cell(1, random.nextInt(5), cell, 0, cell.length)
                .end();
        return value.toArray();
    }

    /// Reuses its arrays, as a spill does.
    private static final class Entries extends EntryCursor {
        private final Iterator<Map.Entry<byte[], byte[]>> left;

        Entries(NavigableMap<byte[], byte[]> entries) {
            left = entries.entrySet().iterator();
            keyArray = new byte[64];
            valueArray = new byte[64];
        }

        @Override
        boolean advance() {
            if (!left.hasNext()) {
                return false;
            }
            Map.Entry<byte[], byte[]> next = left.next();
            keyLength = next.getKey().length;
            System.arraycopy(next.getKey(), 0, keyArray, 5, keyLength);
            keyOffset = 5;
            valueLength = next.getValue().length;
            System.arraycopy(next.getValue(), 0, valueArray, 0, valueLength);
            return true;
        }

        @Override
        public void close() {
            // holds nothing open
        }
    }
}
