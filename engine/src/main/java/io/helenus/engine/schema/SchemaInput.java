package io.helenus.engine.schema;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.InvalidValueException;
import io.helenus.engine.types.TypeParser;
import io.helenus.engine.types.UserType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reads the parts of which [SchemaCodec] has the table. Types are looked up in the keyspace that
/// was entered last.
final class SchemaInput {
    private final ByteBuffer in;
    private String keyspace = "";
    private final Map<String, UserType> userTypes = new LinkedHashMap<>();

    SchemaInput(ByteBuffer in) {
        this.in = in;
    }

    /// From here on this is the keyspace, with the user types that it has.
    void enter(String name, @Nullable KeyspaceSchema known) {
        keyspace = name;
        userTypes.clear();
        if (known != null) {
            userTypes.putAll(known.types());
        }
    }

    void requireEnd() {
        if (in.hasRemaining()) {
            throw new InvalidSchemaBytesException(in.remaining() + " bytes too many");
        }
    }

    private ByteBuffer take(int bytes) {
        if (bytes < 0 || bytes > in.remaining()) {
            throw new InvalidSchemaBytesException(
                    "%d bytes wanted, %d left".formatted(bytes, in.remaining()));
        }
        ByteBuffer part = in.slice(in.position(), bytes);
        in.position(in.position() + bytes);
        return part;
    }

    /// Passes over these bytes, if they are what comes next.
    boolean skip(ByteBuffer expected) {
        int at = in.position();
        int length = expected.remaining();
        boolean isNext = in.remaining() >= length && in.slice(at, length).equals(expected);
        if (isNext) {
            in.position(at + length);
        }
        return isNext;
    }

    int u8() {
        return Byte.toUnsignedInt(take(1).get());
    }

    int u16() {
        return Short.toUnsignedInt(take(Short.BYTES).getShort());
    }

    int i32() {
        return take(Integer.BYTES).getInt();
    }

    long i64() {
        return take(Long.BYTES).getLong();
    }

    UUID uuid() {
        return new UUID(i64(), i64());
    }

    boolean bool() {
        int value = u8();
        if (value > 1) {
            throw new InvalidSchemaBytesException(value + " where 0 or 1 was wanted");
        }
        return value == 1;
    }

    String string() {
        ByteBuffer part = take(i32());
        byte[] bytes = new byte[part.remaining()];
        part.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    <T> List<T> list(Function<SchemaInput, T> reader) {
        int count = i32();
        if (count < 0 || count > in.remaining()) { // an item has a byte at least
            throw new InvalidSchemaBytesException("list of " + count);
        }
        List<T> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            items.add(reader.apply(this));
        }
        return items;
    }

    Map<String, String> map() {
        Map<String, String> map = new LinkedHashMap<>();
        list(from -> Map.entry(from.string(), from.string()))
                .forEach(entry -> map.put(entry.getKey(), entry.getValue()));
        return map;
    }

    ReplicationParams replication() {
        return checked("replication", () -> ReplicationParams.ofStored(map()));
    }

    CqlType type() {
        String text = string();
        try {
            return TypeParser.parse(text, (_, name) -> userTypes.get(name));
        } catch (InvalidValueException e) {
            throw new InvalidSchemaBytesException("type " + text + ": " + e.getMessage(), e);
        }
    }

    UserType userType() {
        String name = string();
        List<String> names = new ArrayList<>();
        List<CqlType> types = new ArrayList<>();
        int fields = list(from -> names.add(from.string()) && types.add(from.type())).size();
        if (fields == 0) {
            throw new InvalidSchemaBytesException("type " + name + " has no fields");
        }
        UserType type = new UserType(keyspace, name, names, types, false);
        userTypes.put(name, type);
        return type;
    }

    private ColumnKind kind() {
        int ordinal = u8();
        if (ordinal >= ColumnKind.values().length) {
            throw new InvalidSchemaBytesException("column kind " + ordinal);
        }
        return ColumnKind.values()[ordinal];
    }

    ColumnSchema column() {
        int id = u16();
        String name = string();
        ColumnKind kind = kind();
        int position = (short) u16();
        boolean descending = bool();
        CqlType type = type();
        return checked(
                "column " + name,
                () -> new ColumnSchema(id, name, kind, position, type, descending));
    }

    DroppedColumn droppedColumn() {
        return new DroppedColumn(u16(), string(), kind(), type(), i64());
    }

    TableOptions options() {
        Map<String, Object> stored = new TreeMap<>();
        list(from -> Map.entry(from.string(), from.bool() ? from.map() : from.string()))
                .forEach(entry -> stored.put(entry.getKey(), entry.getValue()));
        return checked("table options", () -> TableOptions.ofStored(Properties.ofStored(stored)));
    }

    TableSchema table() {
        String name = string();
        UUID id = uuid();
        int nextColumnId = i32();
        TableOptions options = options();
        List<ColumnSchema> columns = list(SchemaInput::column);
        List<DroppedColumn> dropped = list(SchemaInput::droppedColumn);
        return checked(
                "table " + name,
                () -> {
                    if (nextColumnId < 0 || nextColumnId > ColumnSchema.ID_MAX + 1) {
                        throw new IllegalArgumentException("next column id " + nextColumnId);
                    }
                    TableSchema.Builder builder =
                            TableSchema.builder(keyspace, name, id).options(options);
                    columns.forEach(builder::column);
                    dropped.forEach(builder::dropped);
                    return builder.nextColumnId(nextColumnId).build();
                });
    }

    KeyspaceSchema keyspace() {
        enter(string(), null);
        String name = keyspace;
        ReplicationParams replication = replication();
        KeyspaceSchema result = KeyspaceSchema.empty(name, replication, bool());
        for (UserType type : list(SchemaInput::userType)) {
            result = result.withType(type);
        }
        return result.withTables(list(SchemaInput::table));
    }

    /// What the model refuses is an error of the bytes.
    static <T> T checked(String what, Supplier<T> maker) {
        try {
            return maker.get();
        } catch (CqlException | IllegalArgumentException e) {
            throw new InvalidSchemaBytesException(what + ": " + e.getMessage(), e);
        }
    }
}
