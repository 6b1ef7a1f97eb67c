package io.helenus.engine.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Events that a registered client of Cassandra 5.0.6 got for these statements.
final class SchemaChangeTest {
    record Told(String statement, List<String> events) {}

    private static final List<String> SETUP =
            List.of(
                    "CREATE KEYSPACE ks WITH replication ="
                            + " {'class':'SimpleStrategy','replication_factor':1}",
                    "CREATE TYPE ks.a (x int)",
                    "CREATE TYPE ks.b (x frozen<a>)",
                    "CREATE TABLE ks.t (k int PRIMARY KEY, v a, w frozen<b>)",
                    "CREATE TABLE ks.z (k int PRIMARY KEY)");

    static List<Told> told() {
        return List.of(
                new Told("CREATE TYPE ks.c (x int)", List.of("CREATED TYPE ks c")),
                new Told("CREATE TABLE ks.n (k int PRIMARY KEY)", List.of("CREATED TABLE ks n")),
                new Told(
                        "ALTER TYPE ks.a ADD y int",
                        List.of("UPDATED TYPE ks a", "UPDATED TYPE ks b", "UPDATED TABLE ks t")),
                new Told("ALTER TABLE ks.t ADD z int", List.of("UPDATED TABLE ks t")),
                new Told("ALTER TABLE ks.t WITH comment = 'x'", List.of("UPDATED TABLE ks t")),
                new Told(
                        "ALTER KEYSPACE ks WITH durable_writes = false",
                        List.of("UPDATED KEYSPACE ks ")),
                new Told("DROP TABLE ks.z", List.of("DROPPED TABLE ks z")),
                new Told("ALTER TABLE ks.t WITH comment = ''", List.of()),
                new Told(
                        "DROP KEYSPACE ks",
                        List.of(
                                "DROPPED TABLE ks t",
                                "DROPPED TABLE ks z",
                                "DROPPED TYPE ks a",
                                "DROPPED TYPE ks b",
                                "DROPPED KEYSPACE ks ")));
    }

    @ParameterizedTest
    @MethodSource("told")
    void clientsHearOfAllThatChanged(Told told) {
        DdlSession session = new DdlSession();
        SETUP.forEach(session::run);
        Schema before = session.schema();
        assertThat(session.run(told.statement()).getLast()).doesNotStartWith("ERROR");
        assertThat(
                        SchemaChange.between(before, session.schema()).stream()
                                .map(c ->
                                        "%s %s %s %s"
                                                .formatted(
                                                        c.kind(),
                                                        c.target(),
                                                        c.keyspace(),
                                                        c.name())))
                .isEqualTo(told.events());
    }

    @Test
    void eachEpochHasItsVersion() {
        DdlSession session = new DdlSession();
        Schema first = session.schema();
        SETUP.forEach(session::run);
        Schema second = session.schema();
        assertThat(second.epoch()).isEqualTo(SETUP.size());
        assertThat(second.version()).isNotEqualTo(first.version());

        DdlSession other = new DdlSession();
        SETUP.forEach(other::run);
        assertThat(other.schema().version()).isEqualTo(second.version());
    }
}
