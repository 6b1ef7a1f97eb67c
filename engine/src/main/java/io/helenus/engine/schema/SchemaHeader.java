package io.helenus.engine.schema;

import io.helenus.sstable.model.ByteWriter;
import java.nio.charset.StandardCharsets;

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

    private static void writeString(ByteWriter out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeShort(bytes.length).writeBytes(bytes);
    }
}
