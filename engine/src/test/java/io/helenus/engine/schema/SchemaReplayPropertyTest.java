package io.helenus.engine.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.error.NewerVersionException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;

/// Any sequence of DDL, taken as bytes and applied elsewhere, gives the same schema.
final class SchemaReplayPropertyTest {
    private static final List<String> TYPES =
            List.of(
                    "int",
                    "text",
                    "list<int>",
                    "map<text, frozen<set<int>>>",
                    "frozen<a>",
                    "a",
                    "\"B\"",
                    "tuple<int, frozen<a>>",
                    "vector<float, 3>",
                    "list<frozen<\"B\">>",
                    "frozen<map<text, frozen<list<a>>>>",
                    "vector<frozen<a>, 2>",
                    "'org.apache.cassandra.db.marshal.CompositeType("
                            + "org.apache.cassandra.db.marshal.Int32Type)'");
    private static final List<String> TEMPLATES =
            List.of(
                    "CREATE KEYSPACE #k WITH replication ="
                            + " {'class':'SimpleStrategy','replication_factor':1}",
                    "CREATE KEYSPACE #k WITH replication ="
                            + " {'class':'NetworkTopologyStrategy','datacenter1':1}",
                    "ALTER KEYSPACE #k WITH durable_writes = false",
                    "DROP KEYSPACE k1",
                    "CREATE TYPE #k.a (x int)",
                    "CREATE TYPE #k.\"B\" (x #t, y frozen<a>)",
                    "ALTER TYPE #k.#u ADD #f #t",
                    "ALTER TYPE #k.#u RENAME x TO #f",
                    "DROP TYPE #k.#u",
                    "CREATE TABLE #k.#n (k int, c #t, s #t static, #f #t, PRIMARY KEY (k, c))"
                            + " WITH CLUSTERING ORDER BY (c DESC)",
                    "CREATE TABLE #k.#n (k int, k2 text, #f #t, PRIMARY KEY ((k, k2)))",
                    "ALTER TABLE #k.#n ADD #f #t",
                    "ALTER TABLE #k.#n ADD #f #t static",
                    "ALTER TABLE #k.#n DROP #f",
                    "ALTER TABLE #k.#n RENAME k TO #f",
                    "ALTER TABLE #k.#n WITH comment = '#f' AND gc_grace_seconds = 5",
                    "ALTER TABLE #k.#n WITH compaction ="
                            + " {'class':'UnifiedCompactionStrategy','scaling_parameters':'T4'}"
                            + " AND speculative_retry = 'MIN(99.5p,7ms)'",
                    "DROP TABLE #k.#n");

    @Provide
    Arbitrary<List<String>> statements() {
        Arbitrary<String> statement =
                Combinators.combine(
                                Arbitraries.of(TEMPLATES),
                                Arbitraries.of("k0", "k0", "k0", "k0", "k1"),
                                Arbitraries.of("t0", "\"T1\""),
                                Arbitraries.of("a", "\"B\""),
                                Arbitraries.of("f0", "f1", "\"F\""),
                                Arbitraries.of(TYPES))
                        .as((template, keyspace, table, type, field, columnType) ->
                                template.replace("#k", keyspace)
                                        .replace("#n", table)
                                        .replace("#u", type)
                                        .replace("#f", field)
                                        .replace("#t", columnType));
        return statement
                .list()
                .ofMinSize(20)
                .ofMaxSize(150)
                .map(list ->
                        Tuple.of(
                                List.of(
                                        TEMPLATES.get(0).replace("#k", "k0"),
                                        "CREATE TYPE k0.a (x int)",
                                        "CREATE TYPE k0.\"B\" (x int)",
                                        "CREATE TABLE k0.t0 (k int, c int, f0 text,"
                                                + " PRIMARY KEY (k, c))"),
                                list))
                .map(parts -> Stream.concat(parts.get1().stream(), parts.get2().stream()).toList());
    }

    @Property(tries = 200)
    void replayGivesTheSameSchema(@ForAll("statements") List<String> statements) {
        DdlSession session = new DdlSession();
        for (String statement : statements) {
            assertThat(session.run(statement).getLast()).as(statement).doesNotStartWith("ERROR 0");
        }
        Statistics.collect(Math.min(session.applied().size() / 5, 4));
        Schema replayed = SystemSchema.initial(List.of());
        for (SchemaTransformation transformation : session.applied()) {
            ByteBuffer bytes = ByteBuffer.wrap(SchemaCodec.encode(transformation));
            SchemaTransformation decoded = SchemaCodec.decode(bytes, replayed);
            assertThat(decoded).isEqualTo(transformation);
            replayed = replayed.apply(decoded);
        }
        assertThat(replayed).isEqualTo(session.schema());
        byte[] snapshot = SchemaCodec.encodeSchema(session.schema());
        assertThat(SchemaCodec.decodeSchema(ByteBuffer.wrap(snapshot), List.of()))
                .isEqualTo(session.schema());
        everyColumnIdIsUsedOnce(session.schema());
    }

    private static void everyColumnIdIsUsedOnce(Schema schema) {
        for (KeyspaceSchema keyspace : schema.keyspaces().values()) {
            for (TableSchema table : keyspace.tables().values()) {
                assertThat(table.columns().stream().map(ColumnSchema::id)).doesNotHaveDuplicates();
                for (DroppedColumn dropped : table.dropped().values()) {
                    assertThat(table.columnById(dropped.id())).isNull();
                }
                for (ColumnSchema column : table.columns()) {
                    assertThat(table.columnById(column.id())).isSameAs(column);
                }
            }
        }
    }

    @Example
    void damagedBytesGiveOneKindOfError() {
        DdlSession session = new DdlSession();
        List<String> statements =
                List.of(
                        "CREATE KEYSPACE ks WITH replication ="
                                + " {'class':'NetworkTopologyStrategy','datacenter1':1}",
                        "CREATE TYPE ks.a (x int, y text)",
                        "CREATE TABLE ks.t (k int, c int, v list<int>, w a, PRIMARY KEY (k, c))",
                        "ALTER TABLE ks.t DROP v",
                        "ALTER TABLE ks.t ADD z map<int, frozen<a>>",
                        "ALTER TABLE ks.t RENAME c TO d",
                        "ALTER TYPE ks.a ADD q int",
                        "ALTER TYPE ks.a RENAME q TO r");
        Schema before = session.schema();
        for (String statement : statements) {
            assertThat(session.run(statement).getLast()).startsWith("CHANGE");
            byte[] bytes = SchemaCodec.encode(session.applied().getLast());
            Schema known = before;
            everyDamage(bytes, damaged -> SchemaCodec.decode(damaged, known));
            before = session.schema();
        }
        everyDamage(
                SchemaCodec.encodeSchema(before),
                damaged -> SchemaCodec.decodeSchema(damaged, List.of()));
    }

    private static void everyDamage(byte[] bytes, Consumer<ByteBuffer> decoder) {
        for (int at = 0; at < bytes.length; at++) {
            byte[] flipped = bytes.clone();
            flipped[at] ^= (byte) (1 << (at % 8));
            for (byte[] damaged : List.of(flipped, Arrays.copyOf(bytes, at))) {
                try {
                    decoder.accept(ByteBuffer.wrap(damaged));
                } catch (InvalidSchemaBytesException | NewerVersionException e) {
                    assertThat(e).hasMessageNotContaining("null");
                }
            }
        }
    }
}
