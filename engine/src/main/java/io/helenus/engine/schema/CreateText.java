package io.helenus.engine.schema;

import static io.helenus.engine.types.Names.maybeQuote;

import io.helenus.engine.types.UserType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;

/// CREATE statements as Cassandra 5.0 prints them, to the last space.
final class CreateText {
    private static final String INDENT = "    ";

    private CreateText() {}

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private static String literal(Map<String, String> map) {
        return map.entrySet().stream()
                .map(entry -> literal(entry.getKey()) + ": " + literal(entry.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    static String name(String keyspace, String name) {
        return maybeQuote(keyspace) + "." + maybeQuote(name);
    }

    private static String notRecreatable(String kind, String name, String structure) {
        return """
        /*
        Warning: %s %s is a virtual %s and cannot be recreated with CQL.
        Structure, for reference:
        %s
        */\
        """
                .formatted(kind, name, kind.toLowerCase(Locale.ROOT), structure);
    }

    static String keyspace(KeyspaceSchema keyspace) {
        String name = maybeQuote(keyspace.name());
        if (keyspace.isVirtual()) {
            return notRecreatable("Keyspace", name, "VIRTUAL KEYSPACE " + name + ";");
        }
        ReplicationParams replication = keyspace.replication();
        SortedMap<String, String> options = replication.options();
        StringBuilder text = new StringBuilder("CREATE KEYSPACE ").append(name);
        text.append(" WITH replication = {'class': ");
        text.append(literal(replication.strategy().simpleName()));
        options.forEach((key, value) ->
                text.append(", ").append(literal(key)).append(": ").append(literal(value)));
        text.append("}  AND durable_writes = ").append(keyspace.durableWrites()).append(';');
        return text.toString();
    }

    static String type(UserType type) {
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < type.fieldNames().size(); i++) {
            fields.add(
                    INDENT
                            + maybeQuote(type.fieldNames().get(i))
                            + " "
                            + type.fieldTypes().get(i).cqlName());
        }
        return "CREATE TYPE %s (\n%s\n);"
                .formatted(name(type.keyspace(), type.name()), String.join(",\n", fields));
    }

    /// @param internals whether the table's id is said, and its dropped columns brought back
    static String table(TableSchema table, boolean internals) {
        String name = name(table.keyspace(), table.name());
        String body =
                " (\n%s\n) WITH %s;"
                        .formatted(
                                String.join(",\n", columnLines(table, internals)),
                                String.join("\n" + INDENT + "AND ", options(table, internals)));
        if (table.isVirtual()) {
            return notRecreatable("Table", name, "VIRTUAL TABLE " + name + body);
        }
        StringBuilder text = new StringBuilder("CREATE TABLE ").append(name).append(body);
        if (internals) {
            table.dropped().values().forEach(dropped -> appendDrop(text, table, dropped));
        }
        return text.toString();
    }

    private static List<String> columnLines(TableSchema table, boolean internals) {
        boolean keyInline = table.partitionKey().size() == 1 && !table.hasClustering();
        List<String> lines = new ArrayList<>();
        for (ColumnSchema column : table.columns()) {
            if (internals && table.dropped().containsKey(column.name())) {
                continue; // it is dropped, and added again, after the table
            }
            boolean isKey = keyInline && column.kind() == ColumnKind.PARTITION_KEY;
            lines.add(INDENT + definition(column) + (isKey ? " PRIMARY KEY" : ""));
        }
        if (internals) {
            for (DroppedColumn column : table.dropped().values()) {
                boolean isStatic = column.kind() == ColumnKind.STATIC;
                lines.add(
                        INDENT
                                + maybeQuote(column.name())
                                + " "
                                + column.type().cqlName()
                                + (isStatic ? " static" : ""));
            }
        }
        if (!keyInline) {
            lines.add(INDENT + "PRIMARY KEY (" + primaryKey(table) + ")");
        }
        return lines;
    }

    static String definition(ColumnSchema column) {
        return maybeQuote(column.name())
                + " "
                + column.type().cqlName()
                + (column.isStatic() ? " static" : "");
    }

    static String primaryKey(TableSchema table) {
        List<String> parts = new ArrayList<>();
        String partition = names(table.partitionKey());
        parts.add(table.partitionKey().size() == 1 ? partition : "(" + partition + ")");
        if (table.hasClustering()) {
            parts.add(names(table.clustering()));
        }
        return String.join(", ", parts);
    }

    private static String names(List<ColumnSchema> columns) {
        return columns.stream()
                .map(column -> maybeQuote(column.name()))
                .collect(Collectors.joining(", "));
    }

    static List<String> options(TableSchema table, boolean internals) {
        List<String> all = new ArrayList<>();
        if (internals) {
            all.add("ID = " + table.id());
        }
        if (table.hasClustering()) {
            all.add(
                    table.clustering().stream()
                            .map(c -> maybeQuote(c.name()) + (c.descending() ? " DESC" : " ASC"))
                            .collect(Collectors.joining(", ", "CLUSTERING ORDER BY (", ")")));
        }
        TableOptions options = table.options();
        String comment = "comment = " + literal(options.comment());
        if (table.isVirtual()) {
            all.add(comment);
            return all;
        }
        all.add("additional_write_policy = " + literal(options.additionalWritePolicy().toString()));
        all.add("allow_auto_snapshot = " + options.allowAutoSnapshot());
        all.add("bloom_filter_fp_chance = " + options.bloomFilterFpChance());
        all.add("caching = " + literal(options.caching().asMap()));
        all.add("cdc = false");
        all.add(comment);
        all.add("compaction = " + literal(options.compaction().asMap()));
        all.add("compression = " + literal(options.compression().options()));
        all.add("memtable = " + literal(TableOptions.MEMTABLE_DEFAULT));
        all.add("crc_check_chance = " + options.crcCheckChance());
        all.add("default_time_to_live = " + options.defaultTimeToLive());
        all.add("extensions = {}");
        all.add("gc_grace_seconds = " + options.gcGraceSeconds());
        all.add("incremental_backups = " + options.incrementalBackups());
        all.add("max_index_interval = " + options.maxIndexInterval());
        all.add("memtable_flush_period_in_ms = " + options.memtableFlushPeriodMillis());
        all.add("min_index_interval = " + options.minIndexInterval());
        all.add("read_repair = " + literal(options.readRepair().name()));
        all.add("speculative_retry = " + literal(options.speculativeRetry().toString()));
        return all;
    }

    private static void appendDrop(StringBuilder text, TableSchema table, DroppedColumn dropped) {
        String alter = "\nALTER TABLE " + name(table.keyspace(), table.name());
        text.append(alter).append(" DROP ").append(maybeQuote(dropped.name()));
        text.append(" USING TIMESTAMP ").append(dropped.droppedMicros()).append(';');
        ColumnSchema again = table.column(dropped.name());
        if (again != null) {
            text.append(alter).append(" ADD ").append(definition(again)).append(';');
        }
    }
}
