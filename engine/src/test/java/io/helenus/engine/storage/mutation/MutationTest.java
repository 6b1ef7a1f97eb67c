package io.helenus.engine.storage.mutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.sstable.model.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class MutationTest {
    private static final byte[] KEY = "k".getBytes(StandardCharsets.UTF_8);

    private static byte[] sample() {
        byte[] position = {0x40, 1, 0x38};
        byte[] value = {1, 2, 3};
        return new MutationWriter()
                .begin(300, -1, KEY, 0, 1)
                .entry(position, 0, 3, value, 0, 3)
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
                                + "03010203" // entry
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
        assertThat(reader.valueLength()).isEqualTo(3);
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

    @Test
    void anotherVersionIsRefused() {
        byte[] bytes = sample();
        bytes[0] = 2;
        assertThatThrownBy(() -> new MutationReader().wrap(bytes, 0, bytes.length))
                .isInstanceOf(MutationFormatException.class)
                .hasMessageContaining("version 2");
    }
}
