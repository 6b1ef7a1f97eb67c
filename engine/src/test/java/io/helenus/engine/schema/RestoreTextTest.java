package io.helenus.engine.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What stands in a snapshot makes a table whose columns have the numbers that its files know.
class RestoreTextTest {
    private static final String KEYSPACE =
            "CREATE KEYSPACE ks WITH replication ="
                    + " {'class': 'SimpleStrategy', 'replication_factor': 1}";

    record History(String create, List<String> alterations) {}

    static Stream<History> histories() {
        return Stream.of(
                new History("(k int PRIMARY KEY, v text)", List.of()),
                new History(
                        "(z text, k int, b map<int, text>, a text, PRIMARY KEY (k))", List.of()),
                new History(
                        "(v int, m set<int>, c int, s int static, k int, PRIMARY KEY (k, c))",
                        List.of()),
                new History("(k int PRIMARY KEY)", List.of("ADD z int", "ADD a int")),
                new History("(k int PRIMARY KEY, a int, b int)", List.of("DROP a")),
                new History(
                        "(k int PRIMARY KEY, a int, b int)",
                        List.of("DROP a", "ADD c int", "ADD a int")),
                new History(
                        "(k int PRIMARY KEY, a int, dropped_1 int)",
                        List.of(
                                "DROP a",
                                "ADD a int",
                                "DROP a",
                                "ADD \"Q\" int",
                                "ADD a int",
                                "DROP \"Q\"")),
                new History(
                        "(k int, c int, s int static, v int, PRIMARY KEY (k, c))",
                        List.of("DROP s", "RENAME c TO cc", "ADD s int static")));
    }

    @ParameterizedTest
    @MethodSource("histories")
    void columnsGetTheNumbersThatTheyHad(History history) {
        DdlSession session = session();
        run(session, "CREATE TABLE ks.t " + history.create());
        for (String alteration : history.alterations()) {
            run(session, "ALTER TABLE ks.t " + alteration);
        }
        requireRestorable(session);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverHappenedToThem(long seed) {
        Random random = new Random(seed);
        DdlSession session = session();
        run(session, "CREATE TABLE ks.t (b int, c int, k int, a int, PRIMARY KEY (k, c))");
        List<String> present = new ArrayList<>(List.of("a", "b"));
        for (int step = 0; step < 40; step++) {
            String name = String.valueOf((char) ('a' + random.nextInt(7)));
            if (name.equals("c")) {
                continue;
            }
            boolean drop = present.remove(name);
            run(session, "ALTER TABLE ks.t " + (drop ? "DROP " + name : "ADD " + name + " int"));
            if (!drop) {
                present.add(name);
            }
            requireRestorable(session);
        }
    }

    @Test
    void theTextIsWhatAnOperatorCanRead() {
        DdlSession session = session();
        run(session, "CREATE TABLE ks.t (k int PRIMARY KEY, z int, a int)");
        run(session, "ALTER TABLE ks.t DROP z USING TIMESTAMP 7");
        run(session, "ALTER TABLE ks.t ADD z int");
        assertThat(text(session))
                .startsWith(
                        """
                        CREATE TABLE IF NOT EXISTS ks.t (
                            k int PRIMARY KEY,
                            z int
                        ) WITH ID = \
                        """)
                .endsWith(
                        """
                        ;
                        ALTER TABLE ks.t ADD a int;
                        ALTER TABLE ks.t DROP z USING TIMESTAMP 7;
                        ALTER TABLE ks.t ADD z int;\
                        """);
    }

    private static DdlSession session() {
        DdlSession session = new DdlSession();
        run(session, KEYSPACE);
        return session;
    }

    private static void run(DdlSession session, String statement) {
        assertThat(session.run(statement))
                .as(statement)
                .noneMatch(line -> line.startsWith("ERROR"));
    }

    private static TableSchema table(DdlSession session) {
        KeyspaceSchema keyspace = session.schema().keyspace("ks");
        TableSchema table = keyspace == null ? null : keyspace.table("t");
        if (table == null) {
            throw new AssertionError("there is no table");
        }
        return table;
    }

    private static String text(DdlSession session) {
        KeyspaceSchema keyspace = session.schema().keyspace("ks");
        if (keyspace == null) {
            throw new AssertionError("there is no keyspace");
        }
        return SnapshotText.of(table(session), keyspace);
    }

    private static void requireRestorable(DdlSession session) {
        TableSchema table = table(session);
        String text = text(session);
        DdlSession other = session();
        for (String statement : text.split(";")) {
            run(other, statement + ";");
        }
        TableSchema restored = table(other);
        assertThat(restored.id()).isEqualTo(table.id());
        assertThat(restored.nextColumnId()).as(text).isEqualTo(table.nextColumnId());
        for (ColumnSchema column : table.columns()) {
            assertThat(restored.columnById(column.id())).as(text).isEqualTo(column);
        }
        assertThat(restored.columns()).hasSameSizeAs(table.columns());
        assertThat(restored.dropped().values()).as(text).containsAll(table.dropped().values());
        SchemaHeader.requireFits(SchemaHeader.decode(SchemaHeader.encode(table)), restored);
    }
}
