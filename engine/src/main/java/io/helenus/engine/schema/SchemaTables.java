package io.helenus.engine.schema;

import static io.helenus.engine.types.NativeType.BLOB;
import static io.helenus.engine.types.NativeType.BOOLEAN;
import static io.helenus.engine.types.NativeType.DOUBLE;
import static io.helenus.engine.types.NativeType.INT;
import static io.helenus.engine.types.NativeType.TEXT;
import static io.helenus.engine.types.NativeType.TIMESTAMP;
import static io.helenus.engine.types.NativeType.UUID;

import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.ListType;
import io.helenus.engine.types.MapType;
import io.helenus.engine.types.SetType;
import java.util.List;

/// Definitions of the tables that show the schema. They are computed, never stored.
final class SchemaTables {
    private SchemaTables() {}

    /// `system_schema` but its two widest.
    static List<TableSchema> schemaTables() {
        return List.of(
                schema("aggregates", "user defined aggregate definitions")
                        .partitionKey("keyspace_name", TEXT)
                        .clustering("aggregate_name", TEXT)
                        .clustering("argument_types", list(TEXT).freeze())
                        .regular("final_func", TEXT)
                        .regular("initcond", TEXT)
                        .regular("return_type", TEXT)
                        .regular("state_func", TEXT)
                        .regular("state_type", TEXT)
                        .build(),
                schema("column_masks", "column dynamic data masks")
                        .partitionKey("keyspace_name", TEXT)
                        .clustering("table_name", TEXT)
                        .clustering("column_name", TEXT)
                        .regular("function_argument_nulls", list(BOOLEAN).freeze())
                        .regular("function_argument_types", list(TEXT).freeze())
                        .regular("function_argument_values", list(TEXT).freeze())
                        .regular("function_keyspace", TEXT)
                        .regular("function_name", TEXT)
                        .build(),
                schema("columns", "column definitions")
                        .partitionKey("keyspace_name", TEXT)
                        .clustering("table_name", TEXT)
                        .clustering("column_name", TEXT)
                        .regular("clustering_order", TEXT)
                        .regular("column_name_bytes", BLOB)
                        .regular("kind", TEXT)
                        .regular("position", INT)
                        .regular("type", TEXT)
                        .build(),
                schema("dropped_columns", "dropped column registry")
                        .partitionKey("keyspace_name", TEXT)
                        .clustering("table_name", TEXT)
                        .clustering("column_name", TEXT)
                        .regular("dropped_time", TIMESTAMP)
                        .regular("kind", TEXT)
                        .regular("type", TEXT)
                        .build(),
                schema("functions", "user defined function definitions")
                        .partitionKey("keyspace_name", TEXT)
                        .clustering("function_name", TEXT)
                        .clustering("argument_types", list(TEXT).freeze())
                        .regular("argument_names", list(TEXT).freeze())
                        .regular("body", TEXT)
                        .regular("called_on_null_input", BOOLEAN)
                        .regular("language", TEXT)
                        .regular("return_type", TEXT)
                        .build(),
                schema("indexes", "secondary index definitions")
                        .partitionKey("keyspace_name", TEXT)
                        .clustering("table_name", TEXT)
                        .clustering("index_name", TEXT)
                        .regular("kind", TEXT)
                        .regular("options", map(TEXT, TEXT).freeze())
                        .build(),
                schema("keyspaces", "keyspace definitions")
                        .partitionKey("keyspace_name", TEXT)
                        .regular("durable_writes", BOOLEAN)
                        .regular("replication", map(TEXT, TEXT).freeze())
                        .build(),
                schema("triggers", "trigger definitions")
                        .partitionKey("keyspace_name", TEXT)
                        .clustering("table_name", TEXT)
                        .clustering("trigger_name", TEXT)
                        .regular("options", map(TEXT, TEXT).freeze())
                        .build(),
                schema("types", "user defined type definitions")
                        .partitionKey("keyspace_name", TEXT)
                        .clustering("type_name", TEXT)
                        .regular("field_names", list(TEXT).freeze())
                        .regular("field_types", list(TEXT).freeze())
                        .build());
    }

