package io.helenus.tools;

import io.helenus.engine.schema.ColumnKind;
import io.helenus.engine.schema.SchemaHeader;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.InvalidValueException;
import io.helenus.engine.types.ListType;
import io.helenus.engine.types.MapType;
import io.helenus.engine.types.SetType;
import io.helenus.engine.types.TypeParser;
import io.helenus.sstable.file.ReadMode;
import io.helenus.sstable.file.SSTableCursor;
import io.helenus.sstable.file.SSTableReader;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.CellView;
import io.helenus.sstable.model.ElementView;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowKeys;
import io.helenus.sstable.model.RowView;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Prints a file's entries as they are stored, in their order: each a JSON object on a line of its own.
/// Values are CQL literals; where a type is not known from the file alone (a user-defined one), they
/// are their bytes, as a blob.
///
/// | member      | in                | meaning                                                      |
/// |-------------|-------------------|--------------------------------------------------------------|
/// | `partition` | all               | the partition key                                            |
/// | `row`       | rows, elements    | the clustering; empty for a table that has none              |
/// | `static`    | the same          | instead of `row` for the static row                          |
/// | `inserted`  | rows              | when, in microseconds; with `ttl` and `expires` if it expires|
/// | `deleted`   | rows, cells, …    | `timestamp` in microseconds and `time` in seconds            |
/// | `cells`     | rows              | by column: `value`, `timestamp`, …                           |
/// | `column`    | elements          | the multi-cell column; with `element` and its cell           |
/// | `bound`     | range deletions   | `before` or `after` the prefix in `row`: there the deletion  |
/// |             |                   | in force changes to what `deleted` says, or ends             |
final class SstableDump {
    private final SSTableReader reader;
    private final PrintStream out;
    private final Json json = new Json();
    private final RowView row = new RowView();
    private final ElementView element = new ElementView();
    private final ByteWriter scratch = new ByteWriter(64);

    private final List<SchemaHeader.Column> partitionKey = new ArrayList<>();
    private final List<SchemaHeader.Column> clustering = new ArrayList<>();
    private final Map<Integer, SchemaHeader.Column> byId = new HashMap<>();

    /// By column id; without those that only the schema knows.
    private final Map<Integer, CqlType> types = new HashMap<>();

    SstableDump(SSTableReader reader, PrintStream out) {
        this.reader = reader;
        this.out = out;
        for (SchemaHeader.Column column : SchemaHeader.decode(reader.schemaHeader()).columns()) {
            byId.put(column.id(), column);
            CqlType type = parse(column.type());
            if (type != null) {
                types.put(column.id(), type);
            }
            if (column.kind() == ColumnKind.PARTITION_KEY) {
                partitionKey.add(column);
            } else if (column.kind() == ColumnKind.CLUSTERING) {
                clustering.add(column);
            }
        }
    }

    void print() {
        try (SSTableCursor cursor = new SSTableCursor()) {
            cursor.openAll(reader, false, ReadMode.SCAN);
            for (RowCursor.Kind kind = cursor.next();
                    kind != RowCursor.Kind.END;
                    kind = cursor.next()) {
                json.open();
                partition(cursor);
                switch (kind) {
                    case ROW -> row(cursor);
                    case ELEMENT, COLUMN_DELETION -> element(cursor);
                    case BOUNDARY -> boundary(cursor);
                    case END -> throw new IllegalStateException("handled above");
                }
                out.println(json.close().take());
            }
        }
    }

    private void partition(RowCursor cursor) {
        byte[] key = cursor.keyArray();
        int at = cursor.keyOffset() + RowKeys.PARTITION_KEY_OFFSET;
        int length = RowKeys.partitionKeyLength(key, cursor.keyOffset());
        json.object("partition");
        if (partitionKey.size() == 1) {
            json.member(partitionKey.get(0).name(), literal(partitionKey.get(0), key, at, length));
        } else {
            for (SchemaHeader.Column column : partitionKey) { // u16 length, bytes, 0
                int part = ByteWriter.getUnsignedShort(key, at);
                json.member(column.name(), literal(column, key, at + Short.BYTES, part));
                at += Short.BYTES + part + 1;
            }
        }
        json.close();
        json.member("token", RowKeys.token(key, cursor.keyOffset()));
    }

    /// Prints the clustering of a row, or a prefix of it.
    ///
    /// @return where it ends in the key
    private int position(RowCursor cursor) {
        byte[] key = cursor.keyArray();
        int at = cursor.keyOffset() + RowKeys.partitionLength(key, cursor.keyOffset());
        int end = cursor.keyOffset() + cursor.keyLength();
        if (key[at] == RowKeys.POSITION_STATIC) {
            json.member("static", true);
            return at + 1;
        }
        json.object("row");
        for (SchemaHeader.Column column : clustering) {
            if (at == end || !isComponent(key[at])) {
                break;
            }
            CqlType type = type(column);
            if (type == null) {
                json.member("bytes", blob(key, at, end - at));
                at = end;
                break;
            }
            scratch.clear();
            boolean absent = CqlType.isNullKey(key, at);
            at = type.decodeKey(key, at, column.descending(), scratch);
            json.member(
                    column.name(), type.format(scratch.array(), 0, absent ? -1 : scratch.length()));
        }
        json.close();
        return at;
    }

