package io.helenus.engine.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.cql.CqlParser;
import io.helenus.cql.ast.SchemaStatement;
import io.helenus.engine.cluster.ClusterNode;
import io.helenus.engine.cluster.ClusterPlans;
import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.NodeState;
import io.helenus.engine.cluster.agreement.AgreementSettings;
import io.helenus.engine.cluster.agreement.Outcome;
import io.helenus.engine.cluster.metadata.MetadataEnvironment;
import io.helenus.engine.cluster.metadata.MetadataService;
import io.helenus.engine.schema.DdlAnalyzer;
import io.helenus.engine.schema.DdlContext;
import io.helenus.engine.schema.DdlPlan;
import io.helenus.engine.schema.Schema;
import io.helenus.engine.schema.SchemaChange;
import io.helenus.gossip.Endpoint;
import io.helenus.gossip.Location;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The metadata of a node that is alone, on files in memory, in one thread, with all that differs between
/// runs fixed.
final class MetadataFixture implements Closeable {
    static final List<String> STATEMENTS =
            List.of(
                    "CREATE KEYSPACE ks WITH replication ="
                            + " {'class':'SimpleStrategy','replication_factor':1}",
                    "CREATE TYPE ks.point (x int, \"Y\" int)",
                    "CREATE TABLE ks.t (k int, c text, s int static, v list<int>, p frozen<point>,"
                            + " PRIMARY KEY (k, c)) WITH CLUSTERING ORDER BY (c DESC)",
                    "ALTER TABLE ks.t ADD w map<text, frozen<point>>",
                    "ALTER TABLE ks.t DROP v",
                    "ALTER TYPE ks.point ADD z vector<float, 2>",
                    "ALTER TABLE ks.t RENAME c TO c2",
                    "ALTER TABLE ks.t WITH comment = 'it''s' AND compaction ="
                            + " {'class':'TimeWindowCompactionStrategy','compaction_window_size':'10'}",
                    "ALTER TYPE ks.point RENAME x TO xx",
                    "ALTER KEYSPACE ks WITH durable_writes = false",
                    "CREATE TABLE ks.gone (k int PRIMARY KEY)",
                    "DROP TABLE ks.gone",
                    "CREATE TYPE ks.unused (a int)",
                    "DROP TYPE ks.unused",
                    "CREATE KEYSPACE gone WITH replication ="
                            + " {'class':'NetworkTopologyStrategy','datacenter1':1}",
                    "DROP KEYSPACE gone");

    static final NodeIdentity IDENTITY =
            new NodeIdentity(new UUID(4, 2), "a cluster", List.of(9L, -3L));
    private static final Endpoint SELF = Endpoint.of("127.0.0.1", 7000);
    private static final long TICK_NANOS = 6_000_000_000L;

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<Runnable> timers = new ArrayList<>();
    private final MetadataLog log;
    private final MetadataService service;
    private final SchemaStore schemas;
    private final NodeIdentity identity;
    private final List<MetadataHistory.Dropped> dropped;
    private List<SchemaChange> changes = List.of();
    private @Nullable RuntimeException failure;
    private long nanos;

    /// The change was not made, or it is not known whether it was.
    static final class NotChangedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotChangedException(String why) {
            super(why);
        }
    }

    /// What became of a statement.
    record Applied(DdlPlan plan, Schema schema, List<SchemaChange> changes) {}

    private MetadataFixture(MetadataLog log) throws IOException {
        this.log = log;
        MetadataHistory history = new MetadataHistory(log, List.of());
        NodeIdentity known = history.identity();
        identity = known == null ? IDENTITY : known;
        service =
                new MetadataService(
                        log,
                        identity,
                        SELF,
                        List.of(),
                        AgreementSettings.DEFAULT,
                        new MetadataEnvironment(
                                tasks::addLast,
                                tasks::addLast,
                                (_, action) -> timers.add(action),
                                () -> nanos,
                                new Random(7 + history.agreed().size())));
        if (history.agreed().isEmpty()) {
            create(history.schema());
        } else {
            service.restore(history);
        }
        schemas = new SchemaStore(service.state().schema());
        dropped = history.dropped(schemas.schema());
        service.addListener((_, after) -> {
            try {
                changes = schemas.install(after.schema());
            } catch (RuntimeException e) {
                failure = e;
            }
        });
    }

    static MetadataFixture open(MetadataFiles files) throws IOException {
        MetadataLog log = MetadataLog.open(files, new Random(7));
        try {
            return new MetadataFixture(log);
        } catch (IOException | RuntimeException e) {
            log.close();
            throw e;
        }
    }

    private void create(Schema schema) throws IOException {
        ClusterNode node =
                new ClusterNode(
                        identity.hostId(),
                        SELF,
                        Endpoint.of("127.0.0.1", 9042),
                        new Location("datacenter1", "rack1"),
                        NodeState.NORMAL,
                        "5.0.6",
                        identity.tokens());
        CompletableFuture<ClusterState> created =
                service.create(ClusterState.ofSingleNode(identity.clusterName(), node, schema), 1)
                        .toCompletableFuture();
        drain();
        if (created.isCompletedExceptionally()) {
            throw new IOException(service.halted());
        }
    }

    private void drain() {
        for (Runnable next = tasks.pollFirst(); next != null; next = tasks.pollFirst()) {
            next.run();
        }
    }

    /// Time passes.
    void tick() {
        nanos += TICK_NANOS;
        List<Runnable> due = List.copyOf(timers);
        timers.clear();
        due.forEach(Runnable::run);
        drain();
    }

    ClusterState state() {
        return service.state();
    }

    Schema schema() {
        return schemas.schema();
    }

    NodeIdentity identity() {
        return identity;
    }

    List<MetadataHistory.Dropped> dropped() {
        return dropped;
    }

    void addListener(SchemaListener listener) {
        schemas.addListener(listener);
    }

    Applied execute(String cql) {
        AtomicLong ids = new AtomicLong(schema().epoch());
        DdlContext context =
                new DdlContext(
                        Map.of("datacenter1", 1),
                        1,
                        () -> 1_700_000_000_000_000L,
                        () -> new UUID(0x1000, ids.incrementAndGet()),
                        false);
        SchemaStatement statement = (SchemaStatement) CqlParser.parse(cql);
        List<DdlPlan> plans = new ArrayList<>();
        changes = List.of();
        failure = null;
        CompletableFuture<Outcome> answer =
                service.propose(
                                ClusterPlans.schema(schema -> {
                                    plans.add(
                                            new DdlAnalyzer(schema, context, null)
                                                    .analyze(statement));
                                    return plans.getLast();
                                }))
                        .toCompletableFuture();
        drain();
        assertThat(answer).isCompleted();
        switch (answer.join()) {
            case Outcome.Committed _, Outcome.Unchanged _ -> {}
            case Outcome.Refused refused -> throw refused.why();
            case Outcome.Unavailable unavailable ->
                    throw new NotChangedException(unavailable.why());
            case Outcome.Unknown unknown -> throw new NotChangedException(unknown.why());
        }
        if (failure != null) {
            throw failure;
        }
        return new Applied(plans.getLast(), schema(), changes);
    }

    /// The schema of each epoch that the statements lead to, the initial one first.
    List<Schema> run(List<String> statements) {
        List<Schema> epochs = new ArrayList<>();
        epochs.add(schema());
        for (String statement : statements) {
            epochs.add(execute(statement).schema());
        }
        return epochs;
    }

    @Override
    public void close() throws IOException {
        var _ = service.close();
        drain();
        log.close();
    }
}
