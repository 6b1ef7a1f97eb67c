package io.helenus.engine.storage.mutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class MutationTest {
    private static final byte[] KEY = "k".getBytes(StandardCharsets.UTF_8);

    private static byte[] sample() {
        byte[] position = {0x40, 1, 0x38};
        byte[] value = {1, 0, 0, 0, 0, 0, 0, 0, 5, 0}; // a row without cells
        return new MutationWriter()
                .begin(300, -1, KEY, 0, 1)
                .entry(position, 0, 3, value, 0, value.length)
                .partitionDeletion(5, 6)
                .finish()
                .toArray();
    }

    @Test
    void layoutIsAsDrawn() {
        assertThat(HexFormat.of().formatHex(sample()))
                .isEqualTo(
                        "01" // version
                                + "ac02" // schema epoch 300
                                + "7fffffffffffffff" // token -1
                                + "0001"
                                + "6b" // partition key
                                + "01"
                                + "03400138"
                                + "0a01000000000000000500" // entry
                                + "02"
                                + "0110"
                                + "0160" // range deletion
                                + "0000000000000005"
                                + "00000006");
    }

    @Test
    void readsBackWhatWasWritten() {
        byte[] bytes = sample();
        MutationReader reader = new MutationReader().wrap(bytes, 0, bytes.length);
        reader.check();
        assertThat(reader.schemaEpoch()).isEqualTo(300);
        assertThat(reader.token()).isEqualTo(-1);
        assertThat(reader.partitionLength()).isEqualTo(11);
        assertThat(reader.partitionOffset())
                .isEqualTo(MutationReader.partitionOffset(bytes, 0, bytes.length));
        assertThat(reader.next()).isEqualTo(MutationReader.Operation.ENTRY);
        assertThat(bytes[reader.positionOffset()]).isEqualTo((byte) 0x40);
        assertThat(reader.valueLength()).isEqualTo(10);
        assertThat(reader.next()).isEqualTo(MutationReader.Operation.RANGE_DELETION);
        assertThat(reader.timestamp()).isEqualTo(5);
        assertThat(reader.deletionTime()).isEqualTo(6);
        assertThat(reader.next()).isEqualTo(MutationReader.Operation.END);
    }

    @Test
    void anEmptyRangeIsLeftOut() {
        byte[] bound = {0x20};
        MutationWriter writer = new MutationWriter().begin(1, 1, KEY, 0, 1);
        writer.rangeDeletion(bound, 0, 1, bound, 0, 1, 5, 5);
        assertThat(writer.isEmpty()).isTrue();
    }

    @Test
    void mutationsOfABatchShareOneBuffer() {
        MutationWriter writer = new MutationWriter(new ByteWriter());
        writer.begin(1, 7, KEY, 0, 1).partitionDeletion(1, 1);
        int second = writer.length();
        writer.append(1, 8, KEY, 0, 1).partitionDeletion(2, 2);
        byte[] bytes = writer.finish().toArray();
        MutationReader reader = new MutationReader();
        assertThat(reader.wrap(bytes, 0, second).token()).isEqualTo(7);
        reader.check();
        assertThat(reader.wrap(bytes, second, bytes.length - second).token()).isEqualTo(8);
        reader.check();
    }

    @Test
    void everyCutIsRefusedOrEndsBetweenOperations() {
        byte[] bytes = sample();
        int refused = 0;
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            try {
                new MutationReader().wrap(cut, 0, length).check();
            } catch (MutationFormatException e) {
                refused++;
            }
        }
        assertThat(refused).isEqualTo(bytes.length - 2); // after the key, and after the entry
    }

    /// What passes the check can be applied: a memtable must never stop half-way.
    @Test
    void valuesThatAreNoEntriesAreRefused() {
        ByteWriter row = new ByteWriter();
        byte[] bytes = {1, 2, 3, 4};
        new RowWriter()
                .beginExpiringRow(row, 100, 60, 7)
                .cell(1, 100, bytes, 0, 4)
                .expiringCell(2, 90, 60, 7, bytes, 0, 2)
                .tombstone(300, 110, 9)
                .end();
        ByteWriter element = new ByteWriter();
        RowWriter.element(element, 3, 100, bytes, 0, 4);
        ByteWriter header = new ByteWriter();
        RowWriter.columnDeletion(header, 100, 9);
        for (ByteWriter entry : List.of(row, element, header)) {
            byte[] value = entry.toArray();
            check(value);
            for (int length = 1; length < value.length; length++) {
                byte[] cut = Arrays.copyOf(value, length);
                assertThatThrownBy(() -> check(cut)).isInstanceOf(MutationFormatException.class);
            }
            byte[] longer = Arrays.copyOf(value, value.length + 1);
            assertThatThrownBy(() -> check(longer)).isInstanceOf(MutationFormatException.class);
            for (int bit = 0; bit < value.length * 8; bit++) {
                byte[] flipped = value.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                try {
                    check(flipped);
                } catch (MutationFormatException e) {
                    assertThat(e).hasMessageContaining("Entry's value");
                }
            }
        }
    }

    private static void check(byte[] value) {
        byte[] position = {0x40, 1, 0x38};
        byte[] mutation =
                new MutationWriter()
                        .begin(300, -1, KEY, 0, 1)
                        .entry(position, 0, 3, value, 0, value.length)
                        .finish()
                        .toArray();
        new MutationReader().wrap(mutation, 0, mutation.length).check();
    }

    @Test
    void anotherVersionIsRefused() {
        byte[] bytes = sample();
        bytes[0] = 2;
        assertThatThrownBy(() -> new MutationReader().wrap(bytes, 0, bytes.length))
                .isInstanceOf(MutationFormatException.class)
                .hasMessageContaining("Mutation is of a newer version 2, this build reads up to 1");
    }
}