    private static boolean isComponent(byte tag) {
        return tag >= RowKeys.TAG_ABSENT && tag <= RowKeys.TAG_EMPTY_DESCENDING;
    }

    private void row(RowCursor cursor) {
        int _ = position(cursor);
        row.wrap(cursor.valueArray(), cursor.valueOffset(), cursor.valueLength());
        if (row.hasLiveness()) {
            json.member("inserted", row.timestamp());
            if (row.livenessExpires()) {
                json.member("ttl", row.livenessTtl());
                json.member("expires", Integer.toUnsignedLong(row.livenessExpiry()));
            }
        }
        if (row.hasDeletion()) {
            deleted(row.deletionTimestamp(), row.deletionTime());
        }
        json.object("cells");
        while (row.nextCell()) {
            SchemaHeader.Column column = byId.get(row.cell().columnId());
            json.object(column == null ? "#" + row.cell().columnId() : column.name());
            cell(row.cell(), row.array(), column == null ? null : type(column));
            json.close();
        }
        json.close();
    }

    private void cell(CellView cell, byte[] array, @Nullable CqlType type) {
        if (cell.isTombstone()) {
            deleted(cell.timestamp(), cell.time());
            return;
        }
        int at = cell.valueOffset();
        int length = cell.valueLength();
        json.member(
                "value", type == null ? blob(array, at, length) : type.format(array, at, length));
        json.member("timestamp", cell.timestamp());
        if (cell.expires()) {
            json.member("ttl", cell.ttl());
            json.member("expires", Integer.toUnsignedLong(cell.time()));
        }
    }

    private void element(RowCursor cursor) {
        int _ = position(cursor);
        element.wrap(cursor.valueArray(), cursor.valueOffset(), cursor.valueLength());
        byte[] key = cursor.keyArray();
        int end = cursor.keyOffset() + cursor.keyLength();
        int at = end - element.suffixLength();
        int id = ByteWriter.getUnsignedShort(key, at);
        at += RowKeys.COLUMN_ID_BYTES;
        SchemaHeader.Column column = byId.get(id);
        CqlType type = column == null ? null : type(column);
        json.member("column", column == null ? "#" + id : column.name());
        if (element.isColumnDeletion()) {
            deleted(element.timestamp(), element.deletionTime());
            return;
        }
        if (type == null) {
            json.member("element", blob(key, at, end - at));
        } else {
            scratch.clear();
            int _ = type.pathType().decodeKey(key, at, false, scratch);
            json.member("element", type.pathType().format(scratch.array(), 0, scratch.length()));
        }
        cell(element.cell(), cursor.valueArray(), type == null ? null : valueType(type));
    }

    /// The type of an element's value; null if it is not known.
    private static @Nullable CqlType valueType(CqlType type) {
        return switch (type) {
            case ListType list -> list.subTypes().get(0);
            case SetType set -> set.subTypes().get(0);
            case MapType map -> map.subTypes().get(1);
            default -> null;
        };
    }

    private void boundary(RowCursor cursor) {
        int at = position(cursor);
        byte tag = cursor.keyArray()[Math.min(at, cursor.keyOffset() + cursor.keyLength() - 1)];
        json.member("bound", tag == RowKeys.BOUND_AFTER ? "after" : "before");
        if (cursor.afterTimestamp() == RowCursor.NO_DELETION) {
            json.member("deletion", "ends");
        } else {
            deleted(cursor.afterTimestamp(), cursor.afterDeletionTime());
        }
    }

    private void deleted(long timestamp, int time) {
        json.object("deleted");
        json.member("timestamp", timestamp).member("time", Integer.toUnsignedLong(time));
        json.close();
    }

    private String literal(SchemaHeader.Column column, byte[] bytes, int at, int length) {
        CqlType type = type(column);
        return type == null ? blob(bytes, at, length) : type.format(bytes, at, length);
    }

    private @Nullable CqlType type(SchemaHeader.Column column) {
        return types.get(column.id());
    }

    private static @Nullable CqlType parse(String text) {
        try {
            return TypeParser.parse(text);
        } catch (InvalidValueException e) {
            return null; // a user-defined type, of which the file has only the name
        }
    }

    private static String blob(byte[] bytes, int at, int length) {
        return "0x" + HexFormat.of().formatHex(bytes, at, at + length);
    }
}
