package io.helenus.engine.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowCursor.Kind;
import io.helenus.sstable.model.RowKeys;
import io.helenus.sstable.model.RowReconciler;
import io.helenus.sstable.model.RowWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// What is sorted is the same as in a naive map, whatever the keys are.
class SortBufferPropertyTest {
    /// How tokens are drawn: what is hard is many that are equal, or nearly.
    enum Tokens {
        RANDOM,
        FEW,
        NEAR_EACH_OTHER,
        ASCENDING
    }

    @Property(tries = 200)
    void entriesComeOutInOrderAndReconciled(
            @ForAll long seed,
            @ForAll Tokens tokens,
            @ForAll @IntRange(max = 3000) int count,
            @ForAll boolean reused) {
        Random random = new Random(seed);
        SortBuffer buffer = new SortBuffer(1 << 20);
        if (reused) {
            fill(buffer, random, Tokens.RANDOM, 500);
            buffer.sort();
            buffer.clear();
        }
        NavigableMap<byte[], byte[]> expected = fill(buffer, random, tokens, count);
        buffer.sort();
        assertSame(read(buffer.cursor(TokenSpan.ALL)), expected);
        long middle = random.nextLong();
        assertSame(
                read(buffer.cursor(new TokenSpan(0, middle, false))),
                expected.headMap(key(middle), false));
        assertSame(
                read(buffer.cursor(new TokenSpan(middle, 0, true))),
                expected.tailMap(key(middle), true));
    }

    private static byte[] key(long token) {
        return new ByteWriter().writeLong(token).toArray();
    }

    private static void assertSame(
            List<Map.Entry<byte[], byte[]>> found, NavigableMap<byte[], byte[]> expected) {
        assertThat(found).hasSize(expected.size());
        int i = 0;
        for (Map.Entry<byte[], byte[]> entry : expected.entrySet()) {
            assertThat(found.get(i).getKey()).isEqualTo(entry.getKey());
            assertThat(found.get(i).getValue()).isEqualTo(entry.getValue());
            i++;
        }
    }

    static List<Map.Entry<byte[], byte[]>> read(EntryCursor cursor) {
        List<Map.Entry<byte[], byte[]>> all = new ArrayList<>();
        while (cursor.next() != Kind.END) {
            all.add(
                    Map.entry(
                            Arrays.copyOfRange(
                                    cursor.keyArray,
                                    cursor.keyOffset,
                                    cursor.keyOffset + cursor.keyLength),
                            Arrays.copyOfRange(
                                    cursor.valueArray,
                                    cursor.valueOffset,
                                    cursor.valueOffset + cursor.valueLength)));
        }
        return all;
    }

    static NavigableMap<byte[], byte[]> fill(
            SortBuffer buffer, Random random, Tokens tokens, int count) {
        NavigableMap<byte[], byte[]> expected = new TreeMap<>(Arrays::compareUnsigned);
        ByteWriter rowKey = new ByteWriter();
        ByteWriter value = new ByteWriter();
        RowWriter row = new RowWriter();
        RowReconciler reconciler = new RowReconciler();
        for (int i = 0; i < count; i++) {
            long token =
                    switch (tokens) {
                        case RANDOM -> random.nextLong();
                        case FEW -> random.nextInt(3);
                        case NEAR_EACH_OTHER -> random.nextInt(1000);
                        case ASCENDING -> i * 1_000_003L;
                    };
            byte[] key = {(byte) random.nextInt(2)};
            RowKeys.writePartition(rowKey.clear(), token, key, 0, key.length);
            rowKey.writeByte(RowKeys.TAG_VALUE).writeInt(random.nextInt(40));
            rowKey.writeByte(RowKeys.ROW_END);
            value.clear();
            byte[] cell = new byte[random.nextInt(20) == 0 ? 5000 : random.nextInt(30)];
            random.nextBytes(cell);
            row.beginLiveRow(value, random.nextInt(3)).cell(1, i % 5, cell, 0, cell.length).end();
            buffer.add(rowKey, value);
            expected.merge(
                    rowKey.toArray(),
                    value.toArray(),
                    (a, b) -> {
                        ByteWriter merged = new ByteWriter();
                        reconciler.merge(a, 0, a.length, b, 0, b.length, merged);
                        return merged.toArray();
                    });
        }
        return expected;
    }
}
