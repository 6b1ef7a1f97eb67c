package io.helenus.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.type.DataTypes;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShellCommandTest {
    @TempDir Path folder;
    private ShellFixture shell;

    @BeforeEach
    void start() {
        shell = new ShellFixture(folder);
    }

    @Test
    void withoutArgumentsItConnectsToThisMachine() {
        assertThat(shell.run("")).isZero();
        assertThat(shell.targets).hasSize(1);
        assertThat(shell.targets.getFirst())
                .isEqualTo(
                        new ClientFactory.Target(
                                "127.0.0.1",
                                9042,
                                null,
                                null,
                                null,
                                false,
                                null,
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(10),
                                null));
    }

    @Test
    void optionsReachTheConnection() {
        assertThat(
                        shell.run(
                                "",
                                "10.0.0.1",
                                "9999",
                                "-k",
                                "MyKs",
                                "-u",
                                "alice",
                                "-p",
                                "secret",
                                "--insecure-password-without-warning",
                                "--ssl",
                                "--connect-timeout=7",
                                "--request-timeout=8",
                                "--protocol-version=4"))
                .isZero();
        assertThat(shell.targets.getFirst())
                .isEqualTo(
                        new ClientFactory.Target(
                                "10.0.0.1",
                                9999,
                                "MyKs",
                                "alice",
                                "secret",
                                true,
                                null,
                                Duration.ofSeconds(7),
                                Duration.ofSeconds(8),
                                4));
        assertThat(shell.err).isEmpty();
    }

    @Test
    void theEnvironmentNamesTheServerUnlessTheCommandLineDoes() {
        shell.variables.put("CQLSH_HOST", "10.0.0.2");
        shell.variables.put("CQLSH_PORT", "1234");
        shell.run("");
        shell.run("", "10.0.0.3", "1235");
        assertThat(shell.targets.stream().map(Object::toString))
                .containsExactly("10.0.0.2:1234", "10.0.0.3:1235");
    }

    @Test
    void theEnvironmentNamesTheCertificatesToTrust() {
        shell.variables.put("SSL_CERTFILE", "ca.pem");
        shell.run("", "--ssl");
        assertThat(shell.targets.getFirst().certificates()).isEqualTo(folder.resolve("ca.pem"));
    }

    @Test
    void aPasswordOnTheCommandLineIsWarnedOf() {
        shell.run("", "-u", "alice", "-p", "secret");
        assertThat(shell.err).contains("Using a password on the command line");
    }

    @Test
    void aUserNameAloneFailsWhereNobodyCanBeAsked() {
        assertThat(shell.run("", "-u", "alice")).isEqualTo(1);
        assertThat(shell.err).contains("-p");
        assertThat(shell.targets).isEmpty();
    }

    @Test
    void noConnectionIsOneLineAndAFailure() {
        shell.clients =
                _ -> {
                    throw new CqlException("Connection error: 10.0.0.1:9042: nobody there");
                };
        assertThat(shell.run("SELECT 1;")).isEqualTo(1);
        assertThat(shell.err).isEqualTo("Connection error: 10.0.0.1:9042: nobody there\n");
    }

    @Test
    void theVersionIsThatOfTheBuild() {
        assertThat(shell.run("", "--version")).isZero();
        assertThat(shell.out).isEqualTo("cqlsh helenus-" + ShellVersion.get() + "\n");
        assertThat(ShellVersion.get()).matches("[0-9].*");
    }

    @Test
    void anotherEncodingIsUsedForTheOutput() {
        shell.client.on(
                "SELECT", FakeClient.rows(FakeClient.columns("ks", "t", "v"), List.of("é漢")));
        shell.run("", "--encoding", "us-ascii", "-e", "SELECT v FROM t");
        assertThat(shell.out).contains(" \\xe9\\u6f22\n");
    }

    @Test
    void timestampsAreInTheZoneOfTz() {
        shell.variables.put("TZ", "Europe/Berlin");
        shell.client.on(
                "SELECT",
                FakeClient.rows(
                        List.of(FakeClient.column("v", DataTypes.TIMESTAMP)),
                        List.of(Instant.EPOCH)));
        shell.run("", "-e", "SELECT v FROM t");
        assertThat(shell.out).contains(" 1970-01-01 01:00:00.000000+0100\n");
    }

    record Wrong(List<String> arguments, String named) {}

    static Stream<Wrong> wrong() {
        return Stream.of(
                new Wrong(List.of("--nonsense"), "--nonsense"),
                new Wrong(List.of("host", "9042", "more"), "more"),
                new Wrong(List.of("host", "port"), "'port'"),
                new Wrong(List.of("host", "70000"), "70000"),
                new Wrong(List.of("-e", "x", "-f", "y"), "-f"),
                new Wrong(List.of("-p", "secret"), "-u"),
                new Wrong(List.of("-C", "--no-color"), "--no-color"),
                new Wrong(List.of("--encoding", "klingon"), "klingon"),
                new Wrong(List.of("--protocol-version", "2"), "--protocol-version"),
                new Wrong(List.of("--protocol-version", "x"), "--protocol-version"),
                new Wrong(List.of("--connect-timeout", "0"), "--connect-timeout"),
                new Wrong(List.of("--request-timeout", "-1"), "--request-timeout"),
                new Wrong(List.of("--browser", "x"), "--browser"),
                new Wrong(List.of("--cqlshrc", "x"), "--cqlshrc"),
                new Wrong(List.of("--credentials=x"), "--credentials"),
                new Wrong(List.of("--cqlversion=3.4.5"), "--cqlversion"),
                new Wrong(List.of("--coverage"), "--coverage"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aWrongCommandLineIsNamedAndExitsWithTwo(Wrong row) {
        assertThat(shell.run("", row.arguments.toArray(String[]::new))).isEqualTo(2);
        assertThat(shell.err).contains(row.named);
        assertThat(shell.targets).isEmpty();
    }

    @Test
    void aWrongPortInTheEnvironmentIsNamed() {
        shell.variables.put("CQLSH_PORT", "many");
        assertThat(shell.run("")).isEqualTo(2);
        assertThat(shell.err).contains("'many'").contains("$CQLSH_PORT");
    }
}
