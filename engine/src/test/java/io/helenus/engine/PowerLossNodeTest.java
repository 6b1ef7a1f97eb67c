package io.helenus.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.commitlog.CommitLogOptions;
import io.helenus.commitlog.SegmentKind;
import io.helenus.commitlog.SyncMode;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.node.Node;
import io.helenus.engine.node.NodeFiles;
import io.helenus.engine.node.NodeOptions;
import io.helenus.engine.query.ClientState;
import io.helenus.engine.storage.SimulatedDisk;
import io.helenus.engine.storage.Snapshot;
import io.helenus.engine.storage.TableStore;
import io.helenus.engine.transport.TransportOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A whole node on a disk that loses what was not forced, at random operations: storage, commit log and
/// metadata together. After the restart all that was acknowledged is there: rows, tables, columns,
/// snapshots. What was not is there as a whole or not at all, and nothing is left over.
class PowerLossNodeTest {
    private static final boolean THOROUGH = Boolean.getBoolean("helenus.thorough");
    private static final int LOSSES = THOROUGH ? 1_500 : 50;
    private static final int FORCES = 12; // tried, if not all are
    private static final int STEPS = 70;
    private static final long SETTLE_SECONDS = 30;
    private static final long POLL_NANOS = 1_000_000;

    @TempDir private Path directory;

    @Test
    void allThatWasAcknowledgedIsThere() throws Exception {
        long seed = Long.getLong("helenus.power.seed", System.nanoTime());
        Random random = new Random(seed);
        long operations = new Run(random.nextLong()).run(Long.MAX_VALUE, false);
        assertThat(operations).isGreaterThan(500);
        for (int i = 0; i < LOSSES; i++) {
            long at = random.nextLong(operations);
            try {
                var _ = new Run(random.nextLong()).run(at, i % 2 == 0);
            } catch (AssertionError | Exception e) {
                throw new AssertionError(
                        "power is lost at operation %d, loss %d, -Dhelenus.power.seed=%d"
                                .formatted(at, i, seed),
                        e);
            }
        }
        System.out.println(
                "Nodes: power was lost %d times in %d operations, seed %d"
                        .formatted(LOSSES, operations, seed));
    }

    /// Right before and right after something is forced: each time, in a thorough run. What a node forces
    /// depends on its threads too, so that another run with the same seed has other boundaries.
    @Test
    void soItIsWhereverSomethingIsForced() throws Exception {
        long seed = Long.getLong("helenus.power.seed", System.nanoTime());
        Random random = new Random(seed);
        long historySeed = random.nextLong();
        Run whole = new Run(historySeed);
        var _ = whole.run(Long.MAX_VALUE, false);
        int forces = whole.forces;
        assertThat(forces).isGreaterThan(100);
        int losses = 0;
        for (int i = 0; i < forces; i++) {
            if (!THOROUGH && random.nextInt(forces) >= FORCES) {
                continue;
            }
            for (boolean afterIt : new boolean[] {false, true}) {
                try {
                    Run run = new Run(historySeed);
                    run.disk.failAtForce(i, afterIt);
                    var _ = run.run(random.nextBoolean());
                } catch (AssertionError | Exception e) {
                    throw new AssertionError(
                            "power is lost %s force %d, -Dhelenus.power.seed=%d"
                                    .formatted(afterIt ? "after" : "at", i, seed),
                            e);
                }
                losses++;
            }
        }
        System.out.println(
                "Nodes: power was lost %d times at %d forces, seed %d"
                        .formatted(losses, forces, seed));
    }

    private NodeOptions options() {
        return new NodeOptions(
                "helenus",
                "datacenter1",
                "rack1",
                directory,
                CommitLogOptions.defaults(directory.resolve("commitlog"))
                        .withSegmentKind(SegmentKind.CHANNEL)
                        .withSegmentBytes(64 << 10)
                        .withSyncMode(SyncMode.GROUP),
                false,
                InetAddress.getLoopbackAddress(),
                7000,
                null,
                TransportOptions.defaults(),
                4,
                List.of(),
                4 << 20,
                1 << 20,
                2,
                100,
                100);
    }

    private final class Run {
        private final Random random;
        private final SimulatedDisk disk;
        private NavigableMap<String, String> known = new TreeMap<>();
        private @Nullable NavigableMap<String, String> attempted;
        private int counter;
        private int forces; // before power was lost

        Run(long seed) throws IOException {
            random = new Random(seed);
            disk = new SimulatedDisk(new Random(seed));
            disk.createDirectories(directory);
        }

        private Node start() throws IOException {
            return Node.start(
                    options(), Clock.systemUTC(), new NodeFiles(disk, disk, disk::metadata));
        }

        private EmbeddedSession session(Node node) {
            return new EmbeddedSession(node.requests(), new ClientState("test"));
        }

