package io.helenus.shell;

import static io.helenus.shell.FakeClient.column;
import static io.helenus.shell.FakeClient.columns;
import static io.helenus.shell.FakeClient.followedBy;
import static io.helenus.shell.FakeClient.page;
import static io.helenus.shell.FakeClient.rows;
import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.type.DataTypes;
import io.helenus.shell.CqlClient.Column;
import io.helenus.shell.CqlClient.Page;
import io.helenus.shell.CqlClient.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Statements from -e, files and pipes, to the exact text that is printed.
class BatchShellTest {
    private static final List<Column> PEOPLE =
            List.of(column("id", DataTypes.INT), column("name", DataTypes.TEXT));
    private static final Page TWO = rows(PEOPLE, List.of(1, "Alice"), Arrays.asList(20, null));

    @TempDir Path folder;
    private ShellFixture shell;

    @BeforeEach
    void start() {
        shell = new ShellFixture(folder);
        shell.client.on("SELECT * FROM people", TWO);
    }

    @Test
    void aSelectPrintsItsTableAndCountsItsRows() {
        assertThat(shell.run("", "-e", "SELECT * FROM people")).isZero();
        assertThat(shell.out)
                .isEqualTo(
                        """

                         id | name
                        ----+-------
                          1 | Alice
                         20 |  null

                        (2 rows)
                        """);
        assertThat(shell.err).isEmpty();
        assertThat(shell.client.closed).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM people -- all of them",
                "SELECT * FROM people // all of them",
                "SELECT * FROM people /* all of them */",
                "/* all */ SELECT * FROM people; -- all of them",
                "SELECT * FROM people\n-- all of them\n",
                "SELECT * FROM people; /* all\nof them */"
            })
    void whatIsGivenMayEndWithAComment(String statements) {
        assertThat(shell.run("", "-e", statements)).isZero();
        assertThat(shell.out).endsWith("(2 rows)\n");
        assertThat(shell.err).isEmpty();
    }

    @Test
    void anEmptyResultPrintsItsHeader() {
        shell.client.on("SELECT nobody", rows(PEOPLE));
        assertThat(shell.run("", "-e", "SELECT nobody FROM people;")).isZero();
        assertThat(shell.out)
                .isEqualTo(
                        """

                         id | name
                        ----+------


                        (0 rows)
                        """);
    }

    @Test
    void aConditionalUpdatePrintsWhatWasAppliedAndNoCount() {
        List<Column> columns =
                List.of(column("[applied]", DataTypes.BOOLEAN), column("id", DataTypes.INT));
        shell.client.on("IF NOT EXISTS", rows(columns, List.of(false, 1)));
        shell.run("", "-e", "INSERT INTO people (id) VALUES (1) IF NOT EXISTS");
        assertThat(shell.out)
                .isEqualTo(
                        """

                         [applied] | id
                        -----------+----
                             False |  1
                        """);
    }

    @Test
    void expandListsColumns() {
        shell.run("EXPAND ON\nSELECT * FROM people;\n");
        assertThat(shell.out)
                .isEqualTo(
                        """
                        Now Expanded output is enabled

                        @ Row 1
                        ------+-------
                         id   | 1
                         name | Alice

                        @ Row 2
                        ------+-------
                         id   | 20
                         name | null


                        (2 rows)
                        """);
    }

    @Test
    void pagesFollowEachOtherWithoutAskingAndWithOneHeader() {
        Page last = rows(PEOPLE, List.of(300, "Bob"));
        shell.client.on("SELECT * FROM people", followedBy(TWO, () -> last));
        shell.run("PAGING 2\nSELECT * FROM people;");
        assertThat(shell.out)
                .isEqualTo(
                        """
                        Page size: 2

                         id | name
                        ----+-------
                          1 | Alice
                         20 |  null
                         300 |  Bob

                        (3 rows)
                        """);
        assertThat(shell.client.requests.getFirst().pageSize()).isEqualTo(2);
    }

    @Test
    void warningsFollowTheResult() {
        shell.client.on(
                "SELECT count",
                page(
                        List.of(column("count", DataTypes.BIGINT)),
                        null,
                        List.of("Aggregation query used without partition key"),
                        List.of(5L)));
        shell.run("", "-e", "SELECT count(*) FROM people");
        assertThat(shell.out)
                .endsWith(
                        """
                        (1 rows)

                        Warnings :
                        Aggregation query used without partition key

                        """);
    }

    @Test
    void aFailedStatementIsReportedAndTheRestIsRun() {
        shell.client.failOn(
                "SELECT FROM",
                "SyntaxException: line 2:7 no viable alternative",
                "line 2:7 no viable alternative");
        assertThat(shell.run("\nSELECT\nSELECT FROM people;\nSELECT * FROM people;")).isEqualTo(1);
        assertThat(shell.out).endsWith("(2 rows)\n");
        assertThat(shell.err)
                .isEqualTo(
                        """
                        <stdin>:2:SyntaxException: line 2:7 no viable alternative
                          SELECT FROM people;
                                 ^
                        """);
    }

    @Test
    void aFileIsRunAndNamedInErrors() throws IOException {
        Path file = folder.resolve("some.cql");
        Files.writeString(file, "\ufeff-- first\nUSE ks;\n/* two\nlines */ WRONG;\n");
        shell.client.failOn("WRONG", "ServerError: no", "no");
        assertThat(shell.run("", "-f", "some.cql")).isEqualTo(1);
        assertThat(shell.client.statements()).containsExactly("USE ks;", "WRONG;");
        assertThat(shell.err).isEqualTo("some.cql:4:ServerError: no\n");
    }

    @Test
    void aMissingFileFails() {
        assertThat(shell.run("", "-f", "none.cql")).isEqualTo(1);
        assertThat(shell.err).isEqualTo("Could not read 'none.cql': no such file or folder\n");
    }

    @Test
    void anUnfinishedStatementAtTheEndFails() {
        assertThat(shell.run("SELECT * FROM people;\nSELECT 'abc\n")).isEqualTo(1);
        assertThat(shell.err).isEqualTo("<stdin>:2:Incomplete statement at end of file\n");
    }

    @Test
    void exitLeavesTheRest() {
        assertThat(shell.run("exit\nSELECT * FROM people;")).isZero();
        assertThat(shell.client.statements()).isEmpty();
    }

    @Test
    void sourceRunsAFileAndComesBack() throws IOException {
        Files.writeString(
                folder.resolve("inner.cql"), "USE inner;\nCONSISTENCY TWO\nexit\nUSE not;");
        assertThat(shell.run("SOURCE 'inner.cql'\nSELECT * FROM people;")).isZero();
        assertThat(shell.client.statements())
                .containsExactly("USE inner;", "SELECT * FROM people;");
        assertThat(shell.client.requests.getLast().consistency())
                .isEqualTo(DefaultConsistencyLevel.TWO);
    }

    @Test
    void filesThatSourceThemselvesAreStopped() throws IOException {
        Files.writeString(folder.resolve("loop.cql"), "SOURCE 'loop.cql';");
        assertThat(shell.run("SOURCE 'loop.cql'")).isEqualTo(1);
        assertThat(shell.err).contains("do they source each other?");
    }

    @Test
    void captureTakesResultsButNotAnswers() throws IOException {
        assertThat(
                        shell.run(
                                """
                                CAPTURE 'captured.txt'
                                CAPTURE
                                SELECT * FROM people;
                                CAPTURE OFF
                                CONSISTENCY
                                """))
                .isZero();
        Path file = folder.resolve("captured.txt");
        assertThat(shell.out)
                .isEqualTo(
                        """
                        Now capturing query output to '%s'.
                        Currently capturing query output to '%s'.
                        Current consistency level is ONE.
                        """
                                .formatted(file, file));
        assertThat(Files.readString(file, StandardCharsets.UTF_8))
                .startsWith("\n id | name\n")
                .endsWith("(2 rows)\n");
    }

    @Test
    void consistencyLevelsGoWithTheStatements() {
        shell.run("consistency quorum\nserial consistency local_serial;\nSELECT * FROM people;");
        Request request = shell.client.requests.getFirst();
        assertThat(request.consistency()).isEqualTo(DefaultConsistencyLevel.QUORUM);
        assertThat(request.serialConsistency()).isEqualTo(DefaultConsistencyLevel.LOCAL_SERIAL);
        assertThat(shell.out)
                .startsWith(
                        """
                        Consistency level set to QUORUM.
                        Serial consistency level set to LOCAL_SERIAL.
                        """);
    }

    @Test
    void pagingOffReadsEverythingAtOnce() {
        shell.run("PAGING OFF\nSELECT * FROM people;\nPAGING OFF\nPAGING\nPAGING ON");
        assertThat(shell.client.requests.getFirst().pageSize()).isZero();
        assertThat(shell.out)
                .startsWith("Disabled Query paging.\n")
                .endsWith(
                        """
                        Query paging is currently disabled. Use PAGING ON to enable.
                        Now Query paging is enabled
                        Page size: 100
                        """);
        assertThat(shell.err).isEqualTo("<stdin>:3:Query paging is not enabled.\n");
    }

    @Test
    void copyIsRefusedWithItsReplacement() {
        assertThat(shell.run("COPY people TO 'people.csv';")).isEqualTo(1);
        assertThat(shell.err).contains("helenus bulk import").contains("helenus bulk export");
        assertThat(shell.client.statements()).isEmpty();
    }

    @Test
    void describePrintsStatementsAndNames() {
        shell.client
                .on(
                        "desc table people",
                        rows(
                                columns(
                                        "",
                                        "",
                                        "keyspace_name",
                                        "type",
                                        "name",
                                        "create_statement"),
                                List.of("ks", "table", "people", "CREATE TABLE ks.people (...);")))
                .on(
                        "DESCRIBE TABLES",
                        rows(
                                columns("", "", "keyspace_name", "type", "name"),
                                List.of("a", "table", "one"),
                                List.of("a", "table", "two"),
                                List.of("bcd", "table", "three")))
                .on(
                        "DESCRIBE KEYSPACES",
                        rows(
                                columns("", "", "keyspace_name", "type", "name"),
                                List.of("a", "keyspace", "a"),
                                List.of("bcd", "keyspace", "bcd")));
        shell.run("desc table people\nDESCRIBE TABLES;\nDESCRIBE KEYSPACES");
        assertThat(shell.out)
                .isEqualTo(
                        """

                        CREATE TABLE ks.people (...);

                        Keyspace a
                        ----------
                        one  two

                        Keyspace bcd
                        ------------
                        three


                        a  bcd

                        """);
    }

    @Test
    void describeClusterListsOwners() {
        List<Column> columns =
                List.of(
                        column("cluster", DataTypes.TEXT),
                        column("partitioner", DataTypes.TEXT),
                        column("snitch", DataTypes.TEXT),
                        column(
                                "range_ownership",
                                DataTypes.mapOf(DataTypes.TEXT, DataTypes.listOf(DataTypes.TEXT))));
        shell.client.on(
                "DESC CLUSTER",
                rows(
                        columns,
                        List.of(
                                "Test Cluster",
                                "Murmur3Partitioner",
                                "SimpleSnitch",
                                Map.of("-42", List.of("/127.0.0.1:7000")))));
        shell.run("DESC CLUSTER;");
        assertThat(shell.out)
                .isEqualTo(
                        """

                        Cluster: Test Cluster
                        Partitioner: Murmur3Partitioner
                        Snitch: SimpleSnitch

                        Range ownership:
                                                             -42  [/127.0.0.1:7000]

                        """);
    }

    @Test
    void describeErrorsAreTheServersWords() {
        shell.client.failOn(
                "DESC TABLE none",
                "InvalidRequest: Error from server: code=2200 [Invalid query] message=\"no table\"",
                "no table");
        assertThat(shell.run("DESC TABLE none")).isEqualTo(1);
        assertThat(shell.err).isEqualTo("<stdin>:1:no table\n");
    }

    @Test
    void showSaysWhereAndWhat() {
        shell.run("SHOW HOST\nSHOW VERSION", "10.0.0.1", "9999");
        assertThat(shell.out)
                .isEqualTo(
                        """
                        Connected to Test Cluster at 10.0.0.1:9999
                        [cqlsh helenus-%s | Cassandra 5.0.6 | CQL spec 3.4.7 | Native protocol v5]
                        """
                                .formatted(ShellVersion.get()));
    }

    @Test
    void loginReplacesTheConnection() {
        shell.run("LOGIN alice 'it''s';\nLOGIN bob");
        assertThat(shell.targets).hasSize(2);
        assertThat(shell.targets.getLast().username()).isEqualTo("alice");
        assertThat(shell.targets.getLast().password()).isEqualTo("it's");
        assertThat(shell.err)
                .isEqualTo("<stdin>:2:LOGIN needs a password: LOGIN user 'password'.\n");
    }

    @Test
    void helpKnowsEveryTopicThatItLists() {
        for (String topic : HelpTexts.commands()) {
            assertThat(shell.run("HELP " + topic)).as(topic).isZero();
            assertThat(shell.out).contains(topic);
        }
        assertThat(shell.run("HELP nothing")).isEqualTo(1);
        assertThat(shell.err).isEqualTo("<stdin>:1:*** No help on nothing\n");
    }

    @Test
    void forcedColorsMarkKeysAndValues() {
        shell.client.on(
                "system_schema.columns",
                rows(
                        columns("system_schema", "columns", "column_name", "kind"),
                        List.of("id", "partition_key"),
                        List.of("name", "regular")));
        shell.run("", "-C", "-e", "SELECT * FROM people");
        assertThat(shell.out)
                .contains(" \u001b[0;1;31mid\u001b[0m | \u001b[0;1;35mname\u001b[0m")
                .contains("  \u001b[0;1;32m1\u001b[0m | \u001b[0;1;33mAlice\u001b[0m")
                .contains(" \u001b[0;1;31mnull\u001b[0m");
    }
}
