package io.helenus.tools;

import io.helenus.engine.schema.ColumnKind;
import io.helenus.engine.schema.SchemaHeader;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.InvalidValueException;
import io.helenus.engine.types.ListType;
import io.helenus.engine.types.MapType;
import io.helenus.engine.types.SetType;
import io.helenus.engine.types.TypeParser;
import io.helenus.sstable.file.SSTableReader;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.CellView;
import io.helenus.sstable.model.ElementView;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowKeys;
import io.helenus.sstable.model.RowView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns what a file stores into CQL values, by the types that the file itself names. Where a type is
/// not known from the file alone (a user-defined one), values are their bytes, as a blob. One thread.
final class SstableDecoder {
    private final SchemaHeader.Content header;
    private final RowView row = new RowView();
    private final ElementView element = new ElementView();
    private final ByteWriter scratch = new ByteWriter(64);

    private final List<SchemaHeader.Column> partitionKey = new ArrayList<>();
    private final List<SchemaHeader.Column> clustering = new ArrayList<>();
    private final Map<Integer, SchemaHeader.Column> byId = new HashMap<>();

    /// By column id; without those that only the schema knows.
    private final Map<Integer, CqlType> types = new HashMap<>();

    /// Where the clustering of the last position ends in its key.
    private int positionEnd;

