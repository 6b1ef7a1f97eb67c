package io.helenus.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nodes as processes: what they print, how they end, and that there is one per directory.
class NodeProcessTest {
    private static final Pattern READY =
            Pattern.compile(
                    "Helenus is ready: CQL on 127\\.0\\.0\\.1:(\\d+), data in (.*), started in"
                            + " \\d+\\.\\d\\d s");

    @TempDir Path directory;

    private String data = "";

    @BeforeEach
    void nameTheDataDirectory() {
        data = directory.resolve("data").toString();
    }

    private Program server() throws Exception {
        return Program.start(directory, "server", "--data", data, "--native-port", "0");
    }

    private Program quickstart(String statements) throws Exception {
        Program program =
                Program.start(directory, "quickstart", "--data", data, "--native-port", "0");
        program.input(statements);
        return program;
    }

    private String port(Program server) throws Exception {
        String line = server.line();
        Matcher ready = READY.matcher(line);
        assertThat(ready.matches()).as(line).isTrue();
        assertThat(ready.group(2)).isEqualTo(data);
        return ready.group(1);
    }

    @Test
    void aServerPrintsOneLineAndEndsAtSigtermWithZero() throws Exception {
        try (Program server = server()) {
            String port = port(server);
            try (Program shell =
                    Program.start(
                            directory,
                            "shell",
                            "127.0.0.1",
                            port,
                            "-e",
                            "SELECT release_version FROM system.local")) {
                Program.Ended asked = shell.end();
                assertThat(asked.exitCode()).as(asked.err()).isZero();
                assertThat(asked.out()).contains("5.0.");
            }

            Program.Ended ended = server.terminate();

            assertThat(ended.exitCode()).as(ended.err()).isZero();
            assertThat(ended.out()).isEmpty();
            assertThat(ended.err()).isEmpty();
        }
        assertThat(Path.of(data, "logs", "helenus.log"))
                .content(StandardCharsets.UTF_8)
                .contains("Listening for clients");
        assertThat(Path.of(data, "address")).doesNotExist();
    }

    @Test
    void aDirectoryIsOneNodesAlone() throws Exception {
        try (Program first = server()) {
            String _ = port(first);
            try (Program second = server()) {
                Program.Ended ended = second.end();

                assertThat(ended.exitCode()).isEqualTo(1);
                assertThat(ended.out()).isEmpty();
                assertThat(ended.err())
                        .isEqualTo(
                                "Helenus did not start: Directory %s is in use by another node\n"
                                        .formatted(data));
            }
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() throws Exception {
        try (Program first = server()) {
            String port = port(first);
            try (Program second =
                    Program.start(
                            directory,
                            "quickstart",
                            "--data",
                            directory.resolve("other").toString(),
                            "--native-port",
                            port)) {
                Program.Ended ended = second.end();

                assertThat(ended.exitCode()).isEqualTo(1);
                assertThat(ended.err())
                        .startsWith("Helenus did not start: ")
                        .contains("127.0.0.1:" + port)
                        .contains("choose one with --native-port");
            }
        }
    }

    @Test
    void quickstartRunsStatementsFromStandardInputAndKeepsTheData() throws Exception {
        try (Program first =
                quickstart(
                        """
                        CREATE KEYSPACE ks WITH replication =
                            {'class': 'SimpleStrategy', 'replication_factor': 1};
                        CREATE TABLE ks.t (k int PRIMARY KEY, v text);
                        INSERT INTO ks.t (k, v) VALUES (1, 'kept');
                        """)) {
            Program.Ended ended = first.end();
            assertThat(ended.exitCode()).as(ended.err()).isZero();
            assertThat(READY.matcher(ended.err().strip()).matches()).as(ended.err()).isTrue();
        }
        try (Program second = quickstart("SELECT v FROM ks.t;\n")) {
            Program.Ended ended = second.end();
            assertThat(ended.exitCode()).as(ended.err()).isZero();
            assertThat(ended.out()).contains("kept");
        }
    }

    @Test
    void quickstartFailsWithItsStatements() throws Exception {
        try (Program program = quickstart("SELECT v FROM none.t;\n")) {
            Program.Ended ended = program.end();
            assertThat(ended.exitCode()).isNotZero();
            assertThat(ended.err()).contains("none");
        }
    }

    @Test
    void quickstartOpensAShellOnTheNodeThatRuns() throws Exception {
        try (Program server = server()) {
            String port = port(server);
            try (Program quickstart = quickstart("SELECT cluster_name FROM system.local;\n")) {
                Program.Ended ended = quickstart.end();

                assertThat(ended.exitCode()).as(ended.err()).isZero();
                assertThat(ended.err())
                        .isEqualTo(
                                ("A node with the data in %s runs already: opening a shell on it at"
                                                + " 127.0.0.1:%s.\n")
                                        .formatted(data, port));
                assertThat(ended.out()).contains("Helenus");
            }
        }
    }

    @Test
    void aKilledNodeLeavesNothingThatKeepsItFromStarting() throws Exception {
        try (Program first = server()) {
            String _ = port(first);
            first.kill();
        }
        assertThat(Files.exists(Path.of(data, "address"))).isTrue();
        try (Program second = server()) {
            String _ = port(second);
            assertThat(second.terminate().exitCode()).isZero();
        }
    }
}
