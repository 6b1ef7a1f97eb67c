package io.helenus.engine.node;

import io.helenus.cql.ast.SchemaStatement;
import io.helenus.engine.cluster.ClusterNode;
import io.helenus.engine.cluster.ClusterPlanner;
import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.ClusterTransformation;
import io.helenus.engine.cluster.agreement.Outcome;
import io.helenus.engine.coordinator.ConsistencyLevel;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.error.ErrorCode;
import io.helenus.engine.metadata.SchemaListener;
import io.helenus.engine.metadata.SchemaStore;
import io.helenus.engine.query.SchemaAuthority;
import io.helenus.engine.query.term.TimeUuids;
import io.helenus.engine.schema.CompactionTables;
import io.helenus.engine.schema.DdlAnalyzer;
import io.helenus.engine.schema.DdlContext;
import io.helenus.engine.schema.DdlPlan;
import io.helenus.engine.schema.NodeViews;
import io.helenus.engine.schema.Schema;
import io.helenus.engine.schema.SchemaChange;
import io.helenus.engine.schema.SchemaTransformation;
import io.helenus.engine.schema.SnapshotsTable;
import io.helenus.engine.schema.TableSchema;
import io.helenus.engine.transport.EventSink;
import io.helenus.engine.transport.ServerEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The node's schema, which is what its cluster agreed on: proposes DDL statements, answers who made them,
/// and sees to what follows from a change: tables are opened, altered and dropped, clients hear of it. Any
/// thread, if nothing else is said.
final class NodeSchema implements SchemaAuthority, SchemaListener {
    private static final Logger LOG = LoggerFactory.getLogger(NodeSchema.class);
    private static final long AGREEMENT_NANOS =
            TimeUnit.SECONDS.toNanos(8); // before drivers give up
    private static final int DEFAULT_REPLICATION_FACTOR = 1;

    private final NodeMetadata metadata;
    private final SchemaStore store;
    private final StoredTables tables;
    private final EventSink events;
    private final LongSupplier wallMicros;
    private final Supplier<UUID> tableIds;
    private final boolean allowUnsafeExpiration;

    // Of the thread that applies what was agreed on.
    private long failedEpoch = -1;
    private @Nullable RuntimeException applyFailure;

    private NodeSchema(
            NodeMetadata metadata,
            StoredTables tables,
            EventSink events,
            LongSupplier wallMicros,
            Supplier<UUID> tableIds,
            boolean allowUnsafeExpiration) {
        this.metadata = metadata;
        store = metadata.newSchemaStore();
        this.tables = tables;
        this.events = events;
        this.wallMicros = wallMicros;
        this.tableIds = tableIds;
        this.allowUnsafeExpiration = allowUnsafeExpiration;
    }

    /// Opens all tables of the schema.
    ///
    /// @throws IOException if the directory cannot be read
    static NodeSchema open(
            NodeMetadata metadata,
            StoredTables tables,
            LongSupplier wallMicros,
            TimeUuids uuids,
            EventSink events,
            boolean allowUnsafeExpiration)
            throws IOException {
        NodeSchema schema =
                new NodeSchema(
                        metadata,
                        tables,
                        events,
                        wallMicros,
                        () -> new UUID(uuids.nextMostSignificant(), uuids.leastSignificant()),
                        allowUnsafeExpiration);
        tables.openAll(schema.current());
        tables.openHalfDropped(metadata.dropped(schema.store));
        schema.store.addListener(schema);
        metadata.service().addListener((_, after) -> schema.install(after));
        return schema;
    }

    /// After a replay: a snapshot of a table whose drop is finished now has all of it.
    void finishDrops() {
        tables.finishDrops();
        metadata.service().cleanedUp();
    }

    /// What `system_views` has.
    static List<TableSchema> views() {
        List<TableSchema> views = new ArrayList<>(NodeViews.definitions());
        views.add(CompactionTables.SSTABLE_TASKS);
        views.add(SnapshotsTable.definition());
        return views;
    }

    @Override
    public Schema current() {
        return store.schema();
    }

    NodeMetadata metadata() {
        return metadata;
    }

    UUID hostId() {
        return metadata.identity().hostId();
    }

    List<Long> tokens() {
        return metadata.tokens();
    }

    /// What was agreed on becomes what is served; a failure is told to whoever asked for the change.
    private void install(ClusterState state) {
        try {
            var _ = store.install(state.schema());
        } catch (RuntimeException e) {
            LOG.error("The schema of epoch {} could not be applied whole", state.epoch(), e);
            failedEpoch = state.epoch();
            applyFailure = e;
        }
    }

