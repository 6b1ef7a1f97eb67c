package io.helenus.shell;

import static io.helenus.shell.FakeClient.column;
import static io.helenus.shell.FakeClient.followedBy;
import static io.helenus.shell.FakeClient.rows;
import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.type.DataTypes;
import io.helenus.shell.CqlClient.Column;
import io.helenus.shell.CqlClient.Page;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sessions typed at a dumb terminal, up to its end of input (Ctrl-D).
class InteractiveShellTest {
    private static final List<Column> IDS = List.of(column("id", DataTypes.INT));

    @TempDir Path folder;
    private ShellFixture shell;

    @BeforeEach
    void start() {
        shell = new ShellFixture(folder);
        shell.client.on("SELECT id", rows(IDS, List.of(1)));
    }

    @Test
    void aSessionGreetsAndEndsWithTheInput() {
        assertThat(shell.type("")).isZero();
        assertThat(shell.out)
                .startsWith("Connected to Test Cluster at 127.0.0.1:9042\n[cqlsh helenus-")
                .contains("Use HELP for help.\n")
                .contains("cqlsh> ");
    }

    @Test
    void aStatementMayTakeSeveralLines() {
        assertThat(shell.type("SELECT id\nFROM t\n;\n")).isZero();
        assertThat(shell.client.statements()).contains("SELECT id\nFROM t;");
        assertThat(shell.out).contains(" id\n----\n  1\n\n(1 rows)\n");
    }

    @Test
    void thePromptNamesUserAndKeyspace() {
        shell.type("USE ks;\n", "-u", "alice", "-p", "secret");
        assertThat(shell.out).contains("alice@cqlsh> ").contains("alice@cqlsh:ks> ");
    }

    @Test
    void furtherLinesStandUnderTheFirst() {
        assertThat(InteractiveInput.continuation(null)).hasSameSizeAs("cqlsh> ");
        assertThat(InteractiveInput.continuation("ks")).hasSameSizeAs("cqlsh:ks> ");
    }

    @Test
    void commandsNeedNoSemicolon() {
        shell.type("expand on\nexit\nSELECT id FROM t;\n");
        assertThat(shell.out).contains("Now Expanded output is enabled");
        assertThat(shell.client.statements()).noneMatch(cql -> cql.contains("SELECT id"));
    }

    @Test
    void severalStatementsOnALineAreAllRun() {
        shell.type("USE a; USE b; SELECT id FROM t;\n");
        assertThat(shell.client.statements()).contains("USE a;", "USE b;", "SELECT id FROM t;");
    }

    @Test
    void failuresDoNotChangeTheExitCode() {
        shell.client.failOn("WRONG", "ServerError: no", "no");
        assertThat(shell.type("WRONG;\n")).isZero();
        assertThat(shell.out).contains("ServerError: no\n");
    }

    @Test
    void pagesWaitForEnterAndRepeatTheHeader() {
        Page last = rows(IDS, List.of(2));
        shell.client.on("SELECT id", followedBy(rows(IDS, List.of(1)), () -> last));
        shell.type("SELECT id FROM t;\n\n");
        assertThat(shell.out).contains("---MORE---");
        assertThat(shell.out.split(" id\n----\n", -1)).hasSize(3);
        assertThat(shell.out).contains("(2 rows)");
    }

    @Test
    void anUnwantedNextPageIsNotFetched() {
        shell.client.on(
                "SELECT id",
                followedBy(
                        rows(IDS, List.of(1)),
                        () -> {
                            throw new AssertionError("fetched");
                        }));
        assertThat(shell.type("SELECT id FROM t;\n")).isZero(); // the input ends at MORE
        assertThat(shell.out).doesNotContain("rows)");
    }

    @Test
    void aPasswordIsAskedFor() {
        assertThat(shell.type("secret\nexit\n", "-u", "alice")).isZero();
        assertThat(shell.out).contains("Password: ");
        assertThat(shell.targets.getFirst().password()).isEqualTo("secret");
    }

    @Test
    void theHistoryIsKeptWithoutPasswords() throws IOException {
        shell.type(
                """
                SELECT id
                FROM t;
                CREATE ROLE bob WITH PASSWORD = 'x' AND LOGIN = true;
                LOGIN bob 'x';
                HISTORY
                """);
        Path file = folder.resolve(".helenus").resolve("cqlsh_history");
        assertThat(Files.readAllLines(file)).containsExactly("SELECT id\\nFROM t;", "HISTORY");
    }

    @Test
    void theHistoryFileIsThatOfTheEnvironment() {
        Path file = folder.resolve("some").resolve("where");
        shell.variables.put("CQL_HISTORY", file.toString());
        shell.type("SELECT id FROM t;\n");
        assertThat(file).hasContent("SELECT id FROM t;");
    }

    @Test
    void anInterruptEndsTheWaitButNotTheSession() {
        shell.client.on(
                "SELECT slow",
                _ -> {
                    throw new InterruptedException();
                });
        assertThat(shell.type("SELECT slow FROM t;\nSELECT id FROM t;\n")).isZero();
        assertThat(shell.out)
                .contains("Interrupted; the server may still be at it.")
                .contains("(1 rows)");
    }

    @Test
    void ttyShowsPromptsForPipedInput() {
        assertThat(
                        shell.run(
                                new ByteArrayInputStream(
                                        "SELECT id FROM t;\n".getBytes(StandardCharsets.UTF_8)),
                                false,
                                "--tty"))
                .isZero();
        assertThat(shell.out).contains("cqlsh> ").contains("(1 rows)");
    }
}
