package io.helenus.test.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.NoNodeAvailableException;
import com.datastax.oss.driver.api.core.NodeUnavailableException;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.ResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.servererrors.AlreadyExistsException;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import com.datastax.oss.driver.api.core.servererrors.ServerError;
import com.datastax.oss.driver.api.core.servererrors.UnavailableException;
import io.helenus.test.node.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Clients of several real nodes change the schema at the same time, each through a node of its own.
/// Most statements are the same at all of them, so that only one can succeed. What each was told is
/// compared with the schema at the end.
final class SchemaContest implements AutoCloseable {
    static final String KEYSPACE = "contest";

    private static final String NOT_CHANGED = "The schema was not changed";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final long PAUSE_NANOS = 20_000_000;
    private static final List<String> TABLES = List.of("keyspaces", "tables", "columns", "types");

    /// What is contested: of which there can be one, or that each has for itself.
    private enum Kind {
        TABLE,
        OWN_COLUMN,
        COLUMN,
        DROPPED,
        TYPE;

        static Kind of(int number) {
            return values()[number % values().length];
        }
    }

    private enum Fate {
        DONE,

        /// By the schema that there is.
        REFUSED,

        /// For lack of a majority: it has not happened.
        UNAVAILABLE,

        /// It may have happened.
        UNKNOWN
    }

    /// @param agreed the driver saw that all nodes have the same schema
    /// @param undisturbed whether all nodes were there all the time
    /// @param failure what the client was told; empty if it is done
    private record Attempt(
            int node,
            int number,
            Fate fate,
            boolean agreed,
            boolean undisturbed,
            long millis,
            String failure) {
        Kind kind() {
            return Kind.of(number);
        }

        /// What the logs have of it if it has happened.
        String part() {
            return switch (kind()) {
                case TABLE -> DecidedSchema.table("shared" + number, "by " + node);
                case OWN_COLUMN ->
                        DecidedSchema.column("common", "own_%d_%d".formatted(node, number));
                case COLUMN -> DecidedSchema.column("common", "shared" + number);
                case DROPPED -> DecidedSchema.gone(DecidedSchema.table("doomed" + number, ""));
                case TYPE -> DecidedSchema.type("type" + number, List.of("by_" + node));
            };
        }
    }

    private final List<ServerProcess> servers;
    private final List<CqlSession> sessions = new ArrayList<>();
    private final int statements;
    private final List<Attempt> attempts = new ArrayList<>(); // guarded by this
    private final AtomicInteger disturbances = new AtomicInteger(); // odd while a node is down

    /// @param statements of each node
    SchemaContest(List<ServerProcess> servers, int statements) {
        this.servers = servers;
        this.statements = statements;
        servers.forEach(server -> sessions.add(connect(server)));
    }

