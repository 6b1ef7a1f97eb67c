package io.helenus.engine.metadata;

import io.helenus.cql.CqlParser;
import io.helenus.cql.ast.SchemaStatement;
import io.helenus.engine.schema.DdlAnalyzer;
import io.helenus.engine.schema.DdlContext;
import io.helenus.engine.schema.Schema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/// A store on files in memory, with all that differs between runs fixed.
final class MetadataFixture {
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

    private MetadataFixture() {}

    static SchemaStore open(MetadataFiles files) throws IOException {
        return SchemaStore.open(files, () -> 1_700_000_000_000L, new Random(7), List.of());
    }

    static SchemaStore.Applied execute(SchemaStore store, String cql) {
        AtomicLong ids = new AtomicLong(store.schema().epoch());
        DdlContext context =
                new DdlContext(
                        Map.of("datacenter1", 1),
                        1,
                        () -> 1_700_000_000_000_000L,
                        () -> new UUID(0x1000, ids.incrementAndGet()),
                        false);
        SchemaStatement statement = (SchemaStatement) CqlParser.parse(cql);
        return store.execute(schema -> new DdlAnalyzer(schema, context, null).analyze(statement));
    }

    /// The schema of each epoch that the statements lead to, the initial one first.
    static List<Schema> run(SchemaStore store, List<String> statements) {
        List<Schema> epochs = new ArrayList<>();
        epochs.add(store.schema());
        for (String statement : statements) {
            epochs.add(execute(store, statement).schema());
        }
        return epochs;
    }
}
