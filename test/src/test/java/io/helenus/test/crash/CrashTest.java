package io.helenus.test.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.DefaultBatchType;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import io.helenus.sstable.cache.BlockCache;
import io.helenus.sstable.file.ChannelFiles;
import io.helenus.sstable.file.SSTableReader;
import io.helenus.sstable.file.SSTableVerifier;
import io.helenus.test.node.TestNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// No acknowledged write is lost, and no batch halved, whenever the process is killed.
final class CrashTest {
    private static final boolean THOROUGH = Boolean.getBoolean("helenus.thorough");
    private static final int KILLS_PER_PHASE = THOROUGH ? 10 : 2;
    private static final int KILLS_PER_PHASE_MIN = THOROUGH ? 5 : 1;
    private static final int CLIENTS = 4;
    private static final int WINDOW = 16;
    private static final int PARTITIONS = 32;
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final long POLL_NANOS = 500_000;
    private static final int APPEND_MILLIS_MAX = 700;
    private static final int AFTER_STOP_MILLIS_MAX = 20;
    private static final int KILLS_AT_RANDOM = THOROUGH ? 200 : 10;
    private static final int RANDOM_MILLIS_MAX = 1_500;

    @TempDir private Path directory;

    private final Map<Phase, Integer> kills = new EnumMap<>(Phase.class);
    private final BitSet acknowledged = new BitSet(); // guarded by itself
    private final AtomicInteger nextId = new AtomicInteger();
    private int filesChecked;

