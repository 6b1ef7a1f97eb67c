package io.helenus.engine.schema;

import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.UserType;
import io.helenus.gossip.ring.Murmur3Token;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// The rows of `system_schema` and `system_virtual_schema`, from the schema that is current when
/// they are read.
final class SchemaProjection {
    private static final long MICROS_PER_MILLI = 1000;

    /// What one table shows of one keyspace.
    @FunctionalInterface
    private interface KeyspaceRows {
        void rows(TableSchema table, KeyspaceSchema keyspace, VirtualTable.RowConsumer consumer);
    }

    private record Projection(
            TableSchema schema,
            Supplier<Schema> current,
            Predicate<KeyspaceSchema> shown,
            KeyspaceRows rows)
            implements VirtualTable {
        @Override
        public void rows(RowConsumer consumer) {
            List<KeyspaceSchema> keyspaces = new ArrayList<>(current.get().keyspaces().values());
            keyspaces.removeIf(shown.negate());
            keyspaces.sort(Comparator.comparing(KeyspaceSchema::name, SchemaProjection::byToken));
            keyspaces.forEach(keyspace -> rows.rows(schema, keyspace, consumer));
        }
    }

    private SchemaProjection() {}

    /// The order of partitions with a text key.
    static int byToken(String a, String b) {
        return byToken(Wire.text(a), Wire.text(b));
    }

    static int byToken(byte[] a, byte[] b) {
        int order = Long.compare(Murmur3Token.of(a, 0, a.length), Murmur3Token.of(b, 0, b.length));
        return order != 0 ? order : Arrays.compareUnsigned(a, b);
    }

    static List<VirtualTable> tables(Supplier<Schema> current) {
        return List.of(
                stored(current, "keyspaces", SchemaProjection::keyspaceRow),
                stored(current, "tables", SchemaProjection::tableRows),
                stored(current, "columns", SchemaProjection::columnRows),
                stored(current, "dropped_columns", SchemaProjection::droppedColumnRows),
                stored(current, "types", SchemaProjection::typeRows),
                virtual(current, "keyspaces", SchemaProjection::virtualKeyspaceRow),
                virtual(current, "tables", SchemaProjection::virtualTableRows),
                virtual(current, "columns", SchemaProjection::columnRows));
    }

    private static VirtualTable stored(Supplier<Schema> current, String name, KeyspaceRows rows) {
        TableSchema table = SystemSchema.definition(SchemaNames.SYSTEM_SCHEMA, name);
        return new Projection(table, current, keyspace -> !keyspace.isVirtual(), rows);
    }

    private static VirtualTable virtual(Supplier<Schema> current, String name, KeyspaceRows rows) {
        TableSchema table = SystemSchema.definition(SchemaNames.SYSTEM_VIRTUAL_SCHEMA, name);
        return new Projection(table, current, KeyspaceSchema::isVirtual, rows);
    }

    private static void keyspaceRow(
            TableSchema table, KeyspaceSchema keyspace, VirtualTable.RowConsumer consumer) {
        consumer.row(
                new VirtualRow(table)
                        .text("keyspace_name", keyspace.name())
                        .set("durable_writes", Wire.bool(keyspace.durableWrites()))
                        .set("replication", Wire.textMap(keyspace.replication().asMap()))
                        .values());
    }

    private static void virtualKeyspaceRow(
            TableSchema table, KeyspaceSchema keyspace, VirtualTable.RowConsumer consumer) {
        consumer.row(new VirtualRow(table).text("keyspace_name", keyspace.name()).values());
    }

    private static void virtualTableRows(
            TableSchema table, KeyspaceSchema keyspace, VirtualTable.RowConsumer consumer) {
        for (TableSchema shown : keyspace.tables().values()) {
            consumer.row(
                    new VirtualRow(table)
                            .text("keyspace_name", keyspace.name())
                            .text("table_name", shown.name())
                            .text("comment", shown.options().comment())
                            .values());
        }
    }