    SstableDecoder(SSTableReader reader) {
        header = SchemaHeader.decode(reader.schemaHeader());
        for (SchemaHeader.Column column : header.columns()) {
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

    SchemaHeader.Content header() {
        return header;
    }

    /// What a cursor is at; not for its end.
    SstableEntry entry(RowCursor cursor) {
        SstableEntry.Where where = where(cursor.keyArray(), cursor.keyOffset(), cursor.keyLength());
        return switch (cursor.kind()) {
            case ROW -> row(cursor, where);
            case ELEMENT, COLUMN_DELETION -> element(cursor, where);
            case BOUNDARY -> bound(cursor, where);
            case END -> throw new IllegalArgumentException("The cursor is at its end");
        };
    }

    /// A key, or the head of one, in words: with its clustering if it has one.
    String describe(byte[] key) {
        if (key.length < RowKeys.PARTITION_KEY_OFFSET
                || key.length <= RowKeys.partitionLength(key, 0)) {
            return "0x" + HexFormat.of().formatHex(key);
        }
        try {
            SstableEntry.Where where = where(key, 0, key.length);
            String clustering =
                    where.isStatic() ? " static" : SstableText.columns(" row ", where.row());
            return SstableText.columns("", where.partition()) + clustering;
        } catch (RuntimeException e) { // cut within a component: a separator need be no whole key
            return SstableText.columns("", partition(key, 0));
        }
    }

    private Map<String, String> partition(byte[] key, int offset) {
        int at = offset + RowKeys.PARTITION_KEY_OFFSET;
        int length = RowKeys.partitionKeyLength(key, offset);
        Map<String, String> values = new LinkedHashMap<>();
        if (partitionKey.size() == 1) {
            values.put(partitionKey.get(0).name(), literal(partitionKey.get(0), key, at, length));
            return values;
        }
        for (SchemaHeader.Column column : partitionKey) { // u16 length, bytes, 0
            int part = ByteWriter.getUnsignedShort(key, at);
            values.put(column.name(), literal(column, key, at + Short.BYTES, part));
            at += Short.BYTES + part + 1;
        }
        return values;
    }

    private SstableEntry.Where where(byte[] key, int offset, int length) {
        int at = offset + RowKeys.partitionLength(key, offset);
        int end = offset + length;
        boolean isStatic = key[at] == RowKeys.POSITION_STATIC;
        Map<String, String> values = new LinkedHashMap<>();
        if (isStatic) {
            at++;
        } else {
            for (SchemaHeader.Column column : clustering) {
                if (at == end || !isComponent(key[at])) {
                    break;
                }
                CqlType type = types.get(column.id());
                if (type == null) {
                    values.put("bytes", blob(key, at, end - at));
                    at = end;
                    break;
                }
                scratch.clear();
                boolean absent = CqlType.isNullKey(key, at);
                at = type.decodeKey(key, at, column.descending(), scratch);
                int bytes = absent ? -1 : scratch.length();
                values.put(column.name(), format(type, scratch.array(), 0, bytes));
            }
        }
        positionEnd = at;
        return new SstableEntry.Where(
                partition(key, offset), RowKeys.token(key, offset), isStatic, values);
    }

    private static boolean isComponent(byte tag) {
        return tag >= RowKeys.TAG_ABSENT && tag <= RowKeys.TAG_EMPTY_DESCENDING;
    }

    private SstableEntry row(RowCursor cursor, SstableEntry.Where where) {
        row.wrap(cursor.valueArray(), cursor.valueOffset(), cursor.valueLength());
        SstableEntry.Liveness liveness = null;
        if (row.hasLiveness()) {
            liveness =
                    row.livenessExpires()
                            ? new SstableEntry.Liveness(
                                    row.timestamp(),
                                    row.livenessTtl(),
                                    Integer.toUnsignedLong(row.livenessExpiry()))
                            : new SstableEntry.Liveness(row.timestamp(), 0, 0);
        }
        SstableEntry.Deletion deletion =
                row.hasDeletion() ? deletion(row.deletionTimestamp(), row.deletionTime()) : null;
        List<SstableEntry.Cell> cells = new ArrayList<>();
        while (row.nextCell()) {
            int id = row.cell().columnId();
            cells.add(cell(name(id), row.cell(), row.array(), types.get(id)));
        }
        return new SstableEntry.Row(where, liveness, deletion, cells);
    }

    private SstableEntry element(RowCursor cursor, SstableEntry.Where where) {
        element.wrap(cursor.valueArray(), cursor.valueOffset(), cursor.valueLength());
        byte[] key = cursor.keyArray();
        int end = cursor.keyOffset() + cursor.keyLength();
        int at = end - element.suffixLength();
        int id = ByteWriter.getUnsignedShort(key, at);
        at += RowKeys.COLUMN_ID_BYTES;
        if (element.isColumnDeletion()) {
            return new SstableEntry.ColumnDeletion(
                    where, name(id), deletion(element.timestamp(), element.deletionTime()));
        }
        CqlType type = types.get(id);
        String path;
        if (type == null) {
            path = blob(key, at, end - at);
        } else {
            scratch.clear();
            int _ = type.pathType().decodeKey(key, at, false, scratch);
            path = format(type.pathType(), scratch.array(), 0, scratch.length());
        }
        return new SstableEntry.Element(
                where, path, cell(name(id), element.cell(), cursor.valueArray(), valueType(type)));
    }

    /// The type of an element's value; null if it is not known.
    private static @Nullable CqlType valueType(@Nullable CqlType type) {
        return switch (type) {
            case ListType list -> list.subTypes().get(0);
            case SetType set -> set.subTypes().get(0);
            case MapType map -> map.subTypes().get(1);
            case null, default -> null;
        };
    }

    private SstableEntry bound(RowCursor cursor, SstableEntry.Where where) {
        int last = cursor.keyOffset() + cursor.keyLength() - 1;
        byte tag = cursor.keyArray()[Math.min(positionEnd, last)];
        return new SstableEntry.Bound(
                where,
                tag == RowKeys.BOUND_AFTER,
                cursor.afterTimestamp() == RowCursor.NO_DELETION
                        ? null
                        : deletion(cursor.afterTimestamp(), cursor.afterDeletionTime()));
    }

    private static SstableEntry.Cell cell(
            String column, CellView cell, byte[] array, @Nullable CqlType type) {
        if (cell.isTombstone()) {
            return new SstableEntry.Cell(
                    column, null, cell.timestamp(), 0, 0, deletion(cell.timestamp(), cell.time()));
        }
        String value =
                type == null
                        ? blob(array, cell.valueOffset(), cell.valueLength())
                        : format(type, array, cell.valueOffset(), cell.valueLength());
        int ttl = cell.expires() ? cell.ttl() : 0;
        long expires = cell.expires() ? Integer.toUnsignedLong(cell.time()) : 0;
        return new SstableEntry.Cell(column, value, cell.timestamp(), ttl, expires, null);
    }

    private static SstableEntry.Deletion deletion(long timestamp, int time) {
        return new SstableEntry.Deletion(timestamp, Integer.toUnsignedLong(time));
    }

    /// Of a column that the file's header does not have, its number.
    private String name(int id) {
        SchemaHeader.Column column = byId.get(id);
        return column == null ? "#" + id : column.name();
    }

    private String literal(SchemaHeader.Column column, byte[] bytes, int at, int length) {
        CqlType type = types.get(column.id());
        return type == null ? blob(bytes, at, length) : format(type, bytes, at, length);
    }

    private static String format(CqlType type, byte[] bytes, int at, int length) {
        try {
            return type.format(bytes, at, length);
        } catch (InvalidValueException e) {
            return blob(bytes, at, length); // no value of its type, and still what is stored
        }
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
