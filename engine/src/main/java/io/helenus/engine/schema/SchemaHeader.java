package io.helenus.engine.schema;

import io.helenus.sstable.model.ByteWriter;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// What an SSTable says about its table, so that the file explains itself. Big-endian; a string is a
/// u16 length and UTF-8.
///
/// | field    | type    | meaning                                                              |
/// |----------|---------|----------------------------------------------------------------------|
/// | version  | u8      | 1                                                                    |
/// | id       | 16      | of the table                                                         |
/// | keyspace | string  |                                                                      |
/// | table    | string  |                                                                      |
/// | count    | u16     | of columns, each as follows                                          |
/// | id       | u16     | by which cells name it                                               |
/// | kind     | u8      | 0 partition key, 1 clustering, 2 static, 3 regular                   |
/// | position | u16     | among the columns of its kind; `FFFF` for static and regular ones    |
/// | order    | u8      | 1 if descending                                                      |
/// | name     | string  |                                                                      |
/// | type     | string  | as in CQL                                                            |
public final class SchemaHeader {
    private static final int VERSION = 1;

    private SchemaHeader() {}

    /// What a header says.
    ///
    /// @param columns in the order of the table
    public record Content(UUID id, String keyspace, String table, List<Column> columns) {
        public Content {
            columns = List.copyOf(columns);
        }
    }

    /// A column as its header describes it.
    ///
    /// @param position -1 for static and regular columns
    /// @param type as in CQL; a user-defined type is only its name
    public record Column(
            int id, ColumnKind kind, int position, boolean descending, String name, String type) {}

    public static byte[] encode(TableSchema table) {
        ByteWriter out = new ByteWriter(256);
        out.writeByte(VERSION);
        out.writeLong(table.id().getMostSignificantBits());
        out.writeLong(table.id().getLeastSignificantBits());
        writeString(out, table.keyspace());
        writeString(out, table.name());
        out.writeShort(table.columns().size());
        for (ColumnSchema column : table.columns()) {
            out.writeShort(column.id());
            out.writeByte(column.kind().ordinal());
            out.writeShort(column.position());
            out.writeByte(column.descending() ? 1 : 0);
            writeString(out, column.name());
            writeString(out, column.type().cqlName());
        }
        return out.toArray();
    }

    /// Whether a file with this header can be a table's: every column that has entries in it must have
    /// the same id here, or have been dropped from this very table.
    ///
    /// @throws IllegalArgumentException that says what does not fit
    public static void requireFits(Content file, TableSchema table) {
        boolean same = file.id().equals(table.id());
        int keys = 0;
        for (Column column : file.columns()) {
            if (column.kind().isPrimaryKey()) {
                keys++;
                requireKey(column, table);
                continue;
            }
            ColumnSchema here = table.columnById(column.id());
            if (here == null || !here.name().equals(column.name())) {
                boolean dropped = same && here == null && column.id() < table.nextColumnId();
                if (!dropped) {
                    throw misfit(file, table, column, elsewhere(column, table));
                }
                continue;
            }
            if (here.kind() != column.kind() || !here.type().cqlName().equals(column.type())) {
                throw misfit(
                        file,
                        table,
                        column,
                        "here it is %s %s".formatted(here.kind(), here.type().cqlName()));
            }
        }
        if (keys != table.partitionKey().size() + table.clustering().size()) {
            throw new IllegalArgumentException(
                    "its primary key has %d columns, that of %s %d"
                            .formatted(
                                    keys,
                                    table,
                                    table.partitionKey().size() + table.clustering().size()));
        }
    }

    private static void requireKey(Column column, TableSchema table) {
        List<ColumnSchema> keys =
                column.kind() == ColumnKind.PARTITION_KEY
                        ? table.partitionKey()
                        : table.clustering();
        ColumnSchema here = column.position() < keys.size() ? keys.get(column.position()) : null;
        if (here == null
                || here.descending() != column.descending()
                || !here.type().cqlName().equals(column.type())) {
            throw new IllegalArgumentException(
                    "its primary key is another one: %s %s%s, in %s %s"
                            .formatted(
                                    column.name(),
                                    column.type(),
                                    column.descending() ? " DESC" : "",
                                    table,
                                    here == null
                                            ? "there is none"
                                            : here.name()
                                                    + " "
                                                    + here.type().cqlName()
                                                    + (here.descending() ? " DESC" : "")));
        }
    }

    private static String elsewhere(Column column, TableSchema table) {
        ColumnSchema named = table.column(column.name());
        return named == null
                ? "which %s does not have".formatted(table)
                : "which has number %d here: its columns were made in another order"
                        .formatted(named.id());
    }

    private static IllegalArgumentException misfit(
            Content file, TableSchema table, Column column, String problem) {
        return new IllegalArgumentException(
                "it was written for %s.%s (%s) with column %s %s as number %d, %s"
                        .formatted(
                                file.keyspace(),
                                file.table(),
                                file.id().equals(table.id()) ? "this table" : file.id(),
                                column.name(),
                                column.type(),
                                column.id(),
                                problem));
    }

    private static void writeString(ByteWriter out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeShort(bytes.length).writeBytes(bytes);
    }

    /// @throws InvalidSchemaBytesException if the bytes are no header, or a later version's
    public static Content decode(byte[] header) {
        ByteBuffer in = ByteBuffer.wrap(header);
        try {
            int version = in.get();
            if (version != VERSION) {
                throw new InvalidSchemaBytesException(
                        "Schema header of version %d, this build reads %d"
                                .formatted(version, VERSION));
            }
            UUID id = new UUID(in.getLong(), in.getLong());
            String keyspace = readString(in);
            String table = readString(in);
            int count = Short.toUnsignedInt(in.getShort());
            List<Column> columns = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                columns.add(
                        new Column(
                                Short.toUnsignedInt(in.getShort()),
                                ColumnKind.values()[in.get()],
                                in.getShort(),
                                in.get() != 0,
                                readString(in),
                                readString(in)));
            }
            return new Content(id, keyspace, table, columns);
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new InvalidSchemaBytesException(
                    "Schema header of %d bytes is cut short or damaged".formatted(header.length));
        }
    }

    private static String readString(ByteBuffer in) {
        byte[] bytes = new byte[Short.toUnsignedInt(in.getShort())];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
