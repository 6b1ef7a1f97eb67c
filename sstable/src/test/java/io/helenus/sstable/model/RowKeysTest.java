package io.helenus.sstable.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RowKeysTest {
    private static byte[] partition(long token, byte[] key) {
        ByteWriter out = new ByteWriter(1);
        RowKeys.writePartition(out, token, key, 0, key.length);
        return out.toArray();
    }

    @Property
    void partitionsAreReadAsWritten(@ForAll long token, @ForAll @Size(max = 300) byte[] key) {
        byte[] shifted = new byte[RowKeys.PARTITION_KEY_OFFSET + key.length + 3];
        byte[] written = partition(token, key);
        System.arraycopy(written, 0, shifted, 2, written.length);
        assertThat(RowKeys.token(shifted, 2)).isEqualTo(token);
        assertThat(RowKeys.partitionKeyLength(shifted, 2)).isEqualTo(key.length);
        assertThat(RowKeys.partitionLength(shifted, 2)).isEqualTo(written.length);
        assertThat(RowKeys.samePartition(shifted, 2, written, 0)).isTrue();
        written[written.length - 1]++;
        assertThat(RowKeys.samePartition(shifted, 2, written, 0)).isFalse();
    }

    @Property
    void orderIsByTokenAsANumber(@ForAll long a, @ForAll long b) {
        byte[] left = partition(a, new byte[0]);
        byte[] right = partition(b, new byte[0]);
        int order = RowKeys.compare(left, 0, left.length, right, 0, right.length);
        assertThat(Integer.signum(order)).isEqualTo(Integer.signum(Long.compare(a, b)));
    }

    @Test
    void keysUpTo65535BytesAreTaken() {
        byte[] key = new byte[RowKeys.PARTITION_KEY_BYTES_MAX + 1];
        byte[] longest = partition(3, Arrays.copyOf(key, key.length - 1));
        assertThat(RowKeys.partitionKeyLength(longest, 0)).isEqualTo(65_535);
        assertThatThrownBy(() -> partition(3, key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Partition key is 65536 bytes, limit is 65535");
    }

    /// Everything of a partition, in order: bounds stand where slices and deletions need them.
    @Test
    void positionsStandInOrder() {
        List<String> positions =
                List.of(
                        "10", // before the partition
                        "18", // static row
                        "180005", // its column
                        "18000540aa",
                        "20", // before all rows
                        "3e38", // absent component
                        "3f38", // empty
                        "400120", // before rows that begin with 01
                        "400138", // the row 01
                        "4001380005", // a column of it
                        "400138000540aa", // an element
                        "40014020", // before rows that begin with 01, …
                        "40014038",
                        "40014060",
                        "400160", // after rows that begin with 01
                        "400220",
                        "400238",
                        "4138", // empty in a descending column
                        "60"); // after all
        List<byte[]> keys = new ArrayList<>();
        positions.forEach(position -> keys.add(HexFormat.of().parseHex(position)));
        for (int i = 1; i < keys.size(); i++) {
            byte[] low = keys.get(i - 1);
            byte[] high = keys.get(i);
            boolean ascending = RowKeys.compare(low, 0, low.length, high, 0, high.length) < 0;
            assertThat(ascending).as("%s, %s", positions.get(i - 1), positions.get(i)).isTrue();
        }
    }
}
