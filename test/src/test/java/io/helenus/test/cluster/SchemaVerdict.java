package io.helenus.test.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.cql.Row;
import io.helenus.test.cluster.Attempt.Fate;
import io.helenus.test.cluster.Attempt.Kind;
import io.helenus.test.node.Waiting;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Compares what the clients of a [SchemaContest] were told with the schema at its end, of which all
/// nodes have to have the same.
final class SchemaVerdict {
    private static final List<String> TABLES = List.of("keyspaces", "tables", "columns", "types");

    private final NodeSessions sessions;
    private final List<Attempt> attempts;

    SchemaVerdict(NodeSessions sessions, List<Attempt> attempts) {
        this.sessions = sessions;
        this.attempts = List.copyOf(attempts);
    }

    /// @return a line about it
    String check() throws IOException {
        awaitOneVersion();
        List<String> first = schema(0);
        for (int node = 1; node < sessions.count(); node++) {
            assertThat(schema(node)).as("schema of node %d", node).isEqualTo(first);
        }
        TreeMap<Integer, List<Attempt>> byNumber = new TreeMap<>();
        attempts.forEach(
                each -> byNumber.computeIfAbsent(each.number(), _ -> new ArrayList<>()).add(each));
        byNumber.values().forEach(this::check);
        long agreed = attempts.stream().filter(Attempt::agreed).count();
        assertThat(attempts)
                .filteredOn(each -> each.fate() == Fate.DONE && each.undisturbed())
                .as("done while all nodes were there")
                .isNotEmpty()
                .allMatch(Attempt::agreed, "and the driver saw agreement");
        long slowest = attempts.stream().mapToLong(Attempt::millis).max().orElse(0);
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
        for (Attempt attempt : attempts) {
            int count = counts.getOrDefault(attempt.part(), 0);
            assertThat(count).as("%s is there once at most", attempt).isLessThanOrEqualTo(1);
            if (attempt.fate() == Fate.DONE) {
                assertThat(count).as("%s is there", attempt).isEqualTo(1);
            }
            if (attempt.fate() == Fate.DONE || attempt.fate() == Fate.UNKNOWN) {
                explained.add(attempt.part());
            }
        }
        for (Attempt attempt : attempts) {
            if (!explained.contains(attempt.part())) {
                assertThat(counts).as("%s", attempt).doesNotContainKey(attempt.part());
            }
        }
    }

    private void check(List<Attempt> same) {
        if (same.getFirst().kind() == Kind.OWN_COLUMN) {
            for (Attempt attempt : same) {
                assertThat(attempt.fate()).as("%s", attempt).isNotEqualTo(Fate.REFUSED);
                if (attempt.fate() == Fate.DONE) {
                    assertThat(exists(attempt)).as("%s is there", attempt).isTrue();
                }
            }
            return;
        }
        List<Attempt> done = same.stream().filter(each -> each.fate() == Fate.DONE).toList();
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

    private long of(Fate fate) {
        return attempts.stream().filter(each -> each.fate() == fate).count();
    }

    private void awaitOneVersion() throws IOException {
        Waiting.until(
                "of one version",
                () -> {
                    List<String> versions = versions();
                    return versions.stream().distinct().count() > 1 ? versions.toString() : null;
                });
    }

    private List<String> versions() {
        List<String> versions = new ArrayList<>();
        for (int node = 0; node < sessions.count(); node++) {
            for (String table : List.of("local", "peers")) {
                sessions.execute(node, "SELECT schema_version FROM system." + table)
                        .forEach(row -> versions.add(row.getFormattedContents()));
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
                            .formatted(table, SchemaContest.KEYSPACE);
            sessions.execute(node, query)
                    .forEach(row -> rows.add(table + ": " + row.getFormattedContents()));
        }
        return rows;
    }

    /// Whether there is what it is about, as it wanted it.
    private boolean exists(Attempt attempt) {
        Row row = sessions.execute(attempt.node(), attempt.query(SchemaContest.KEYSPACE)).one();
        return row != null && attempt.isAsWanted(row.getFormattedContents());
    }
}
