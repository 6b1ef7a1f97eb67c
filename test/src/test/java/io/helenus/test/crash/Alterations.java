package io.helenus.test.crash;

import com.datastax.oss.driver.api.core.cql.Row;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// Adds and drops columns of a table of its own, in which it also writes, and changes compaction
/// and compression of tables that others write to.
final class Alterations extends Actor {
    private static final List<String> TABLES = List.of("a", "b", "alt", "src");
    private static final int COLUMNS = 5;
    private static final int ROWS = 30;
    private static final List<String> COMPACTION =
            List.of(
                    "{'class': 'SizeTieredCompactionStrategy', 'min_threshold': '2'}",
                    "{'class': 'SizeTieredCompactionStrategy', 'min_threshold': '4'}",
                    "{'class': 'TimeWindowCompactionStrategy', 'compaction_window_unit': 'MINUTES',"
                            + " 'compaction_window_size': '1', 'min_threshold': '2'}",
                    "{'class': 'UnifiedCompactionStrategy', 'scaling_parameters': 'T2',"
                            + " 'base_shard_count': '2', 'min_sstable_size': '0B'}",
                    "{'class': 'UnifiedCompactionStrategy', 'scaling_parameters': 'L4'}");
    private static final List<String> COMPRESSION =
            List.of(
                    "{'class': 'LZ4Compressor', 'chunk_length_in_kb': '4'}",
                    "{'class': 'LZ4Compressor', 'chunk_length_in_kb': '16'}",
                    "{'class': 'ZstdCompressor', 'chunk_length_in_kb': '16'}",
                    "{'enabled': 'false'}");

    private int counter;

    Alterations(long seed) {
        super("alterations", seed);
    }

    @Override
    void create(World world) {
        world.session.execute("CREATE TABLE ks.alt (k int PRIMARY KEY, base text)");
    }

    /// After all tables have been made.
    void settle(World world) throws IOException {
        known = observe(world);
    }

    @Override
    void step(World world) throws IOException {
        counter++;
        int choice = random.nextInt(20);
        if (choice < 12) {
            write(world);
        } else if (choice < 16) {
            alterColumns(world);
        } else {
            alterOptions(world);
        }
    }

    private void write(World world) throws IOException {
        int k = random.nextInt(ROWS);
        String column = "base";
        List<String> columns =
                known.keySet().stream()
                        .filter(key -> key.startsWith("column/"))
                        .map(key -> key.substring("column/".length()))
                        .toList();
        if (!columns.isEmpty() && random.nextInt(4) > 0) {
            column = columns.get(random.nextInt(columns.size()));
        }
        String written = column;
        String value = text(counter);
        change(
                to -> {
                    to.put("row/" + k + "/", "");
                    to.put("row/" + k + "/" + written, value);
                },
                () ->
                        world.session.execute(
                                "INSERT INTO ks.alt (k, %s) VALUES (%d, '%s')"
                                        .formatted(written, k, value)));
    }

    private void alterColumns(World world) throws IOException {
        String column = "x" + random.nextInt(COLUMNS);
        boolean drops = known.containsKey("column/" + column);
        change(
                to -> {
                    if (drops) {
                        to.remove("column/" + column);
                        to.keySet()
                                .removeIf(key ->
                                        key.startsWith("row/") && key.endsWith("/" + column));
                    } else {
                        to.put("column/" + column, "");
                    }
                },
                () ->
                        world.session.execute(
                                "ALTER TABLE ks.alt "
                                        + (drops ? "DROP " + column : "ADD " + column + " text")));
    }

    private void alterOptions(World world) throws IOException {
        String table = TABLES.get(random.nextInt(TABLES.size()));
        boolean isCompaction = random.nextBoolean();
        List<String> choices = isCompaction ? COMPACTION : COMPRESSION;
        String option = isCompaction ? "compaction" : "compression";
        String value = choices.get(random.nextInt(choices.size()));
        change(
                to -> to.put("option/" + table + "/" + option, essence(value)),
                () ->
                        world.session.execute(
                                "ALTER TABLE ks.%s WITH %s = %s".formatted(table, option, value)));
    }

    /// Class and parameters as `system_schema` has them, in order.
    private static String essence(String cql) {
        Map<String, String> options = new TreeMap<>();
        for (String pair : cql.substring(1, cql.length() - 1).split(",", -1)) {
            String[] parts = pair.replace("'", "").split(":", 2);
            options.put(parts[0].trim(), parts[1].trim());
        }
        return essence(options);
    }

    private static String essence(Map<String, String> options) {
        List<String> wanted =
                List.of(
                        "class",
                        "min_threshold",
                        "scaling_parameters",
                        "base_shard_count",
                        "compaction_window_size",
                        "chunk_length_in_kb",
                        "enabled");
        TreeSet<String> found = new TreeSet<>();
        options.forEach((key, value) -> {
            if (wanted.contains(key)) {
                found.add(key + "=" + value.substring(value.lastIndexOf('.') + 1));
            }
        });
        return String.join(" ", found);
    }

    @Override
    NavigableMap<String, String> observe(World world) {
        NavigableMap<String, String> found = new TreeMap<>();
        world.read(
                        "SELECT column_name FROM system_schema.columns"
                                + " WHERE keyspace_name = 'ks' AND table_name = 'alt'")
                .forEach(row -> {
                    String column = row.getString(0);
                    if (column != null && column.startsWith("x")) {
                        found.put("column/" + column, "");
                    }
                });
        for (String table : TABLES) {
            Row row =
                    world.read(
                                    "SELECT compaction, compression FROM system_schema.tables"
                                            + " WHERE keyspace_name = 'ks' AND table_name = ?",
                                    table)
                            .one();
            if (row == null) {
                throw new AssertionError("table ks." + table + " is gone");
            }
            for (int i = 0; i < 2; i++) {
                Map<String, String> options = row.getMap(i, String.class, String.class);
                found.put(
                        "option/" + table + "/" + (i == 0 ? "compaction" : "compression"),
                        essence(options == null ? Map.of() : options));
            }
        }
        for (Row row : world.read("SELECT * FROM ks.alt")) {
            String prefix = "row/" + row.getInt("k") + "/";
            found.put(prefix, "");
            row.getColumnDefinitions()
                    .forEach(column -> {
                        String columnName = column.getName().asInternal();
                        String value = columnName.equals("k") ? null : row.getString(columnName);
                        if (value != null) {
                            found.put(prefix + columnName, value);
                        }
                    });
        }
        return found;
    }
}
