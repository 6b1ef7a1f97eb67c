package io.helenus.engine.schema;

import io.helenus.engine.types.UserType;
import io.helenus.sstable.model.ByteWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;

/// Writes the parts of which [SchemaCodec] has the table.
final class SchemaOutput {
    private final ByteWriter out;

    SchemaOutput(ByteWriter out) {
        this.out = out;
    }

    byte[] toBytes() {
        return out.toArray();
    }

    /// What was written before.
    SchemaOutput written(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        out.writeBytes(copy);
        return this;
    }

    SchemaOutput u8(int value) {
        out.writeByte(value);
        return this;
    }

    SchemaOutput u16(int value) {
        out.writeShort(value);
        return this;
    }

    SchemaOutput i32(int value) {
        out.writeInt(value);
        return this;
    }

    SchemaOutput i64(long value) {
        out.writeLong(value);
        return this;
    }

    SchemaOutput uuid(UUID value) {
        return i64(value.getMostSignificantBits()).i64(value.getLeastSignificantBits());
    }

    SchemaOutput bool(boolean value) {
        return u8(value ? 1 : 0);
    }

    SchemaOutput string(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length).writeBytes(bytes);
        return this;
    }

    <T> SchemaOutput list(Collection<T> items, BiConsumer<SchemaOutput, T> writer) {
        out.writeInt(items.size());
        items.forEach(item -> writer.accept(this, item));
        return this;
    }

    SchemaOutput map(Map<String, String> map) {
        return list(
                map.entrySet(), (to, entry) -> to.string(entry.getKey()).string(entry.getValue()));
    }

    SchemaOutput params(ReplicationParams replication, boolean durableWrites) {
        return map(replication.asMap()).bool(durableWrites);
    }

    SchemaOutput userType(UserType type) {
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < type.fieldNames().size(); i++) {
            positions.add(i);
        }
        return string(type.name())
                .list(
                        positions,
                        (to, at) ->
                                to.string(type.fieldNames().get(at))
                                        .string(type.fieldTypes().get(at).cqlName()));
    }

    SchemaOutput column(ColumnSchema column) {
        return u16(column.id())
                .string(column.name())
                .u8(column.kind().ordinal())
                .u16(column.position())
                .bool(column.descending())
                .string(column.type().cqlName());
    }

    SchemaOutput droppedColumn(DroppedColumn column) {
        return u16(column.id())
                .string(column.name())
                .u8(column.kind().ordinal())
                .string(column.type().cqlName())
                .i64(column.droppedMicros());
    }

    SchemaOutput options(TableOptions options) {
        Map<String, Object> shown = options.asProperties();
        return list(
                shown.entrySet(),
                (to, entry) -> {
                    to.string(entry.getKey());
                    if (entry.getValue() instanceof Map<?, ?> map) {
                        to.bool(true)
                                .list(
                                        map.entrySet(),
                                        (into, e) ->
                                                into.string(e.getKey().toString())
                                                        .string(e.getValue().toString()));
                    } else {
                        to.bool(false).string(entry.getValue().toString());
                    }
                });
    }

    SchemaOutput table(TableSchema table) {
        return string(table.name())
                .uuid(table.id())
                .i32(table.nextColumnId())
                .options(table.options())
                .list(table.columns(), SchemaOutput::column)
                .list(table.dropped().values(), SchemaOutput::droppedColumn);
    }

    SchemaOutput keyspace(KeyspaceSchema keyspace) {
        return string(keyspace.name())
                .params(keyspace.replication(), keyspace.durableWrites())
                .list(keyspace.typesInDependencyOrder(), SchemaOutput::userType)
                .list(keyspace.tables().values(), SchemaOutput::table);
    }
}
