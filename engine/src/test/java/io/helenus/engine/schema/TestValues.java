package io.helenus.engine.schema;

import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.ListType;
import io.helenus.engine.types.MapType;
import io.helenus.engine.types.NativeType;
import io.helenus.engine.types.SetType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Wire bytes as the recorded scripts show them.
final class TestValues {
    private TestValues() {}

    static ColumnSchema column(TableSchema table, String name) {
        ColumnSchema column = table.column(name);
        if (column == null) {
            throw new IllegalArgumentException(table + " has no column " + name);
        }
        return column;
    }

    static String text(byte @Nullable [] value) {
        return value == null ? "null" : new String(value, StandardCharsets.UTF_8);
    }

    static String show(CqlType type, byte @Nullable [] value) {
        if (value == null) {
            return "null";
        }
        type.validate(value);
        ByteBuffer in = ByteBuffer.wrap(value);
        return switch (type) {
            case NativeType.TEXT -> text(value).replace("\n", "\n    ");
            case NativeType.BOOLEAN -> value[0] == 1 ? "true" : "false";
            case NativeType.INT -> Integer.toString(in.getInt());
            case NativeType.TIMESTAMP -> Long.toString(in.getLong());
            case NativeType.DOUBLE -> Double.toString(in.getDouble());
            case NativeType.UUID -> new UUID(in.getLong(), in.getLong()).toString();
            case NativeType.BLOB -> "0x" + HexFormat.of().formatHex(value);
            case ListType list -> "[" + String.join(", ", elements(in, list.element())) + "]";
            case SetType set -> "[" + String.join(", ", elements(in, set.element())) + "]";
            case MapType map -> {
                List<String> entries = new ArrayList<>();
                for (int left = in.getInt(); left > 0; left--) {
                    entries.add(element(in, map.key()) + ": " + element(in, map.value()));
                }
                yield "{" + String.join(", ", entries) + "}";
            }
            default -> type.format(value);
        };
    }

    private static List<String> elements(ByteBuffer in, CqlType type) {
        List<String> elements = new ArrayList<>();
        for (int left = in.getInt(); left > 0; left--) {
            elements.add(element(in, type));
        }
        return elements;
    }

    private static String element(ByteBuffer in, CqlType type) {
        byte[] bytes = new byte[in.getInt()];
        in.get(bytes);
        return show(type, bytes);
    }
}
