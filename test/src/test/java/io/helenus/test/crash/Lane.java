package io.helenus.test.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchStatementBuilder;
import com.datastax.oss.driver.api.core.cql.DefaultBatchType;
import com.datastax.oss.driver.api.core.cql.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/// Writes rows of partitions of its own, into tables that all lanes share: every kind of write and of
/// deletion, and batches over partitions and tables. A row of the table `a` is kept as
/// `a/p/c/` and its columns, each with its value; the marker of an inserted row as `live`.
final class Lane extends Actor {
    static final int PARTITIONS = 4;
    private static final int ROWS = 24;
    private static final int KEYS = 4; // of collections
    private static final int BATCH = 4;
    private static final String LIVE = "live";
    private static final long DAY = 86_400;

    private final int number;
    private int counter;

    Lane(int number, long seed) {
        super("lane " + number, seed);
        this.number = number;
    }

    @Override
    void create(World world) {
        if (number > 0) {
            return; // the first lane makes the tables of all
        }
        world.session.execute(
                "CREATE TABLE ks.a (p int, c int, v text, w int, m map<int, text>, s set<int>,"
                        + " st text static, PRIMARY KEY (p, c)) WITH gc_grace_seconds = 0");
        world.session.execute(
                "CREATE TABLE ks.b (p int, c int, v text, PRIMARY KEY (p, c))"
                        + " WITH gc_grace_seconds = 1 AND CLUSTERING ORDER BY (c DESC)");
    }

    private int partition() {
        return number * PARTITIONS + random.nextInt(PARTITIONS);
    }

    private static String row(int p, int c) {
        return "a/%d/%02d/".formatted(p, c);
    }

    @Override
    void step(World world) throws IOException {
        counter++;
        int p = partition();
        int c = random.nextInt(ROWS);
        switch (random.nextInt(16)) {
            case 0, 1, 2 -> insert(world, p, c);
            case 3 -> update(world, p, c);
            case 4, 5 -> collection(world, p, c);
            case 6 -> deleteCell(world, p, c);
            case 7 -> deleteRow(world, p, c);
            case 8 -> deleteRange(world, p, c);
            case 9 -> deletePartition(world, p);
            case 10, 11 -> staticRow(world, p);
            case 12, 13, 14 -> batchOverTables(world);
            default -> batchInPartition(world, p);
        }
    }

    private void insert(World world, int p, int c) throws IOException {
        String v = text(counter);
        int k = random.nextInt(KEYS);
        Map<Integer, String> map = Map.of(k, v.substring(0, Math.min(9, v.length())));
        Set<Integer> set = Set.of(k);
        boolean expires = random.nextInt(4) == 0;
        change(
                to -> {
                    String row = row(p, c);
                    remove(to, row + "m/");
                    remove(to, row + "s/");
                    to.put(row + LIVE, "");
                    to.put(row + "v", v);
                    to.put(row + "w", String.valueOf(counter));
                    map.forEach((key, value) -> to.put(row + "m/" + key, value));
                    set.forEach(element -> to.put(row + "s/" + element, ""));
                },
                () -> {
                    String insert = "INSERT INTO ks.a (p, c, v, w, m, s) VALUES (?, ?, ?, ?, ?, ?)";
                    if (expires) {
                        world.write(insert + " USING TTL " + DAY, p, c, v, counter, map, set);
                    } else {
                        world.write(insert, p, c, v, counter, map, set);
                    }
                });
    }

    private void update(World world, int p, int c) throws IOException {
        String v = text(counter);
        change(
                to -> to.put(row(p, c) + "v", v),
                () -> world.write("UPDATE ks.a SET v = ? WHERE p = ? AND c = ?", v, p, c));
    }