    /// `system_schema.tables` and `views`, which show all table options.
    static List<TableSchema> wideSchemaTables() {
        return List.of(
                schema("tables", "table definitions")
                        .partitionKey("keyspace_name", TEXT)
                        .clustering("table_name", TEXT)
                        .regular("additional_write_policy", TEXT)
                        .regular("allow_auto_snapshot", BOOLEAN)
                        .regular("bloom_filter_fp_chance", DOUBLE)
                        .regular("caching", map(TEXT, TEXT).freeze())
                        .regular("cdc", BOOLEAN)
                        .regular("comment", TEXT)
                        .regular("compaction", map(TEXT, TEXT).freeze())
                        .regular("compression", map(TEXT, TEXT).freeze())
                        .regular("crc_check_chance", DOUBLE)
                        .regular("dclocal_read_repair_chance", DOUBLE)
                        .regular("default_time_to_live", INT)
                        .regular("extensions", map(TEXT, BLOB).freeze())
                        .regular("flags", set(TEXT).freeze())
                        .regular("gc_grace_seconds", INT)
                        .regular("id", UUID)
                        .regular("incremental_backups", BOOLEAN)
                        .regular("max_index_interval", INT)
                        .regular("memtable", TEXT)
                        .regular("memtable_flush_period_in_ms", INT)
                        .regular("min_index_interval", INT)
                        .regular("read_repair", TEXT)
                        .regular("read_repair_chance", DOUBLE)
                        .regular("speculative_retry", TEXT)
                        .build(),
                schema("views", "view definitions")
                        .partitionKey("keyspace_name", TEXT)
                        .clustering("view_name", TEXT)
                        .regular("additional_write_policy", TEXT)
                        .regular("allow_auto_snapshot", BOOLEAN)
                        .regular("base_table_id", UUID)
                        .regular("base_table_name", TEXT)
                        .regular("bloom_filter_fp_chance", DOUBLE)
                        .regular("caching", map(TEXT, TEXT).freeze())
                        .regular("cdc", BOOLEAN)
                        .regular("comment", TEXT)
                        .regular("compaction", map(TEXT, TEXT).freeze())
                        .regular("compression", map(TEXT, TEXT).freeze())
                        .regular("crc_check_chance", DOUBLE)
                        .regular("dclocal_read_repair_chance", DOUBLE)
                        .regular("default_time_to_live", INT)
                        .regular("extensions", map(TEXT, BLOB).freeze())
                        .regular("gc_grace_seconds", INT)
                        .regular("id", UUID)
                        .regular("include_all_columns", BOOLEAN)
                        .regular("incremental_backups", BOOLEAN)
                        .regular("max_index_interval", INT)
                        .regular("memtable", TEXT)
                        .regular("memtable_flush_period_in_ms", INT)
                        .regular("min_index_interval", INT)
                        .regular("read_repair", TEXT)
                        .regular("read_repair_chance", DOUBLE)
                        .regular("speculative_retry", TEXT)
                        .regular("where_clause", TEXT)
                        .build());
    }

    /// `system_virtual_schema`.
    static List<TableSchema> virtualTables() {
        return List.of(
                virtual("columns", "virtual column definitions")
                        .partitionKey("keyspace_name", TEXT)
                        .clustering("table_name", TEXT)
                        .clustering("column_name", TEXT)
                        .regular("clustering_order", TEXT)
                        .regular("column_name_bytes", BLOB)
                        .regular("kind", TEXT)
                        .regular("position", INT)
                        .regular("type", TEXT)
                        .build(),
                virtual("keyspaces", "virtual keyspace definitions")
                        .partitionKey("keyspace_name", TEXT)
                        .build(),
                virtual("tables", "virtual table definitions")
                        .partitionKey("keyspace_name", TEXT)
                        .clustering("table_name", TEXT)
                        .regular("comment", TEXT)
                        .build());
    }

    private static TableSchema.Builder schema(String name, String comment) {
        return SystemSchema.table(
                SchemaNames.SYSTEM_SCHEMA,
                name,
                comment,
                SystemSchema.WEEK_SECONDS,
                SystemSchema.FLUSH_MILLIS);
    }

    private static TableSchema.Builder virtual(String name, String comment) {
        return SystemSchema.table(SchemaNames.SYSTEM_VIRTUAL_SCHEMA, name, comment, 0, 0).virtual();
    }

    private static ListType list(CqlType element) {
        return new ListType(element, false);
    }

    private static SetType set(CqlType element) {
        return new SetType(element, false);
    }

    private static MapType map(CqlType key, CqlType value) {
        return new MapType(key, value, false);
    }
}
