package io.helenus.engine.admin;

import io.helenus.engine.schema.ColumnSchema;
import io.helenus.engine.schema.TableSchema;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.InvalidValueException;
import io.helenus.engine.types.LiteralKind;
import io.helenus.sstable.model.ByteWriter;
import java.util.ArrayList;
import java.util.List;

/// Partition keys as operators write them: `7`, or `7:north` for a key of two columns, where `\:` is a
/// colon of a value. Values are written as in CQL without quotes, blobs without `0x`. Stateless.
final class KeyText {
    private static final int COMPONENT_BYTES_MAX = 65_535;

    private KeyText() {}

    /// The key's wire bytes.
    ///
    /// @throws AdminException if the text is no key of the table
    static byte[] parse(TableSchema table, String text) {
        List<ColumnSchema> columns = table.partitionKey();
        List<String> parts = columns.size() == 1 ? List.of(text) : split(text);
        if (parts.size() != columns.size()) {
            throw AdminException.invalid(
                    "The partition key of %s has %d columns, '%s' has %d (separated by colons; \\: is a colon of a value)"
                            .formatted(table, columns.size(), text, parts.size()));
        }
        ByteWriter key = new ByteWriter();
        for (int i = 0; i < parts.size(); i++) {
            byte[] value = value(columns.get(i), parts.get(i));
            if (columns.size() == 1) {
                key.writeBytes(value);
            } else if (value.length > COMPONENT_BYTES_MAX) {
                throw AdminException.invalid(
                        "The value of %s has %d bytes, at most %d fit"
                                .formatted(
                                        columns.get(i).name(), value.length, COMPONENT_BYTES_MAX));
            } else {
                key.writeShort(value.length).writeBytes(value).writeByte(0);
            }
        }
        if (key.length() == 0) {
            throw AdminException.invalid("Key may not be empty");
        }
        return key.toArray();
    }

    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() && text.charAt(i + 1) == ':') {
                part.append(':');
                i++;
            } else if (c == ':') {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString());
        return parts;
    }

    private static byte[] value(ColumnSchema column, String text) {
        CqlType type = column.type();
        try {
            for (LiteralKind kind : LiteralKind.values()) {
                if (kind != LiteralKind.HEX && type.accepts(kind)) {
                    return type.parseLiteral(kind, text);
                }
            }
            if (type.accepts(LiteralKind.HEX)) {
                return type.parseLiteral(LiteralKind.HEX, "0x" + text);
            }
        } catch (InvalidValueException e) {
            throw AdminException.invalid("%s: %s".formatted(column.name(), e.getMessage()));
        }
        throw new AdminException(
                AdminException.Reason.UNSUPPORTED,
                "%s is of type %s, whose values cannot be given here"
                        .formatted(column.name(), type.cqlName()));
    }
}
