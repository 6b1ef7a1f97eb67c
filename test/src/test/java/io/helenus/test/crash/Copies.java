package io.helenus.test.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.cql.Row;
import io.helenus.engine.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Takes snapshots of a table, clears them, and brings them into another table: what was in the first
/// at the time of the snapshot must then be in the second.
///
/// The record has rows as `src/k` and `dst/k`, and snapshots as `snapshot/tag` with all rows that were
/// then in `src`.
final class Copies extends Actor {
    private static final int ROWS = 20;
    private static final int SNAPSHOTS_MAX = 6;
    private static final String AUTOMATIC = "(dropped|truncated)-.*";

    private int counter;
    private boolean isRefreshing;
    private boolean isClearing;

    Copies(long seed) {
        super("copies", seed);
    }

    @Override
    void create(World world) {
        world.session.execute("CREATE TABLE ks.src (k int PRIMARY KEY, v text)");
        world.session.execute(
                "CREATE TABLE ks.dst (k int PRIMARY KEY, v text)"
                        + " WITH allow_auto_snapshot = false");
    }

    private List<String> tags() {
        return known.keySet().stream()
                .filter(key -> key.startsWith("snapshot/"))
                .map(key -> key.substring("snapshot/".length()))
                .toList();
    }

    @Override
    void step(World world) throws IOException {
        counter++;
        List<String> tags = tags();
        int choice = random.nextInt(100);
        if (choice < 70) {
            int k = random.nextInt(ROWS);
            String value = text(counter);
            change(
                    to -> to.put("src/" + k, value),
                    () -> world.write("INSERT INTO ks.src (k, v) VALUES (?, ?)", k, value));
        } else if (tags.isEmpty() || choice < 80 && tags.size() < SNAPSHOTS_MAX) {
            String tag = "s" + counter;
            change(
                    to -> to.put("snapshot/" + tag, rows(known, "src/")),
                    () ->
                            world.admin.post(
                                    "/v1/snapshots",
                                    Json.object()
                                            .put("tag", tag)
                                            .putTexts("tables", List.of("ks.src"))));
        } else if (choice < 86) {
            String tag = tags.get(random.nextInt(tags.size()));
            change(
                    to -> to.remove("snapshot/" + tag),
                    () -> world.admin.delete("/v1/snapshots", Json.object().put("tag", tag)));
        } else if (choice < 88) {
            isClearing = true;
            change(
                    to -> remove(to, "snapshot/"),
                    () -> world.admin.delete("/v1/snapshots", Json.object().put("all", true)));
            isClearing = false;
        } else if (known.keySet().stream().anyMatch(key -> key.startsWith("dst/"))) {
            change(to -> remove(to, "dst/"), () -> world.session.execute("TRUNCATE ks.dst"));
        } else {
            restore(world, tags.get(random.nextInt(tags.size())));
        }
    }

    private static String rows(NavigableMap<String, String> of, String prefix) {
        return of.subMap(prefix, prefix + Character.MAX_VALUE).entrySet().stream()
                .map(row -> row.getKey().substring(prefix.length()) + "=" + row.getValue())
                .collect(Collectors.joining("\n"));
    }

    private void restore(World world, String tag) throws IOException {
        String content = String.valueOf(known.get("snapshot/" + tag));
        if (content.isEmpty()) {
            return;
        }
        Path snapshot = directory(world, tag);
        boolean inPlace = random.nextBoolean();
        isRefreshing = inPlace;
        change(
                to ->
                        content.lines()
                                .forEach(row -> {
                                    int equals = row.indexOf('=');
                                    to.put(
                                            "dst/" + row.substring(0, equals),
                                            row.substring(equals + 1));
                                }),
                () -> {
                    if (inPlace) {
                        linkIntoTable(world, snapshot);
                        refresh(world);
                    } else {
                        var _ =
                                world.admin.post(
                                        "/v1/import",
                                        Json.object()
                                                .put("keyspace", "ks")
                                                .put("table", "dst")
                                                .put("copy", true)
                                                .putTexts(
                                                        "directories",
                                                        List.of(snapshot.toString())));
                    }
                });
        isRefreshing = false;
    }

    private static Path directory(World world, String tag) throws IOException {
        for (Json.Members each : world.admin.get("/v1/snapshots").objects("snapshots")) {
            if (each.text("tag").equals(tag)) {
                return Path.of(each.text("directory"));
            }
        }
        throw new AssertionError("there is no snapshot " + tag);
    }

    /// As an operator does who restores a snapshot by hand.
    private static void linkIntoTable(World world, Path snapshot) throws IOException {
        Path table = tableDirectory(world, snapshot);
        try (Stream<Path> files = Files.list(snapshot)) {
            long name = 1_000_000_000;
            for (Path file : files.sorted().toList()) {
                if (file.toString().endsWith(".sst")) {
                    Files.createLink(table.resolve(name + ".sst"), file);
                    name++;
                }
            }
        }
    }

    private static Path tableDirectory(World world, Path snapshot) {
        Row row =
                world.read(
                                "SELECT id FROM system_schema.tables"
                                        + " WHERE keyspace_name = 'ks' AND table_name = 'dst'")
                        .one();
        if (row == null) {
            throw new AssertionError("table ks.dst is gone");
        }
        String id = String.valueOf(row.getUuid(0)).replace("-", "");
        return snapshot.resolve("../../../dst-" + id).normalize();
    }

    private static void refresh(World world) throws IOException {
        var _ =
                world.admin.post(
                        "/v1/refresh", Json.object().put("keyspace", "ks").put("table", "dst"));
    }

    @Override
    NavigableMap<String, String> observe(World world) throws IOException {
        NavigableMap<String, String> found = new TreeMap<>();
        for (String table : List.of("src", "dst")) {
            for (Row row : world.read("SELECT k, v FROM ks." + table)) {
                found.put(table + "/" + row.getInt(0), String.valueOf(row.getString(1)));
            }
        }
        NavigableMap<String, String> records = new TreeMap<>(known);
        if (attempted != null) {
            attempted.forEach(records::putIfAbsent);
        }
        for (Json.Members each : world.admin.get("/v1/snapshots").objects("snapshots")) {
            String tag = each.text("tag");
            if (!tag.matches(AUTOMATIC)) {
                String content = records.get("snapshot/" + tag);
                found.put("snapshot/" + tag, content == null ? "of nobody" : content);
            }
        }
        return found;
    }

    @Override
    void verify(World world) throws IOException {
        if (isRefreshing && attempted != null) {
            refreshAgain(world);
        }
        if (isClearing && attempted != null) {
            keepUncleared(world);
        }
        isRefreshing = false;
        isClearing = false;
        super.verify(world);
    }

    /// The start put aside what an operator had linked; now all of it comes in, or it is in already.
    private void refreshAgain(World world) throws IOException {
        NavigableMap<String, String> before = observe(world);
        assertThat(before).isIn(known, attempted);
        refresh(world);
        NavigableMap<String, String> after = observe(world);
        NavigableMap<String, String> wanted = attempted;
        if (wanted != null && !after.equals(wanted)) {
            // It ended while the files were linked: some of them are in.
            assertThat(wanted.keySet()).containsAll(after.keySet());
            world.session.execute("TRUNCATE ks.dst");
            attempted = null;
        }
    }

    /// Of many, those may be left that it had not come to.
    private void keepUncleared(World world) throws IOException {
        Set<String> left = new HashSet<>(observe(world).keySet());
        known.keySet().removeIf(key -> key.startsWith("snapshot/") && !left.contains(key));
    }
}
