package io.helenus.test.crash;

import com.datastax.oss.driver.api.core.cql.Row;
import java.io.IOException;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/// Makes tables and keyspaces, writes to them, truncates and drops them.
final class Tables extends Actor {
    private static final int TABLES_MAX = 4;
    private static final String KEYSPACE = "made";
    private static final String REPLICATION =
            " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}";

    private int counter;

    Tables(long seed) {
        super("tables", seed);
    }

    @Override
    void create(World world) {
        world.session.execute("CREATE KEYSPACE " + KEYSPACE + REPLICATION);
    }

    private List<String> tables() {
        return known.keySet().stream()
                .filter(key -> key.startsWith("table/"))
                .map(key -> key.substring("table/".length()))
                .toList();
    }

    private static void removeTable(NavigableMap<String, String> from, String table) {
        from.remove("table/" + table);
        remove(from, "row/" + table + "/");
    }

    @Override
    void step(World world) throws IOException {
        counter++;
        List<String> tables = tables();
        int choice = random.nextInt(100);
        if (tables.isEmpty() || choice < 6 && tables.size() < TABLES_MAX) {
            String table = KEYSPACE + ".t" + counter;
            change(
                    to -> to.put("table/" + table, ""),
                    () ->
                            world.session.execute(
                                    "CREATE TABLE " + table + " (k int PRIMARY KEY, v text)"));
            return;
        }
        String table = tables.get(random.nextInt(tables.size()));
        if (choice < 11) {
            change(
                    to -> removeTable(to, table),
                    () -> world.session.execute("DROP TABLE " + table));
        } else if (choice < 16) {
            change(
                    to -> remove(to, "row/" + table + "/"),
                    () -> world.session.execute("TRUNCATE " + table));
        } else if (choice < 17) {
            change(NavigableMap::clear, () -> world.session.execute("DROP KEYSPACE " + KEYSPACE));
            world.session.execute("CREATE KEYSPACE " + KEYSPACE + REPLICATION);
        } else {
            int k = random.nextInt(50);
            String value = text(counter);
            change(
                    to -> to.put("row/" + table + "/" + k, value),
                    () ->
                            world.session.execute(
                                    "INSERT INTO %s (k, v) VALUES (%d, '%s')"
                                            .formatted(table, k, value)));
        }
    }

    @Override
    NavigableMap<String, String> observe(World world) {
        world.session.execute("CREATE KEYSPACE IF NOT EXISTS " + KEYSPACE + REPLICATION);
        NavigableMap<String, String> found = new TreeMap<>();
        for (Row row :
                world.read(
                        "SELECT table_name FROM system_schema.tables WHERE keyspace_name = ?",
                        KEYSPACE)) {
            String table = KEYSPACE + "." + row.getString(0);
            found.put("table/" + table, "");
            for (Row each : world.read("SELECT k, v FROM " + table)) {
                found.put("row/" + table + "/" + each.getInt(0), String.valueOf(each.getString(1)));
            }
        }
        return found;
    }
}
