package io.helenus.test.simulation;

import io.helenus.cql.CqlParser;
import io.helenus.cql.ast.SchemaStatement;
import io.helenus.engine.cluster.ClusterPlanner;
import io.helenus.engine.cluster.ClusterPlans;
import io.helenus.engine.cluster.agreement.Outcome;
import io.helenus.engine.schema.DdlAnalyzer;
import io.helenus.engine.schema.DdlContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What clients ask for: changes of the schema that contradict each other, through the statements
/// that they would send. Each has a marker of its own, which the checker looks for in the log.
final class SchemaClients {
    private static final int KEYSPACES = 2;
    private static final int TABLES = 3;

    /// What a client asked for and does not know what became of.
    private record Doubtful(UUID proposalId, String marker, ClusterPlanner planner) {}

    private final Simulation simulation;
    private final Map<UUID, Doubtful> asked = new TreeMap<>();
    private final List<Doubtful> doubtful = new ArrayList<>();
    private int operations;

    SchemaClients(Simulation simulation) {
        this.simulation = simulation;
    }

    void changeSchema(MetadataNode node) {
        int number = ++operations;
        String marker = "op%dx".formatted(number);
        String keyspace = "ks" + simulation.random.nextInt(KEYSPACES);
        String table = keyspace + ".t" + simulation.random.nextInt(TABLES);
        String exists = simulation.random.nextBoolean() ? "IF NOT EXISTS " : "";
        String cql =
                switch (simulation.random.nextInt(10)) {
                    case 0, 1 -> createKeyspace(exists + keyspace, marker);
                    case 2 -> "DROP KEYSPACE " + keyspace;
                    case 3 -> "DROP TABLE IF EXISTS " + table;
                    case 4, 5, 6 ->
                            "CREATE TABLE %s%s (k int PRIMARY KEY) WITH comment = '%s'"
                                    .formatted(exists, table, marker);
                    default -> "ALTER TABLE %s WITH comment = '%s'".formatted(table, marker);
                };
        ask(node, cql.startsWith("DROP") ? "" : marker, cql);
    }

    /// What each node has to manage in fine weather.
    void createLast(MetadataNode node) {
        String marker = "opLast%dx".formatted(node.index);
        ask(node, marker, createKeyspace("last" + node.index, marker));
    }

    private static String createKeyspace(String name, String marker) {
        return "CREATE KEYSPACE %s WITH replication = {'class':'NetworkTopologyStrategy','%s':1}"
                .formatted(name, marker);
    }

    private void ask(MetadataNode node, String marker, String cql) {
        SchemaStatement statement = (SchemaStatement) CqlParser.parse(cql);
        UUID tableId = new UUID(0x7ab1e, operations);
        DdlContext context =
                new DdlContext(
                        marker.isEmpty() ? Map.of("dc0", 1) : Map.of(marker, 1),
                        1,
                        () -> 1_700_000_000_000_000L,
                        () -> tableId,
                        false);
        ask(
                node,
                null,
                marker,
                ClusterPlans.schema(
                        schema -> new DdlAnalyzer(schema, context, null).analyze(statement)));
    }

    /// Asks a node, if it serves anybody.
    ///
    /// @param proposalId of an earlier one whose outcome is unknown, or null
    void ask(MetadataNode node, @Nullable UUID proposalId, String marker, ClusterPlanner planner) {
        if (node.applied() == null) {
            return;
        }
        UUID id = node.propose(proposalId, marker, planner);
        asked.put(id, new Doubtful(id, marker, planner));
    }

    void answered(UUID proposalId, Outcome outcome) {
        Doubtful question = asked.get(proposalId);
        if (question != null && outcome instanceof Outcome.Unknown) {
            doubtful.add(question);
        }
    }

    /// A client that did not learn what became of something says it again, elsewhere, with the same
    /// id.
    void askAgain(MetadataNode node) {
        if (!doubtful.isEmpty()) {
            Doubtful again = doubtful.remove(simulation.random.nextInt(doubtful.size()));
            ask(node, again.proposalId, again.marker, again.planner);
        }
    }
}
