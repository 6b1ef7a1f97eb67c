package io.helenus.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MainTest {
    private final Console console = new Console();

    /// @param out a part of what is printed on standard output; empty if it must be silent
    record Call(List<String> arguments, int exitCode, String out, String err) {}

    static Stream<Call> calls() {
        String usage = "Usage: helenus COMMAND [ARGUMENT]...";
        return Stream.of(
                new Call(List.of("help"), 0, usage, ""),
                new Call(List.of("--help"), 0, usage, ""),
                new Call(List.of("help", "server"), 0, "Usage: helenus server [OPTION]...", ""),
                new Call(List.of("quickstart", "-h"), 0, "Usage: helenus quickstart", ""),
                new Call(List.of("version"), 0, "Helenus 0.", ""),
                new Call(List.of("--version"), 0, "Helenus 0.", ""),
                new Call(List.of(), 2, "", usage),
                new Call(List.of("serve"), 2, "", "unknown command 'serve'"),
                new Call(List.of("version", "x"), 2, "", "unexpected argument 'x'"),
                new Call(
                        List.of("server", "--set", "clustr_name=x"),
                        2,
                        "",
                        "unknown setting 'clustr_name'; did you mean 'cluster_name'?"),
                new Call(
                        List.of("quickstart", "--set", "start_native_transport=false"),
                        2,
                        "",
                        "quickstart needs start_native_transport=true"),
                new Call(
                        List.of("node", "--port", "1", "status"),
                        1,
                        "",
                        "Failed to connect to '127.0.0.1:1'"),
                new Call(List.of("bulk"), 2, "", "helenus bulk: a command is missing"),
                new Call(List.of("cluster"), 2, "", "start, status, kill, restart, pause, resume"),
                new Call(List.of("help", "cluster"), 0, "Usage: helenus cluster ACTION", ""),
                new Call(List.of("bench"), 2, "", "helenus bench is not available yet."),
                new Call(List.of("sstable"), 2, "", "dump, stats, verify or scrub is missing"),
                new Call(
                        List.of("sstable", "verify", "/none"),
                        2,
                        "",
                        "/none: there is no such file or directory"));
    }

    @ParameterizedTest
    @MethodSource
    void calls(Call call) {
        int exitCode = console.run(call.arguments().toArray(String[]::new));

        assertThat(console.out()).contains(call.out());
        assertThat(console.err()).contains(call.err());
        assertThat(console.out().isEmpty()).isEqualTo(call.out().isEmpty());
        assertThat(console.err().isEmpty()).isEqualTo(call.err().isEmpty());
        assertThat(exitCode).isEqualTo(call.exitCode());
    }
}
