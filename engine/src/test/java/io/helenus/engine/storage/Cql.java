package io.helenus.engine.storage;

import io.helenus.engine.storage.mutation.MutationWriter;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowKeys;
import io.helenus.sstable.model.RowWriter;
import java.nio.charset.StandardCharsets;

/// Keys and values of a small table for tests: a text partition key, one or two int clusterings, simple
/// columns by id. Tokens are whatever the test says.
final class Cql {
    private Cql() {}

    static byte[] partitionKey(int partition) {
        return ("p" + partition).getBytes(StandardCharsets.UTF_8);
    }

    /// Tokens spread over the ring; every third partition shares one with its neighbour.
    static long token(int partition) {
        return (partition - partition % 3 / 2) * 0x9E37_79B9_7F4A_7C15L;
    }

    static ByteWriter partition(int partition) {
        ByteWriter key = new ByteWriter();
        byte[] bytes = partitionKey(partition);
        RowKeys.writePartition(key, token(partition), bytes, 0, bytes.length);
        return key;
    }

    static ByteWriter components(int... clustering) {
        ByteWriter position = new ByteWriter();
        for (int component : clustering) {
            position.writeByte(RowKeys.TAG_VALUE).writeInt(component ^ Integer.MIN_VALUE);
        }
        return position;
    }

    static byte[] row(int... clustering) {
        return components(clustering).writeByte(RowKeys.ROW_END).toArray();
    }

    static byte[] staticRow() {
        return new byte[] {RowKeys.POSITION_STATIC};
    }

    static byte[] before(int... clustering) {
        return clustering.length == 0
                ? new byte[] {RowKeys.POSITION_PARTITION}
                : components(clustering).writeByte(RowKeys.BOUND_BEFORE).toArray();
    }

    static byte[] after(int... clustering) {
        return components(clustering).writeByte(RowKeys.BOUND_AFTER).toArray();
    }

    static byte[] column(byte[] row, int columnId) {
        return new ByteWriter().writeBytes(row).writeShort(columnId).toArray();
    }

    static byte[] element(byte[] row, int columnId, int path) {
        return new ByteWriter()
                .writeBytes(row)
                .writeShort(columnId)
                .writeByte(RowKeys.TAG_VALUE)
                .writeByte(path)
                .toArray();
    }

    static byte[] key(int partition, byte[] position) {
        return partition(partition).writeBytes(position).toArray();
    }

    static MutationWriter mutation(int partition) {
        byte[] key = partitionKey(partition);
        return new MutationWriter().begin(1, token(partition), key, 0, key.length);
    }

    static void entry(MutationWriter to, byte[] position, ByteWriter value) {
        to.entry(position, 0, position.length, value.array(), 0, value.length());
    }

    static void deletion(
            MutationWriter to, byte[] start, byte[] end, long timestamp, int deletionTime) {
        to.rangeDeletion(start, 0, start.length, end, 0, end.length, timestamp, deletionTime);
    }

    /// A row that was inserted, with one text cell in column 1.
    static ByteWriter insert(long timestamp, String value) {
        ByteWriter out = new ByteWriter();
        RowWriter row = new RowWriter().beginLiveRow(out, timestamp);
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        row.cell(1, timestamp, bytes, 0, bytes.length).end();
        return out;
    }

    static ByteWriter insertMutation(int partition, byte[] position, long timestamp, String value) {
        MutationWriter mutation = mutation(partition);
        entry(mutation, position, insert(timestamp, value));
        return mutation.finish();
    }
}
