package io.helenus.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `helenus cluster` without nodes: what is wrong is said, and nothing is started.
class ClusterCommandTest {
    @TempDir Path directory;

    private final Console console = new Console();

    private int run(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "cluster";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return console.run(all);
    }

    /// A cluster of two nodes; the first has the process, the second was stopped.
    private void holdsCluster(long pid, long started) throws IOException {
        Path _ =
                Files.writeString(
                        directory.resolve("cluster.json"),
                        """
                        {"format": 1, "seeds": ["127.0.7.1", "127.0.7.2"], "settings": [],
                         "nodes": [
                          {"address": "127.0.7.1", "data_center": "a", "rack": "rack1",
                           "pid": %d, "started": %d},
                          {"address": "127.0.7.2", "data_center": "a", "rack": "rack2",
                           "pid": 0, "started": 0}]}
                        """
                                .formatted(pid, started),
                        StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                " '' | start, status, kill, restart, pause, resume or stop is missing",
                "begin | there is no 'helenus cluster begin'",
                "start --nodes a:3 --port 1 | unknown option '--port'",
                "start a:3 | unexpected argument 'a:3'",
                "start --nodes a:0 | 'a:0' is not DC:COUNT, such as dc1:3",
                "start --nodes a:1 --first-address 10.0.0.1 | must be an address of this machine",
                "start --first-address 127.0.0.5 | --first-address needs --nodes",
                "start --nodes a:1 --set rack=x | --set rack: each node of the cluster has its own",
                "start --nodes a:1 --set nix=x | --set: unknown setting 'nix'",
                "start --nodes a:1 --set x | --set: 'x' is not of the form name=value",
                "status --json=1 | --json takes no value",
                "kill | ADDRESS is missing",
                "kill 127.0.0.1 127.0.0.2 | unexpected argument '127.0.0.2'",
                "stop 127.0.0.1 | unexpected argument '127.0.0.1'",
            })
    void aWrongCommandLineIsRefused(String arguments, String message) {
        String[] all = arguments.isEmpty() ? new String[0] : arguments.split(" ");

        assertThat(run(all)).isEqualTo(2);
        assertThat(console.err()).contains(message);
        assertThat(console.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"status", "stop", "start", "kill 127.0.0.1"})
    void aDirectoryWithoutClusterIsSaid(String arguments) {
        assertThat(run((arguments + " --data " + directory).split(" "))).isEqualTo(1);
        assertThat(console.err())
                .startsWith("helenus cluster: There is no cluster in " + directory)
                .hasLineCount(1);
    }

    @Test
    void aDirectoryOfSomethingElseIsLeftAlone() throws IOException {
        Path _ = Files.createFile(directory.resolve("thesis.txt"));

        assertThat(run("start", "--nodes", "a:1", "--data", directory.toString())).isEqualTo(1);
        assertThat(console.err()).contains(directory + " is not empty and holds no cluster");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2 | kill 127.0.7.9 | has no node 127.0.7.9, but 127.0.7.1, 127.0.7.2",
                "2 | restart seven | has no node seven, but 127.0.7.1",
                "1 | kill 127.0.7.2 | 127.0.7.2 is not running",
                "1 | pause 127.0.7.2 | 127.0.7.2 is not running",
                "1 | resume 127.0.7.2 | 127.0.7.2 is not running",
                "1 | stop | No node of the cluster in ",
                "1 | start --nodes a:3 | holds a stopped cluster of a:2 from 127.0.7.1 on",
            })
    void whatCannotBeDoneWithAStoppedClusterIsSaid(int code, String arguments, String message)
            throws IOException {
        holdsCluster(0, 0);

        assertThat(run((arguments + " --data " + directory).split(" "))).isEqualTo(code);
        assertThat(console.err()).contains(message);
    }

    /// The number of a node's process belongs to another one: this very test.
    @Test
    void aProcessOfAnotherProgramIsNeitherANodeNorTouched() throws IOException {
        holdsCluster(ProcessHandle.current().pid(), 1);

        assertThat(run("kill", "127.0.7.1", "--data", directory.toString())).isEqualTo(1);
        assertThat(console.err())
                .isEqualTo(
                        "helenus cluster: 127.0.7.1 is not running: process %d is another program's by now\n"
                                .formatted(ProcessHandle.current().pid()));
        assertThat(run("stop", "--data", directory.toString())).isEqualTo(1);
        assertThat(console.err()).contains("No node of the cluster");
        assertThat(run("status", "--data", directory.toString())).isZero();
        assertThat(console.out())
                .contains("not running (was %d)".formatted(ProcessHandle.current().pid()));
    }

    @Test
    void aPortOfAnotherProgramIsNamed() throws IOException {
        try (ServerSocket other = new ServerSocket()) {
            other.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.7.2"), 7000));
            holdsCluster(0, 0);

            assertThat(run("start", "--data", directory.toString())).isEqualTo(1);
        }
        assertThat(console.err())
                .startsWith("helenus cluster: 127.0.7.2:7000 is in use by another program");
        assertThat(directory.resolve("127.0.7.1")).doesNotExist();
    }

    @Test
    void twoCommandsDoNotChangeOneClusterAtOnce() throws IOException {
        holdsCluster(0, 0);
        try (FileChannel channel =
                        FileChannel.open(
                                directory.resolve("cluster.lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            assertThat(run("stop", "--data", directory.toString())).isEqualTo(1);
        }
        assertThat(console.err()).contains("Another helenus cluster command is at work on");
    }

    @Test
    void aBrokenFileIsNamed() throws IOException {
        Path file =
                Files.writeString(
                        directory.resolve("cluster.json"),
                        "{\"format\": 2}",
                        StandardCharsets.UTF_8);

        assertThat(run("status", "--data", directory.toString())).isEqualTo(1);
        assertThat(console.err()).contains(file + " cannot be read: it is not of format 1");
    }

    @Test
    void statusIsAlsoJson() throws IOException {
        holdsCluster(0, 0);

        assertThat(run("status", "--json", "--data", directory.toString())).isZero();
        assertThat(console.out())
                .contains("\"address\": \"127.0.7.2\"", "\"process\": \"stopped\"");
    }

    @Test
    void helpNamesWhatCanBeDone() {
        assertThat(run("--help")).isZero();
        assertThat(console.out()).contains("Usage: helenus cluster ACTION", "  kill ADDRESS ");
        assertThat(run("kill", "--help")).isZero();
        assertThat(console.out()).startsWith("Usage: helenus cluster kill ADDRESS [OPTION]...");
    }
}