    private void collection(World world, int p, int c) throws IOException {
        String row = row(p, c);
        int k = random.nextInt(KEYS);
        String value = "m" + counter;
        String where = " WHERE p = ? AND c = ?";
        switch (random.nextInt(6)) {
            case 0 ->
                    change(
                            to -> to.put(row + "m/" + k, value),
                            () -> world.write("UPDATE ks.a SET m[?] = ?" + where, k, value, p, c));
            case 1 ->
                    change(
                            to -> to.remove(row + "m/" + k),
                            () -> world.write("DELETE m[?] FROM ks.a" + where, k, p, c));
            case 2 ->
                    change(
                            to -> {
                                remove(to, row + "m/");
                                to.put(row + "m/" + k, value);
                            },
                            () ->
                                    world.write(
                                            "UPDATE ks.a SET m = ?" + where,
                                            Map.of(k, value),
                                            p,
                                            c));
            case 3 ->
                    change(
                            to -> to.put(row + "s/" + k, ""),
                            () ->
                                    world.write(
                                            "UPDATE ks.a SET s = s + ?" + where, Set.of(k), p, c));
            case 4 ->
                    change(
                            to -> to.remove(row + "s/" + k),
                            () ->
                                    world.write(
                                            "UPDATE ks.a SET s = s - ?" + where, Set.of(k), p, c));
            default ->
                    change(
                            to -> remove(to, row + "s/"),
                            () -> world.write("DELETE s FROM ks.a" + where, p, c));
        }
    }

    private void deleteCell(World world, int p, int c) throws IOException {
        change(
                to -> to.remove(row(p, c) + "v"),
                () -> world.write("DELETE v FROM ks.a WHERE p = ? AND c = ?", p, c));
    }

    private void deleteRow(World world, int p, int c) throws IOException {
        change(
                to -> remove(to, row(p, c)),
                () -> world.write("DELETE FROM ks.a WHERE p = ? AND c = ?", p, c));
    }

    private void deleteRange(World world, int p, int c) throws IOException {
        int end = c + 1 + random.nextInt(ROWS / 2);
        change(
                to -> {
                    for (int each = c; each < end; each++) {
                        remove(to, row(p, each));
                    }
                },
                () -> world.write("DELETE FROM ks.a WHERE p = ? AND c >= ? AND c < ?", p, c, end));
    }

    private void deletePartition(World world, int p) throws IOException {
        change(
                to -> remove(to, "a/" + p + "/"),
                () -> world.write("DELETE FROM ks.a WHERE p = ?", p));
    }

    private void staticRow(World world, int p) throws IOException {
        String text = text(counter);
        change(
                to -> to.put("a/" + p + "/static", text),
                () -> world.write("UPDATE ks.a SET st = ? WHERE p = ?", text, p));
    }

    /// Different rows, as writes of one batch have one timestamp.
    private void batchOverTables(World world) throws IOException {
        Map<List<Integer>, String> rows = new HashMap<>();
        Set<List<Integer>> deleted = new HashSet<>();
        for (int i = 0; i < BATCH; i++) {
            List<Integer> row = List.of(partition(), random.nextInt(ROWS));
            if (random.nextInt(3) == 0 && !rows.containsKey(row)) {
                deleted.add(row);
            } else if (!deleted.contains(row)) {
                rows.put(row, text(counter));
            }
        }
        BatchStatementBuilder batch = BatchStatement.builder(DefaultBatchType.LOGGED);
        rows.forEach((row, v) -> {
            int p = row.getFirst();
            int c = row.getLast();
            batch.addStatement(
                    world.prepare("INSERT INTO ks.a (p, c, v) VALUES (?, ?, ?)").bind(p, c, v));
            batch.addStatement(
                    world.prepare("INSERT INTO ks.b (p, c, v) VALUES (?, ?, ?)").bind(p, c, v));
        });
        for (List<Integer> row : deleted) {
            int p = row.getFirst();
            int c = row.getLast();
            batch.addStatement(world.prepare("DELETE FROM ks.b WHERE p = ? AND c = ?").bind(p, c));
        }
        change(
                to -> {
                    rows.forEach((row, v) -> {
                        String key = row(row.getFirst(), row.getLast());
                        to.put(key + LIVE, "");
                        to.put(key + "v", v);
                        to.put("b/%d/%02d".formatted(row.getFirst(), row.getLast()), v);
                    });
                    deleted.forEach(
                            row -> to.remove("b/%d/%02d".formatted(row.getFirst(), row.getLast())));
                },
                () -> world.session.execute(batch.build()));
    }

    private void batchInPartition(World world, int p) throws IOException {
        BatchStatementBuilder batch = BatchStatement.builder(DefaultBatchType.UNLOGGED);
        Map<Integer, String> rows = new TreeMap<>();
        for (int i = 0; i < BATCH; i++) {
            rows.put(random.nextInt(ROWS), text(counter));
        }
        int gone = random.nextInt(ROWS);
        rows.remove(gone);
        rows.forEach((c, v) ->
                batch.addStatement(
                        world.prepare("INSERT INTO ks.a (p, c, v) VALUES (?, ?, ?)")
                                .bind(p, c, v)));
        batch.addStatement(world.prepare("DELETE FROM ks.a WHERE p = ? AND c = ?").bind(p, gone));
        change(
                to -> {
                    rows.forEach((c, v) -> {
                        to.put(row(p, c) + LIVE, "");
                        to.put(row(p, c) + "v", v);
                    });
                    remove(to, row(p, gone));
                },
                () -> world.session.execute(batch.build()));
    }