    @Override
    public CompletionStage<Applied> apply(
            SchemaStatement statement, @Nullable String currentKeyspace) {
        Definition definition = new Definition(statement, currentKeyspace);
        return metadata.service()
                .propose(definition)
                .thenCompose(outcome -> answer(outcome, definition.plan()));
    }

    /// A DDL statement, planned anew for each state that it is tried on.
    private final class Definition implements ClusterPlanner {
        private final SchemaStatement statement;
        private final @Nullable String currentKeyspace;
        private volatile @Nullable DdlPlan plan; // the last one, which is the one that counts

        Definition(SchemaStatement statement, @Nullable String currentKeyspace) {
            this.statement = statement;
            this.currentKeyspace = currentKeyspace;
        }

        @Override
        public @Nullable ClusterTransformation plan(ClusterState state) {
            if (state.node(hostId()) == null) {
                throw CqlException.invalid(
                        "Node %s is no node of this cluster any more".formatted(hostId()));
            }
            Map<String, Integer> nodes = new HashMap<>();
            for (ClusterNode node : state.nodes().values()) {
                nodes.merge(node.location().dataCenter(), 1, Integer::sum);
            }
            DdlContext context =
                    new DdlContext(
                            nodes,
                            DEFAULT_REPLICATION_FACTOR,
                            wallMicros,
                            tableIds,
                            allowUnsafeExpiration);
            Schema schema = state.schema();
            DdlPlan made = new DdlAnalyzer(schema, context, currentKeyspace).analyze(statement);
            SchemaTransformation transformation = made.transformation();
            if (transformation != null) {
                tables.requireUsable(schema, schema.apply(transformation));
            }
            plan = made;
            return transformation == null
                    ? null
                    : new ClusterTransformation.ChangeSchema(transformation);
        }

        @Nullable DdlPlan plan() {
            return plan;
        }
    }

    private CompletionStage<Applied> answer(Outcome outcome, @Nullable DdlPlan plan) {
        List<String> warnings = plan == null ? List.of() : plan.warnings();
        return switch (outcome) {
            case Outcome.Committed(long epoch, _) -> {
                SchemaTransformation transformation = plan == null ? null : plan.transformation();
                SchemaChange change = transformation == null ? null : transformation.change();
                RuntimeException failure = applyFailure;
                if (failedEpoch == epoch && failure != null) {
                    yield CompletableFuture.failedStage(failure);
                }
                yield metadata.service()
                        .agreed(epoch, AGREEMENT_NANOS)
                        .thenApply(silent -> new Applied(change, withSilent(warnings, silent)));
            }
            case Outcome.Unchanged _ ->
                    CompletableFuture.completedStage(new Applied(null, warnings));
            case Outcome.Refused refused ->
                    CompletableFuture.failedStage(
                            refused.why() instanceof CqlException why
                                    ? why
                                    : CqlException.invalid(
                                            String.valueOf(refused.why().getMessage())));
            case Outcome.Unavailable unavailable ->
                    CompletableFuture.failedStage(unavailable(unavailable));
            case Outcome.Unknown(String why, _) ->
                    CompletableFuture.failedStage(
                            new CqlException(
                                    ErrorCode.SERVER_ERROR,
                                    ("It is not known whether the schema was changed, and it may be"
                                                    + " changed later: %s. Look at the schema before"
                                                    + " you try again")
                                            .formatted(why)));
        };
    }

    private CqlException unavailable(Outcome.Unavailable outcome) {
        ClusterState state = metadata.service().state();
        int members = state.members().size();
        String text = "The schema was not changed: " + outcome.why();
        LOG.warn("{}", text);
        if (outcome.silent().isEmpty()) {
            return new CqlException(ErrorCode.SERVER_ERROR, text);
        }
        return new CqlException.Unavailable(
                ConsistencyLevel.QUORUM.code(),
                members / 2 + 1,
                Math.max(0, members - outcome.silent().size()),
                text);
    }

    private static List<String> withSilent(List<String> warnings, List<ClusterNode> silent) {
        if (silent.isEmpty()) {
            return warnings;
        }
        List<String> all = new ArrayList<>(warnings);
        for (ClusterNode node : silent) {
            all.add("Node %s has not said that it has the new schema".formatted(node.endpoint()));
        }
        return all;
    }

    @Override
    public void schemaWillChange(Schema before, Schema after) {
        tables.prepare(before, after);
    }

    @Override
    public void schemaChanged(Schema before, Schema after, List<SchemaChange> changes) {
        tables.dropGone(before, after);
        for (SchemaChange change : changes) {
            events.publish(
                    new ServerEvent.SchemaChange(
                            ServerEvent.Change.valueOf(change.kind().name()),
                            ServerEvent.Target.valueOf(change.target().name()),
                            change.keyspace(),
                            change.name(),
                            change.argumentTypes()));
        }
    }
}