    private static CqlSession connect(ServerProcess server) {
        return CqlSession.builder()
                .addContactPoint(server.client)
                .withLocalDatacenter(TestNode.DATACENTER)
                .withConfigLoader(
                        DriverConfigLoader.programmaticBuilder()
                                .withDuration(
                                        DefaultDriverOption.CONFIG_RELOAD_INTERVAL, Duration.ZERO)
                                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, TIMEOUT)
                                .withDuration(
                                        DefaultDriverOption.CONNECTION_CONNECT_TIMEOUT, TIMEOUT)
                                .withDuration(
                                        DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, TIMEOUT)
                                .withDuration(
                                        DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, TIMEOUT)
                                .withDuration(
                                        DefaultDriverOption.CONTROL_CONNECTION_AGREEMENT_TIMEOUT,
                                        TIMEOUT)
                                .withBoolean(DefaultDriverOption.METADATA_SCHEMA_ENABLED, false)
                                .withDuration(
                                        DefaultDriverOption.RECONNECTION_BASE_DELAY,
                                        Duration.ofMillis(50))
                                .withDuration(
                                        DefaultDriverOption.RECONNECTION_MAX_DELAY,
                                        Duration.ofMillis(200))
                                .withInt(DefaultDriverOption.NETTY_IO_SIZE, 1)
                                .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 0)
                                .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 0)
                                .build())
                .build();
    }

    // ---- the contest

    void prepare() {
        execute(
                0,
                "CREATE KEYSPACE %s WITH replication = {'class': 'NetworkTopologyStrategy', '%s': 1}"
                        .formatted(KEYSPACE, TestNode.DATACENTER));
        execute(0, "CREATE TABLE %s.common (k int PRIMARY KEY)".formatted(KEYSPACE));
        for (int number = 0; number < statements; number++) {
            if (Kind.of(number) == Kind.DROPPED) {
                execute(
                        0,
                        "CREATE TABLE %s.doomed%d (k int PRIMARY KEY)".formatted(KEYSPACE, number));
            }
        }
    }

    private static String statement(int node, int number) {
        return switch (Kind.of(number)) {
            case TABLE ->
                    "CREATE TABLE %s.shared%d (k int PRIMARY KEY) WITH comment = 'by %d'"
                            .formatted(KEYSPACE, number, node);
            case OWN_COLUMN ->
                    "ALTER TABLE %s.common ADD own_%d_%d int".formatted(KEYSPACE, node, number);
            case COLUMN -> "ALTER TABLE %s.common ADD shared%d int".formatted(KEYSPACE, number);
            case DROPPED -> "DROP TABLE %s.doomed%d".formatted(KEYSPACE, number);
            case TYPE -> "CREATE TYPE %s.type%d (by_%d int)".formatted(KEYSPACE, number, node);
        };
    }

    /// One client for each node.
    List<Future<?>> begin(ExecutorService executor) {
        List<Future<?>> clients = new ArrayList<>();
        for (int i = 0; i < servers.size(); i++) {
            int node = i;
            clients.add(executor.submit(() -> change(node)));
        }
        return clients;
    }

    private void change(int node) {
        for (int number = 0; number < statements; number++) {
            add(attempt(node, number));
        }
    }

    private synchronized void add(Attempt answered) {
        attempts.add(answered);
        notifyAll();
    }

    /// Waits until so many statements have an answer.
    ///
    /// @param limit after which it is enough
    synchronized void awaitAnswers(int count, Duration limit) throws InterruptedException {
        long begin = System.nanoTime();
        while (attempts.size() < count) {
            long left = limit.toMillis() - (System.nanoTime() - begin) / 1_000_000;
            assertThat(left)
                    .as("time left for answer %d after %d", count, attempts.size())
                    .isPositive();
            wait(left);
        }
    }

    private Attempt attempt(int node, int number) {
        long begin = System.nanoTime();
        int before = disturbances.get();
        Fate fate;
        boolean agreed = false;
        String failure = "";
        try {
            var _ = execute(node, statement(node, number));
            fate = Fate.DONE;
            agreed = isAgreed(node);
        } catch (AlreadyExistsException | InvalidQueryException e) {
            fate = Fate.REFUSED;
            failure = e.toString();
        } catch (DriverException e) {
            fate = isUnavailable(e) ? Fate.UNAVAILABLE : Fate.UNKNOWN;
            failure = e.toString();
        }
        boolean undisturbed = before % 2 == 0 && disturbances.get() == before;
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        return new Attempt(node, number, fate, agreed, undisturbed, millis, failure);
    }

    /// The driver does not refresh what it knows of the schema here, so it has to be asked: once its
    /// control connection is lost during a refresh there is never another one in that session.
    private boolean isAgreed(int node) {
        try {
            return sessions.get(node).checkSchemaAgreement();
        } catch (DriverException e) { // the node that it asks was killed
            return false;
        }
    }

    private static boolean isUnavailable(DriverException failure) {
        return switch (failure) {
            case UnavailableException _ -> true;
            case ServerError error -> String.valueOf(error.getMessage()).contains(NOT_CHANGED);
            case AllNodesFailedException all when !all.getAllErrors().isEmpty() ->
                    all.getAllErrors().values().stream()
                            .flatMap(List::stream)
                            .allMatch(UnavailableException.class::isInstance);
            default -> false;
        };
    }

    /// Through this node alone; waits until it is there.
    private ResultSet execute(int node, String statement) {
        long begin = System.nanoTime();
        while (true) {
            try {
                CqlSession session = sessions.get(node);
                return session.execute(
                        SimpleStatement.newInstance(statement).setNode(known(session, node)));
            } catch (AllNodesFailedException e) {
                if (!isAway(e) || System.nanoTime() - begin > TIMEOUT.toNanos()) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /// The statement was not even sent.
    private static boolean isAway(AllNodesFailedException failure) {
        return failure.getAllErrors().values().stream()
                .flatMap(List::stream)
                .allMatch(NodeUnavailableException.class::isInstance);
    }

    private Node known(CqlSession session, int node) {
        return session.getMetadata().getNodes().values().stream()
                .filter(each -> each.getEndPoint().resolve().equals(servers.get(node).client))
                .findFirst()
                .orElseThrow(NoNodeAvailableException::new);
    }

    /// How many statements have an answer.
    synchronized int answered() {
        return attempts.size();
    }

    private synchronized List<Attempt> attempts() {
        return List.copyOf(attempts);
    }

    /// Before a node is killed and after it is back.
    void disturbed() {
        disturbances.incrementAndGet();
    }

    // ---- the end

    /// @return a line about it
    String check() {
        awaitOneVersion();
        List<String> first = schema(0);
        for (int node = 1; node < servers.size(); node++) {
            assertThat(schema(node)).as("schema of node %d", node).isEqualTo(first);
        }
        TreeMap<Integer, List<Attempt>> byNumber = new TreeMap<>();
        attempts()
                .forEach(each ->
                        byNumber.computeIfAbsent(each.number, _ -> new ArrayList<>()).add(each));
        byNumber.values().forEach(this::check);
        long agreed = attempts().stream().filter(each -> each.agreed).count();
        assertThat(attempts())
                .filteredOn(each -> each.fate == Fate.DONE && each.undisturbed)
                .as("done while all nodes were there")
                .isNotEmpty()
                .allMatch(each -> each.agreed, "and the driver saw agreement");
        long slowest = attempts().stream().mapToLong(Attempt::millis).max().orElse(0);
        return "%d done (%d in agreement), %d refused, %d unavailable, %d unknown; slowest %d ms"
                .formatted(
                        of(Fate.DONE),
                        agreed,
                        of(Fate.REFUSED),
                        of(Fate.UNAVAILABLE),
                        of(Fate.UNKNOWN),
                        slowest);
    }

    /// What clients were told is what the logs have, once.
    void check(DecidedSchema decided) {
        Map<String, Integer> counts = decided.counts();
        Set<String> explained = new HashSet<>();
        for (Attempt attempt : attempts()) {
            int count = counts.getOrDefault(attempt.part(), 0);
            assertThat(count).as("%s is there once at most", attempt).isLessThanOrEqualTo(1);
            if (attempt.fate == Fate.DONE) {
                assertThat(count).as("%s is there", attempt).isEqualTo(1);
            }
            if (attempt.fate == Fate.DONE || attempt.fate == Fate.UNKNOWN) {
                explained.add(attempt.part());
            }
        }
        for (Attempt attempt : attempts()) {
            if (!explained.contains(attempt.part())) {
                assertThat(counts).as("%s", attempt).doesNotContainKey(attempt.part());
            }
        }
    }

    private long of(Fate fate) {
        return attempts().stream().filter(each -> each.fate == fate).count();
    }

    private void awaitOneVersion() {
        long begin = System.nanoTime();
        List<String> versions = versions();
        while (versions.stream().distinct().count() > 1) {
            assertThat(System.nanoTime() - begin)
                    .as("time until all have one version: %s", versions)
                    .isLessThan(TIMEOUT.toNanos());
            LockSupport.parkNanos(PAUSE_NANOS);
            versions = versions();
        }
    }

    private List<String> versions() {
        List<String> versions = new ArrayList<>();
        for (int node = 0; node < servers.size(); node++) {
            for (Row row : execute(node, "SELECT schema_version FROM system.local")) {
                versions.add(row.getFormattedContents());
            }
            for (Row row : execute(node, "SELECT schema_version FROM system.peers")) {
                versions.add(row.getFormattedContents());
            }
        }
        return versions;
    }

    /// All rows about the keyspace: with the ids of tables.
    private List<String> schema(int node) {
        List<String> rows = new ArrayList<>();
        for (String table : TABLES) {
            String query =
                    "SELECT * FROM system_schema.%s WHERE keyspace_name = '%s'"
                            .formatted(table, KEYSPACE);
            execute(node, query)
                    .forEach(row -> rows.add(table + ": " + row.getFormattedContents()));
        }
        return rows;
    }

    private void check(List<Attempt> same) {
        if (same.getFirst().kind() == Kind.OWN_COLUMN) {
            for (Attempt attempt : same) {
                assertThat(attempt.fate).as("%s", attempt).isNotEqualTo(Fate.REFUSED);
                if (attempt.fate == Fate.DONE) {
                    assertThat(exists(attempt)).as("%s is there", attempt).isTrue();
                }
            }
            return;
        }
        List<Attempt> done = same.stream().filter(each -> each.fate == Fate.DONE).toList();
        List<Fate> fates = same.stream().map(Attempt::fate).toList();
        boolean happened = same.stream().anyMatch(this::exists);
        if (same.getFirst().kind() == Kind.DROPPED) {
            happened = !happened;
        }
        assertThat(done).as("one can be first: %s", same).hasSizeLessThanOrEqualTo(1);
        if (fates.contains(Fate.DONE) || fates.contains(Fate.REFUSED)) {
            assertThat(happened).as("it happened: %s", same).isTrue();
        }
        if (happened) {
            assertThat(fates).as("%s", same).containsAnyOf(Fate.DONE, Fate.UNKNOWN);
        }
        if (!done.isEmpty() && same.getFirst().kind() != Kind.DROPPED) {
            assertThat(exists(done.getFirst())).as("as the first wanted: %s", same).isTrue();
        }
    }

    /// Whether there is what it is about, as it wanted it.
    private boolean exists(Attempt attempt) {
        int number = attempt.number;
        String query =
                switch (attempt.kind()) {
                    case TABLE -> tables("shared" + number);
                    case DROPPED -> tables("doomed" + number);
                    case OWN_COLUMN -> columns("own_%d_%d".formatted(attempt.node, number));
                    case COLUMN -> columns("shared" + number);
                    case TYPE ->
                            "SELECT field_names FROM system_schema.types WHERE keyspace_name = '%s'"
                                            .formatted(KEYSPACE)
                                    + " AND type_name = 'type%d'".formatted(number);
                };
        Row row = execute(attempt.node, query).one();
        if (row == null) {
            return false;
        }
        String found = row.getFormattedContents();
        return switch (attempt.kind()) {
            case TABLE -> found.contains("by " + attempt.node);
            case TYPE -> found.contains("by_" + attempt.node);
            case OWN_COLUMN, COLUMN, DROPPED -> true;
        };
    }

    private static String tables(String name) {
        return "SELECT comment FROM system_schema.tables WHERE keyspace_name = '%s' AND table_name = '%s'"
                .formatted(KEYSPACE, name);
    }

    private static String columns(String name) {
        return ("SELECT type FROM system_schema.columns WHERE keyspace_name = '%s'"
                        + " AND table_name = 'common' AND column_name = '%s'")
                .formatted(KEYSPACE, name);
    }

    @Override
    public void close() {
        sessions.forEach(CqlSession::close);
    }
}