        /// @return operations of the disk up to the end
        long run(long operations, boolean keepsUnforced) throws Exception {
            disk.failAfter(operations);
            return run(keepsUnforced);
        }

        private long run(boolean keepsUnforced) throws Exception {
            try (Node node = start()) {
                EmbeddedSession session = session(node);
                session.execute(
                        "CREATE KEYSPACE IF NOT EXISTS ks WITH replication ="
                                + " {'class': 'SimpleStrategy', 'replication_factor': 1}");
                for (int i = 0; i < STEPS && !disk.hasFailed(); i++) {
                    step(node, session);
                }
            } catch (IOException | RuntimeException e) {
                assertThat(disk.hasFailed()).as("the disk has failed: %s", e).isTrue();
            }
            long done = disk.operations();
            forces = disk.forces().size();
            if (keepsUnforced) {
                disk.crash();
            } else {
                disk.crashToForced();
            }
            for (int i = 0; i < 2; i++) { // and so it is after an orderly restart
                try (Node node = start()) {
                    verify(node);
                }
            }
            return done;
        }

        // ---- Changes

        private interface Request {
            void send() throws Exception;
        }

        private void change(Consumer<NavigableMap<String, String>> edit, Request request)
                throws IOException {
            NavigableMap<String, String> after = new TreeMap<>(known);
            edit.accept(after);
            attempted = after;
            try {
                request.send();
            } catch (CqlException | CompletionException e) {
                throw e;
            } catch (IOException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            known = after;
            attempted = null;
        }

        private List<String> tables() {
            return known.keySet().stream()
                    .filter(key -> key.startsWith("table/"))
                    .map(key -> key.substring("table/".length()))
                    .toList();
        }

        private static void removeAll(NavigableMap<String, String> from, String prefix) {
            from.subMap(prefix, prefix + Character.MAX_VALUE).clear();
        }

        private void step(Node node, EmbeddedSession session) throws IOException {
            counter++;
            List<String> tables = tables();
            int choice = random.nextInt(100);
            if (tables.isEmpty() || choice < 5 && tables.size() < 3) {
                String table = "t" + counter;
                change(
                        to -> to.put("table/" + table, ""),
                        () -> session.execute("CREATE TABLE ks." + table + " (k int PRIMARY KEY)"));
                return;
            }
            String table = tables.get(random.nextInt(tables.size()));
            TableStore store = store(node, table);
            if (choice < 9) {
                change(
                        to -> {
                            to.remove("table/" + table);
                            removeAll(to, "column/" + table + "/");
                            removeAll(to, "row/" + table + "/");
                        },
                        () -> session.execute("DROP TABLE ks." + table));
            } else if (choice < 18) {
                alter(session, table);
            } else if (choice < 21) {
                change(
                        to -> removeAll(to, "row/" + table + "/"),
                        () -> session.execute("TRUNCATE ks." + table));
            } else if (choice < 31) {
                change(_ -> {}, () -> store.flush().join());
            } else if (choice < 37) {
                change(_ -> {}, () -> node.compactions().major(store, false).join());
            } else if (choice < 43) {
                snapshot(node, store);
            } else {
                write(session, table);
            }
        }

        private void alter(EmbeddedSession session, String table) throws IOException {
            String column = "x" + random.nextInt(2);
            String key = "column/" + table + "/" + column;
            boolean drops = known.containsKey(key);
            change(
                    to -> {
                        if (drops) {
                            to.remove(key);
                            to.keySet()
                                    .removeIf(row ->
                                            row.startsWith("row/" + table + "/")
                                                    && row.endsWith("/" + column));
                        } else {
                            to.put(key, "");
                        }
                    },
                    () ->
                            session.execute(
                                    "ALTER TABLE ks.%s %s %s"
                                            .formatted(
                                                    table,
                                                    drops ? "DROP" : "ADD",
                                                    drops ? column : column + " text")));
        }

        private void write(EmbeddedSession session, String table) throws IOException {
            int k = random.nextInt(8);
            String prefix = "row/%s/%d/".formatted(table, k);
            List<String> columns =
                    known.keySet().stream()
                            .filter(key -> key.startsWith("column/" + table + "/"))
                            .map(key -> key.substring(key.lastIndexOf('/') + 1))
                            .toList();
            if (random.nextInt(5) == 0) {
                change(
                        to -> removeAll(to, prefix),
                        () ->
                                session.execute(
                                        "DELETE FROM ks.%s WHERE k = %d".formatted(table, k)));
            } else if (columns.isEmpty()) {
                change(
                        to -> to.put(prefix, ""),
                        () ->
                                session.execute(
                                        "INSERT INTO ks.%s (k) VALUES (%d)".formatted(table, k)));
            } else {
                String column = columns.get(random.nextInt(columns.size()));
                String value = counter + "x".repeat(random.nextInt(200));
                change(
                        to -> {
                            to.put(prefix, "");
                            to.put(prefix + column, value);
                        },
                        () ->
                                session.execute(
                                        "INSERT INTO ks.%s (k, %s) VALUES (%d, '%s')"
                                                .formatted(table, column, k, value)));
            }
        }

        private void snapshot(Node node, TableStore store) throws IOException {
            List<String> tags =
                    known.keySet().stream().filter(key -> key.startsWith("snapshot/")).toList();
            if (tags.size() > 2) {
                String tag = tags.getFirst();
                change(
                        to -> to.remove(tag),
                        () ->
                                node.storage()
                                        .snapshots()
                                        .delete(each -> tag.equals("snapshot/" + each.tag())));
                return;
            }
            String tag = "s" + counter;
            change(
                    to -> to.put("snapshot/" + tag, ""),
                    () -> node.storage().snapshots().create(List.of(store), tag, null));
        }

        private TableStore store(Node node, String table) {
            return node.storage().tables().stream()
                    .filter(store -> store.name().table().equals(table))
                    .findFirst()
                    .orElseThrow();
        }

        // ---- What is found

        private void verify(Node node) throws IOException {
            NavigableMap<String, String> found = observe(node);
            if (!found.equals(attempted)) {
                assertThat(found)
                        .as("what was acknowledged, or also one change more: %s", attempted)
                        .isEqualTo(known);
            }
            known = found;
            attempted = null;
            awaitTidiness(node);
        }

        private NavigableMap<String, String> observe(Node node) throws IOException {
            EmbeddedSession session = session(node);
            NavigableMap<String, String> found = new TreeMap<>();
            for (EmbeddedResult.Row row :
                    session.execute(
                                    "SELECT table_name, column_name FROM system_schema.columns"
                                            + " WHERE keyspace_name = 'ks'")
                            .rows()) {
                String column = String.valueOf(row.get(1));
                found.put("table/" + row.get(0), "");
                if (column.startsWith("x")) {
                    found.put("column/" + row.get(0) + "/" + column, "");
                }
            }
            for (String key : List.copyOf(found.keySet())) {
                if (key.startsWith("table/")) {
                    read(session, key.substring("table/".length()), found);
                }
            }
            for (Snapshot snapshot : node.storage().snapshots().list()) {
                assertThat(snapshot.createdAt()).as("time of %s", snapshot).isNotNull();
                assertThat(names(snapshot.directory()))
                        .contains("manifest", "manifest.json", "schema.cql");
                if (!snapshot.tag().matches("(dropped|truncated)-.*")) {
                    found.put("snapshot/" + snapshot.tag(), "");
                }
            }
            return found;
        }

        private static void read(
                EmbeddedSession session, String table, NavigableMap<String, String> to) {
            EmbeddedResult result = session.execute("SELECT * FROM ks." + table);
            for (EmbeddedResult.Row row : result.rows()) {
                String prefix = "row/%s/%s/".formatted(table, row.get("k"));
                to.put(prefix, "");
                for (EmbeddedResult.Column column : result.columns()) {
                    Object value = row.get(column.name());
                    if (!column.name().equals("k") && value != null) {
                        to.put(prefix + column.name(), value.toString());
                    }
                }
            }
        }

        private List<String> names(Path of) throws IOException {
            return disk.list(of).stream()
                    .map(path -> String.valueOf(path.getFileName()))
                    .collect(Collectors.toCollection(ArrayList::new));
        }

        /// Compactions may be at work.
        private void awaitTidiness(Node node) throws IOException {
            long start = System.nanoTime();
            String wrong = leftOver(node);
            while (wrong != null) {
                if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(SETTLE_SECONDS)) {
                    throw new AssertionError(wrong);
                }
                LockSupport.parkNanos(POLL_NANOS);
                wrong = leftOver(node);
            }
        }

        private @Nullable String leftOver(Node node) throws IOException {
            for (Path table : disk.list(directory.resolve("data").resolve("ks"))) {
                List<String> expected =
                        node.storage().tables().stream()
                                .filter(store -> store.directory().equals(table))
                                .findFirst()
                                .map(PowerLossNodeTest::filesOf)
                                .orElse(new ArrayList<>());
                List<String> found = names(table);
                found.remove("snapshots");
                found.sort(null);
                expected.sort(null);
                if (!found.equals(expected)) {
                    return "%s has %s, wanted is %s".formatted(table, found, expected);
                }
            }
            return null;
        }
    }

    private static List<String> filesOf(TableStore store) {
        List<String> files = new ArrayList<>();
        store.sstables().forEach(file -> files.add(file.file().fileName()));
        files.add("manifest");
        return files;
    }
}
