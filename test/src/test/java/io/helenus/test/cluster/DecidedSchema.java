package io.helenus.test.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.LogEntry;
import io.helenus.engine.cluster.agreement.Agreement;
import io.helenus.engine.cluster.agreement.AgreementRecord;
import io.helenus.engine.cluster.agreement.AgreementRules;
import io.helenus.engine.cluster.agreement.AgreementSettings;
import io.helenus.engine.metadata.MetadataHistory;
import io.helenus.engine.metadata.MetadataLog;
import io.helenus.engine.metadata.NioMetadataFiles;
import io.helenus.engine.schema.ColumnSchema;
import io.helenus.engine.schema.KeyspaceSchema;
import io.helenus.engine.schema.Schema;
import io.helenus.engine.schema.TableSchema;
import io.helenus.engine.types.UserType;
import io.helenus.gossip.Endpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/// What became of the schema of one keyspace, step by step, as the metadata logs of nodes that have
/// stopped tell. Nodes that tell different things of a step are an error.
final class DecidedSchema {
    private static final String GONE = "-";

    private final String keyspace;
    private final TreeMap<Long, Set<String>> steps = new TreeMap<>(); // by epoch
    private final TreeMap<Long, LogEntry> entries = new TreeMap<>();

    private DecidedSchema(String keyspace) {
        this.keyspace = keyspace;
    }

    /// @param places where the logs are
    static DecidedSchema read(String keyspace, List<Path> places) throws IOException {
        DecidedSchema read = new DecidedSchema(keyspace);
        for (Path place : places) {
            read.add(place);
        }
        assertThat(read.steps.lastKey() - read.steps.firstKey() + 1)
                .as("epochs without a gap")
                .isEqualTo(read.steps.size());
        Set<UUID> proposals = new HashSet<>();
        assertThat(read.entries.values())
                .allMatch(entry -> proposals.add(entry.proposalId()), "is there once");
        return read;
    }

    private void add(Path place) throws IOException {
        List<AgreementRecord> records = new ArrayList<>();
        UUID hostId;
        try (MetadataLog log = MetadataLog.open(new NioMetadataFiles(place), new Random(1))) {
            MetadataHistory history = new MetadataHistory(log, List.of());
            hostId = Objects.requireNonNull(history.identity()).hostId();
            for (MetadataHistory.AgreedRecords written : history.agreed()) {
                for (ByteBuffer bytes : written.records()) {
                    records.add(AgreementRecord.of(bytes));
                }
            }
        }
        for (AgreementRecord record : records) {
            if (record instanceof AgreementRecord.Decided(LogEntry entry)) {
                LogEntry other = entries.putIfAbsent(entry.epoch(), entry);
                assertThat(entry).as("at %s", place).isEqualTo(other == null ? entry : other);
            }
        }
        new Agreement(
                        AgreementSettings.DEFAULT,
                        AgreementRules.STANDARD,
                        hostId,
                        Endpoint.ipv4(0x7f000001, 1),
                        new Random(1),
                        List.of())
                .restore(records, 0, this::step);
    }

    private void step(ClusterState before, ClusterState after) {
        if (after.epoch() != before.epoch() + 1) {
            return; // it was behind; others have what it has missed
        }
        Set<String> changes = new TreeSet<>(parts(after.schema()));
        Set<String> gone = parts(before.schema());
        changes.removeAll(parts(before.schema()));
        gone.removeAll(parts(after.schema()));
        gone.forEach(part -> changes.add(GONE + part));
        Set<String> other = steps.putIfAbsent(after.epoch(), changes);
        assertThat(changes)
                .as("epoch %d", after.epoch())
                .isEqualTo(other == null ? changes : other);
    }

    /// Tables with their comments, types with their fields, columns.
    private Set<String> parts(Schema schema) {
        Set<String> parts = new TreeSet<>();
        KeyspaceSchema present = schema.keyspace(keyspace);
        if (present == null) {
            return parts;
        }
        for (TableSchema table : present.tables().values()) {
            parts.add(table(table.name(), table.options().comment()));
            for (ColumnSchema column : table.columns()) {
                parts.add(column(table.name(), column.name()));
            }
        }
        for (UserType type : present.types().values()) {
            parts.add(type(type.name(), type.fieldNames()));
        }
        return parts;
    }

    static String table(String name, String comment) {
        return "table %s '%s'".formatted(name, comment);
    }

    static String column(String table, String name) {
        return "column %s.%s".formatted(table, name);
    }

    static String type(String name, List<String> fields) {
        return "type %s %s".formatted(name, fields);
    }

    /// How often something was made; with [#gone], how often it was dropped.
    Map<String, Integer> counts() {
        Map<String, Integer> counts = new HashMap<>();
        steps.values().forEach(step -> step.forEach(part -> counts.merge(part, 1, Integer::sum)));
        return counts;
    }

    static String gone(String part) {
        return GONE + part;
    }

    int epochs() {
        return steps.size();
    }
}