    // ---- Reading

    @Override
    NavigableMap<String, String> observe(World world) {
        NavigableMap<String, String> found = new TreeMap<>();
        for (int i = 0; i < PARTITIONS; i++) {
            int p = number * PARTITIONS + i;
            List<Row> forward = all(world, "SELECT * FROM ks.a WHERE p = ?", p);
            assertReverse(world, p, forward);
            forward.forEach(row -> take(row, found));
            for (Row row : all(world, "SELECT p, c, v FROM ks.b WHERE p = ?", p)) {
                found.put("b/%d/%02d".formatted(row.getInt(0), row.getInt(1)), row.getString(2));
            }
        }
        return found;
    }

    private static List<Row> all(World world, String select, int p) {
        return world.read(select, p).all();
    }

    private void assertReverse(World world, int p, List<Row> forward) {
        List<String> expected = new ArrayList<>();
        forward.forEach(row -> expected.add(row.getFormattedContents()));
        List<String> reversed = new ArrayList<>();
        all(world, "SELECT * FROM ks.a WHERE p = ? ORDER BY c DESC", p)
                .forEach(row -> reversed.add(row.getFormattedContents()));
        assertThat(reversed.reversed()).as("%s in reverse", name).isEqualTo(expected);
    }

    private static void take(Row row, NavigableMap<String, String> to) {
        int p = row.getInt("p");
        String fixed = row.getString("st");
        if (fixed != null) {
            to.put("a/" + p + "/static", fixed);
        }
        if (row.isNull("c")) {
            return; // a partition of nothing but its static row
        }
        String prefix = row(p, row.getInt("c"));
        to.put(prefix, ""); // it is shown, whatever it has
        String v = row.getString("v");
        if (v != null) {
            to.put(prefix + "v", v);
        }
        if (!row.isNull("w")) {
            to.put(prefix + "w", String.valueOf(row.getInt("w")));
        }
        Map<Integer, String> map = row.getMap("m", Integer.class, String.class);
        if (map != null) {
            map.forEach((key, value) -> to.put(prefix + "m/" + key, value));
        }
        Set<Integer> set = row.getSet("s", Integer.class);
        if (set != null) {
            set.forEach(element -> to.put(prefix + "s/" + element, ""));
        }
    }

    @Override
    void verify(World world) throws IOException {
        NavigableMap<String, String> found = observe(world);
        NavigableMap<String, String> other = attempted;
        if (other != null && found.equals(shown(other))) {
            known = other; // with its markers, which no read shows
        } else {
            assertThat(found)
                    .as(
                            "%s: what was acknowledged (or all of one change more, %s)",
                            name, other == null ? "none" : shown(other))
                    .isEqualTo(shown(known));
        }
        attempted = null;
    }

    /// What a read shows: rows that have anything, without their markers.
    private static NavigableMap<String, String> shown(NavigableMap<String, String> record) {
        NavigableMap<String, String> shown = new TreeMap<>();
        record.forEach((key, value) -> {
            if (key.startsWith("a/") && !key.endsWith("/static")) {
                int end = key.indexOf('/', key.indexOf('/', 2) + 1) + 1;
                shown.put(key.substring(0, end), "");
            }
            if (!key.endsWith(LIVE)) {
                shown.put(key, value);
            }
        });
        return shown;
    }

    /// The rows of both tables that a full scan has to find.
    static Map<String, Integer> rowCounts(List<Lane> lanes) {
        Map<String, Integer> counts = new TreeMap<>();
        for (Lane lane : lanes) {
            Set<String> rows = new HashSet<>();
            shown(lane.known)
                    .keySet()
                    .forEach(key -> {
                        if (key.startsWith("b/") || key.endsWith("/") && key.startsWith("a/")) {
                            rows.add(key);
                        }
                    });
            rows.forEach(row -> counts.merge(row.substring(0, 1), 1, Integer::sum));
        }
        return counts;
    }
}