    @Test
    void acknowledgedWritesSurviveKills() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Phase> plan = new ArrayList<>();
        for (int i = 0; i < KILLS_PER_PHASE; i++) {
            List<Phase> round = new ArrayList<>(List.of(Phase.values()));
            Collections.shuffle(round, random);
            plan.addAll(round);
        }
        plan.remove(Phase.APPEND);
        plan.addFirst(Phase.APPEND); // there must be something to replay
        for (int i = 0; i < plan.size(); i++) {
            round(i, plan.get(i), random);
        }
        try (Child child = new Child(plan.size(), Phase.APPEND, Integer.MAX_VALUE);
                CqlSession session = connect(child.awaitPort())) {
            verify(session);
        }
        assertThat(acknowledged.cardinality()).isGreaterThan(1_000);
        for (Phase phase : Phase.values()) {
            assertThat(kills.getOrDefault(phase, 0))
                    .as("kills in phase %s of %s, seed %d", phase, kills, seed)
                    .isGreaterThanOrEqualTo(KILLS_PER_PHASE_MIN);
        }
    }

    /// The child writes, flushes and compacts as it wants, tables are altered, made and dropped, and it
    /// is killed whenever. Every file that is left is checked to its last byte, and all is read.
    @Test
    void whateverIsUnderWayFilesAreSoundAndAcknowledgedChangesThere() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Alterations alterations = new Alterations();
        for (int i = 0; i < KILLS_AT_RANDOM; i++) {
            try (Child child = new Child(i, Phase.APPEND, Integer.MAX_VALUE);
                    CqlSession session = connect(child.awaitPort())) {
                if (i == 0) {
                    createTables(session);
                } else {
                    verify(session);
                    alterations.verify(session);
                }
                Clients clients = new Clients(session);
                CompletableFuture<?> altered = alterations.start(session);
                pause(random.nextInt(RANDOM_MILLIS_MAX));
                child.kill();
                clients.finish();
                altered.join();
            } catch (AssertionError e) {
                throw new AssertionError("after %d kills, seed %d".formatted(i, seed), e);
            }
            assertFilesAreSound();
        }
        try (Child child = new Child(KILLS_AT_RANDOM, Phase.APPEND, Integer.MAX_VALUE);
                CqlSession session = connect(child.awaitPort())) {
            verify(session);
            alterations.verify(session);
        }
        assertThat(acknowledged.cardinality()).isGreaterThan(1_000);
        assertThat(alterations.next).isGreaterThan(KILLS_AT_RANDOM);
        assertThat(filesChecked).isGreaterThan(KILLS_AT_RANDOM);
    }

    /// What has its final name was forced before it got that.
    private void assertFilesAreSound() throws IOException {
        List<Path> files;
        try (Stream<Path> paths = Files.walk(directory.resolve("node"))) {
            files = paths.filter(path -> path.toString().endsWith(".sst")).toList();
        }
        for (Path file : files) {
            BlockCache cache = new BlockCache(1 << 20, Runnable::run);
            try (SSTableReader reader = SSTableReader.open(new ChannelFiles(), file, cache)) {
                assertThat(new SSTableVerifier(reader).verify().damage())
                        .as("damage in %s", file)
                        .isEmpty();
            }
            filesChecked++;
        }
    }

    /// One change of the schema after the other, until the server is gone.
    private static final class Alterations {
        private final Set<String> columns = new HashSet<>();
        private @Nullable String pending; // added or dropped, or not
        private int next;

        CompletableFuture<?> start(CqlSession session) {
            CompletableFuture<?> end = new CompletableFuture<>();
            alter(session, end);
            return end;
        }

        private void alter(CqlSession session, CompletableFuture<?> end) {
            int number = next++;
            String column = "x" + number / 3 % 7;
            boolean drops = columns.contains(column);
            String statement =
                    switch (number % 3) {
                        case 0 ->
                                "ALTER TABLE ks.a "
                                        + (drops ? "DROP " : "ADD ")
                                        + column
                                        + (drops ? "" : " text");
                        case 1 -> "CREATE TABLE ks.made" + number + " (k int PRIMARY KEY)";
                        default -> "DROP TABLE IF EXISTS ks.made" + (number - 1);
                    };
            boolean alters = number % 3 == 0;
            pending = alters ? column : null;
            var _ =
                    session.executeAsync(statement)
                            .whenComplete((_, failure) -> {
                                if (failure instanceof InvalidQueryException) {
                                    end.completeExceptionally(failure);
                                } else if (failure != null) {
                                    end.complete(null);
                                } else {
                                    if (alters) {
                                        toggle(column);
                                    }
                                    alter(session, end);
                                }
                            });
        }

        private void toggle(String column) {
            if (!columns.remove(column)) {
                columns.add(column);
            }
        }

        void verify(CqlSession session) {
            Set<String> found = new HashSet<>();
            session.execute(
                            "SELECT column_name FROM system_schema.columns"
                                    + " WHERE keyspace_name = 'ks' AND table_name = 'a'")
                    .forEach(row -> found.add(row.getString(0)));
            found.removeAll(Set.of("p", "id", "v"));
            String unknown = pending;
            if (unknown != null && found.contains(unknown) != columns.contains(unknown)) {
                toggle(unknown);
            }
            pending = null;
            assertThat(found).as("columns of ks.a").isEqualTo(columns);
        }
    }

    private void round(int number, Phase phase, Random random) throws Exception {
        // A flush or segment has few operations; a replay that reads once more is one segment on.
        int operations = phase == Phase.REPLAY ? random.nextInt(3) : random.nextInt(40);
        try (Child child = new Child(number, phase, operations)) {
            if (phase == Phase.REPLAY) {
                child.await("stopped in " + phase, child.marks::stopped);
            } else {
                try (CqlSession session = connect(child.awaitPort())) {
                    if (number == 0) {
                        createTables(session);
                    } else {
                        verify(session);
                    }
                    Clients clients = new Clients(session);
                    if (phase == Phase.APPEND) {
                        pause(random.nextInt(APPEND_MILLIS_MAX));
                    } else {
                        child.await("stopped in " + phase, child.marks::stopped);
                        pause(random.nextInt(AFTER_STOP_MILLIS_MAX));
                    }
                    child.kill();
                    clients.finish();
                }
            }
            child.kill();
            child.whereItDied().forEach(each -> kills.merge(each, 1, Integer::sum));
        }
    }

    private static void pause(int millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private static void createTables(CqlSession session) {
        session.execute(
                "CREATE KEYSPACE ks WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
        session.execute("CREATE TABLE ks.a (p int, id int, v text, PRIMARY KEY (p, id))");
        session.execute("CREATE TABLE ks.b (id int PRIMARY KEY, v text)");
    }

    private static String value(int id) {
        return ("value of " + id + " ").repeat(20);
    }

    /// All that was acknowledged is in both tables; what was not is in both or in neither.
    private void verify(CqlSession session) {
        BitSet a = stored(session, "SELECT id, v FROM ks.a");
        BitSet b = stored(session, "SELECT id, v FROM ks.b");
        BitSet lost = new BitSet();
        synchronized (acknowledged) {
            lost.or(acknowledged);
        }
        lost.andNot(a);
        assertThat(lost.stream().limit(20)).as("acknowledged, but not in a").isEmpty();
        a.xor(b);
        assertThat(a.stream().limit(20)).as("in one table of the batch only").isEmpty();
    }

    private static BitSet stored(CqlSession session, String select) {
        BitSet ids = new BitSet();
        for (Row row : session.execute(SimpleStatement.newInstance(select).setPageSize(2_000))) {
            int id = row.getInt(0);
            assertThat(row.getString(1)).isEqualTo(value(id));
            ids.set(id);
        }
        return ids;
    }

    private static CqlSession connect(int port) {
        return CqlSession.builder()
                .addContactPoint(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .withLocalDatacenter(TestNode.DATACENTER)
                .withConfigLoader(
                        DriverConfigLoader.programmaticBuilder()
                                .withDuration(
                                        DefaultDriverOption.CONFIG_RELOAD_INTERVAL, Duration.ZERO)
                                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, LIMIT)
                                .withDuration(
                                        DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, LIMIT)
                                .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, LIMIT)
                                .withBoolean(DefaultDriverOption.METADATA_SCHEMA_ENABLED, false)
                                .withInt(DefaultDriverOption.CONNECTION_POOL_LOCAL_SIZE, CLIENTS)
                                .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 0)
                                .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 0)
                                .build())
                .build();
    }

    /// Writes batches over all connections until the server is gone.
    private final class Clients {
        private final CqlSession session;
        private final PreparedStatement a;
        private final PreparedStatement b;
        private final List<CompletableFuture<?>> ends = new ArrayList<>();

        Clients(CqlSession session) {
            this.session = session;
            a = session.prepare("INSERT INTO ks.a (p, id, v) VALUES (?, ?, ?)");
            b = session.prepare("INSERT INTO ks.b (id, v) VALUES (?, ?)");
            for (int i = 0; i < CLIENTS * WINDOW; i++) {
                CompletableFuture<?> end = new CompletableFuture<>();
                ends.add(end);
                write(end);
            }
        }

        private void write(CompletableFuture<?> end) {
            int id = nextId.getAndIncrement();
            CompletionStage<?> answer =
                    session.executeAsync(
                            BatchStatement.builder(DefaultBatchType.LOGGED)
                                    .addStatement(a.bind(id % PARTITIONS, id, value(id)))
                                    .addStatement(b.bind(id, value(id)))
                                    .build());
            var _ =
                    answer.whenComplete((_, failure) -> {
                        if (failure != null) {
                            end.complete(null);
                            return;
                        }
                        synchronized (acknowledged) {
                            acknowledged.set(id);
                        }
                        write(end);
                    });
        }

        void finish() {
            CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).join();
        }
    }

    /// A child process with its file of marks. Killed when closed.
    private final class Child implements AutoCloseable {
        private final Process process;
        private final Path log;
        final Marks marks;

        Child(int number, Phase phase, int operations) throws IOException {
            Path file = directory.resolve("marks-" + number);
            log = directory.resolve("child-" + number + ".log");
            marks = new Marks(file);
            Path root = Path.of(System.getProperty("helenus.root", ".."));
            process =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "@" + root.resolve("conf/jvm.options"),
                                    "-Xmx256m",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    CrashServer.class.getName(),
                                    directory.resolve("node").toString(),
                                    file.toString(),
                                    phase.name(),
                                    String.valueOf(operations))
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
        }

        int awaitPort() throws IOException {
            await("serving", () -> marks.port() != 0);
            return marks.port();
        }

        void await(String what, BooleanSupplier condition) throws IOException {
            long start = System.nanoTime();
            while (!condition.getAsBoolean()) {
                boolean late = System.nanoTime() - start > LIMIT.toNanos();
                if (late || !process.isAlive()) {
                    throw new AssertionError(
                            "The child is not %s: %s%n%s"
                                    .formatted(
                                            what,
                                            late ? "time is up" : "it has ended",
                                            Files.readString(log)));
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
        }

        /// SIGKILL; returns when it is dead.
        void kill() throws InterruptedException {
            assertThat(process.destroyForcibly().waitFor(LIMIT)).isTrue();
        }

        List<Phase> whereItDied() {
            List<Phase> phases = new ArrayList<>();
            for (Phase phase : Phase.values()) {
                if (marks.within(phase)) {
                    phases.add(phase);
                }
            }
            return phases.isEmpty() ? List.of(Phase.APPEND) : phases;
        }

        @Override
        public void close() {
            process.destroyForcibly();
            marks.close();
        }
    }
}
