package io.helenus.engine.query.result;

import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.ListType;
import io.helenus.engine.types.MapType;
import io.helenus.engine.types.NativeType;
import io.helenus.engine.types.SetType;
import io.helenus.engine.types.TupleType;
import io.helenus.engine.types.TypeParser;
import io.helenus.engine.types.UserType;
import io.helenus.sstable.model.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Reads result bodies of protocol version 5 that this process wrote itself, for embedding. One use,
/// one thread.
public final class ResultReader {
    private static final int GLOBAL_TABLE = 0x0001;
    private static final int HAS_MORE_PAGES = 0x0002;
    private static final int METADATA_CHANGED = 0x0008;

    private final byte[] body;
    private int at;

    public ResultReader(byte[] body, int offset) {
        this.body = body;
        at = offset;
    }

    public int int32() {
        int value = ByteWriter.getInt(body, at);
        at += Integer.BYTES;
        return value;
    }

    private int uint16() {
        int value = ByteWriter.getUnsignedShort(body, at);
        at += Short.BYTES;
        return value;
    }

    public String string() {
        int length = uint16();
        String text = new String(body, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    /// Skips a string, or short bytes.
    public void skipString() {
        at += Short.BYTES + ByteWriter.getUnsignedShort(body, at);
    }

    /// A value, or null.
    public byte @Nullable [] bytes() {
        int length = int32();
        if (length < 0) {
            return null;
        }
        byte[] value = Arrays.copyOfRange(body, at, at + length);
        at += length;
        return value;
    }

    /// Metadata of rows: name and type of each column.
    public void metadata(BiConsumer<String, CqlType> columns) {
        int flags = int32();
        int count = int32();
        if ((flags & HAS_MORE_PAGES) != 0) {
            byte[] _ = bytes();
        }
        if ((flags & METADATA_CHANGED) != 0) {
            skipString();
        }
        columns(flags, count, columns);
    }

    /// Metadata of bind markers.
    public void markers(BiConsumer<String, CqlType> markers) {
        int flags = int32();
        int count = int32();
        int keys = int32();
        at += keys * Short.BYTES;
        columns(flags, count, markers);
    }

    private void columns(int flags, int count, BiConsumer<String, CqlType> columns) {
        boolean oneTable = (flags & GLOBAL_TABLE) != 0;
        if (oneTable) {
            skipString();
            skipString();
        }
        for (int i = 0; i < count; i++) {
            if (!oneTable) {
                skipString();
                skipString();
            }
            columns.accept(string(), type());
        }
    }

    private CqlType type() {
        int id = uint16();
        return switch (id) {
            case 0x00 -> custom(string());
            case 0x20 -> new ListType(type(), true);
            case 0x21 -> new MapType(type(), type(), true);
            case 0x22 -> new SetType(type(), true);
            case 0x30 -> userType();
            case 0x31 -> tuple();
            default -> nativeType(id);
        };
    }

    private CqlType tuple() {
        int count = uint16();
        List<CqlType> types = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            types.add(type());
        }
        return new TupleType(types);
    }

    private static CqlType nativeType(int id) {
        for (NativeType type : NativeType.values()) {
            if (type.wireId() == id) {
                return type;
            }
        }
        throw new IllegalStateException("No type has the id 0x%02x".formatted(id));
    }

    private CqlType userType() {
        String keyspace = string();
        String name = string();
        int count = uint16();
        List<String> names = new ArrayList<>();
        List<CqlType> types = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(string());
            types.add(type());
        }
        return new UserType(keyspace, name, names, types, true);
    }

    /// A vector, or a type without an id of its own in the protocol.
    private static CqlType custom(String className) {
        return TypeParser.parse("'" + className + "'");
    }
}