    /// Columns that are null where the option has its default are so in Cassandra.
    private static void tableRows(
            TableSchema table, KeyspaceSchema keyspace, VirtualTable.RowConsumer consumer) {
        for (TableSchema shown : keyspace.tables().values()) {
            TableOptions options = shown.options();
            VirtualRow row =
                    new VirtualRow(table)
                            .text("keyspace_name", keyspace.name())
                            .text("table_name", shown.name())
                            .set("id", Wire.uuid(shown.id()))
                            .set("flags", Wire.texts(flags(shown)))
                            .set("extensions", Wire.texts(List.of()))
                            .set("dclocal_read_repair_chance", Wire.float64(0))
                            .set("read_repair_chance", Wire.float64(0))
                            .text(
                                    "additional_write_policy",
                                    options.additionalWritePolicy().toString())
                            .set(
                                    "bloom_filter_fp_chance",
                                    Wire.float64(options.bloomFilterFpChance()))
                            .set("caching", Wire.textMap(options.caching().asMap()))
                            .text("comment", options.comment())
                            .set("compaction", Wire.textMap(options.compaction().asMap()))
                            .set("compression", Wire.textMap(options.compression().options()))
                            .set("crc_check_chance", Wire.float64(options.crcCheckChance()))
                            .set("default_time_to_live", Wire.int32(options.defaultTimeToLive()))
                            .set("gc_grace_seconds", Wire.int32(options.gcGraceSeconds()))
                            .set("max_index_interval", Wire.int32(options.maxIndexInterval()))
                            .set(
                                    "memtable_flush_period_in_ms",
                                    Wire.int32(options.memtableFlushPeriodMillis()))
                            .set("min_index_interval", Wire.int32(options.minIndexInterval()))
                            .text("read_repair", options.readRepair().name())
                            .text("speculative_retry", options.speculativeRetry().toString());
            if (!options.allowAutoSnapshot()) {
                row.set("allow_auto_snapshot", Wire.bool(false));
            }
            if (!options.incrementalBackups()) {
                row.set("incremental_backups", Wire.bool(false));
            }
            consumer.row(row.values());
        }
    }

    private static List<String> flags(TableSchema table) {
        return table.isCounter() ? List.of("compound", "counter") : List.of("compound");
    }

    private static void columnRows(
            TableSchema table, KeyspaceSchema keyspace, VirtualTable.RowConsumer consumer) {
        for (TableSchema shown : keyspace.tables().values()) {
            TreeMap<String, ColumnSchema> columns = new TreeMap<>(SchemaNames.BYTE_ORDER);
            shown.columns().forEach(column -> columns.put(column.name(), column));
            for (ColumnSchema column : columns.values()) {
                consumer.row(
                        new VirtualRow(table)
                                .text("keyspace_name", keyspace.name())
                                .text("table_name", shown.name())
                                .text("column_name", column.name())
                                .text("clustering_order", order(column))
                                .set("column_name_bytes", Wire.text(column.name()))
                                .text("kind", column.kind().schemaName())
                                .set("position", Wire.int32(column.position()))
                                .text("type", column.type().cqlName())
                                .values());
            }
        }
    }

    private static String order(ColumnSchema column) {
        if (column.kind() != ColumnKind.CLUSTERING) {
            return "none";
        }
        return column.descending() ? "desc" : "asc";
    }

    private static void droppedColumnRows(
            TableSchema table, KeyspaceSchema keyspace, VirtualTable.RowConsumer consumer) {
        for (TableSchema shown : keyspace.tables().values()) {
            TreeMap<String, DroppedColumn> dropped = new TreeMap<>(SchemaNames.BYTE_ORDER);
            dropped.putAll(shown.dropped());
            for (DroppedColumn column : dropped.values()) {
                long millis = Math.floorDiv(column.droppedMicros(), MICROS_PER_MILLI);
                consumer.row(
                        new VirtualRow(table)
                                .text("keyspace_name", keyspace.name())
                                .text("table_name", shown.name())
                                .text("column_name", column.name())
                                .set("dropped_time", Wire.int64(millis))
                                .text("kind", column.kind().schemaName())
                                .text("type", column.type().cqlName())
                                .values());
            }
        }
    }

    private static void typeRows(
            TableSchema table, KeyspaceSchema keyspace, VirtualTable.RowConsumer consumer) {
        for (UserType type : keyspace.types().values()) {
            consumer.row(
                    new VirtualRow(table)
                            .text("keyspace_name", keyspace.name())
                            .text("type_name", type.name())
                            .set("field_names", Wire.texts(type.fieldNames()))
                            .set(
                                    "field_types",
                                    Wire.texts(
                                            type.fieldTypes().stream()
                                                    .map(CqlType::cqlName)
                                                    .toList()))
                            .values());
        }
    }
}
