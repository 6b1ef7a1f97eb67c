package io.helenus.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Clusters of real processes.
@EnabledOnOs(OS.LINUX) // where all of 127.0.0.0/8 is this machine
class ClusterProcessTest {
    private static final String NETWORK = "127.0.8.";

    @TempDir Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path home = Path.of("");

    /// A launcher that runs the class path of the tests.
    @BeforeEach
    void writeALauncher() throws IOException {
        home = directory.resolve("home");
        String root = System.getProperty("helenus.root");
        Path launcher = home.resolve("tools").resolve("bin").resolve("helenus");
        Path _ = Files.createDirectories(launcher.getParent());
        Path _ =
                Files.writeString(
                        launcher,
                        """
                        #!/bin/sh
                        exec '%s' '@%s/conf/jvm.options' $HELENUS_JVM_OPTS -XX:TieredStopAtLevel=1 \
                        '-Dhelenus.home=%s' -cp '%s' io.helenus.tools.Main "$@"
                        """
                                .formatted(
                                        Path.of(System.getProperty("java.home"), "bin", "java"),
                                        root,
                                        root,
                                        System.getProperty("java.class.path")),
                        StandardCharsets.UTF_8);
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
    }

    @AfterEach
    void leaveNothingRunning() {
        int _ = run("stop", "--data", data().toString());
    }

    private Path data() {
        return directory.resolve("cluster");
    }

    private int run(String... arguments) {
        out.reset();
        err.reset();
        Map<String, String> variables = new HashMap<>(System.getenv());
        variables.put("HOME", directory.toString());
        Context context =
                new Context(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        variables,
                        Optional.of(home));
        List<String> all = new ArrayList<>(List.of("cluster"));
        all.addAll(List.of(arguments));
        return Main.run(all, context);
    }

    private String succeed(String... arguments) {
        int code = run(arguments);
        assertThat(code).as("%s: %s", List.of(arguments), text(err)).isZero();
        return text(out);
    }

    private String fail(String... arguments) {
        assertThat(run(arguments)).as("%s: %s", List.of(arguments), text(out)).isEqualTo(1);
        return text(err);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private Json.Members node(int number) {
        Json.Members status = (Json.Members) Json.parse(succeed("status", "--json"));
        return status.objects("nodes").stream()
                .filter(node -> node.text("address").equals(NETWORK + number))
                .findFirst()
                .orElseThrow();
    }

    /// The others find out sooner or later.
    private void awaitNode(int number, Predicate<Json.Members> wanted) throws InterruptedException {
        for (Json.Members now = node(number); !wanted.test(now); now = node(number)) {
            synchronized (this) {
                wait(100);
            }
        }
    }

    private void start(String nodes) {
        assertThat(
                        succeed(
                                "start",
                                "--nodes",
                                nodes,
                                "--data",
                                data().toString(),
                                "--first-address",
                                NETWORK + "1"))
                .contains("The cluster is up: ");
    }

    @Test
    void nodesAreStartedKilledPausedAndStopped() throws InterruptedException {
        start("a:2,b:1");
        assertThat(fail("start", "--nodes", "a:2,b:1"))
                .contains("A cluster runs in " + data() + " already: 127.0.8.1, 127.0.8.2");
        assertThat(succeed("status"))
                .contains("Cluster of a:2,b:1 in " + data())
                .contains("127.0.8.1", "127.0.8.2", "127.0.8.3", "3 of 3");

        assertThat(succeed("kill", "127.0.8.2")).contains("127.0.8.2", "was killed");
        assertThat(fail("kill", "127.0.8.2")).contains("127.0.8.2 is not running");
        assertThat(node(2).text("process")).isEqualTo("stopped");

        assertThat(succeed("pause", "127.0.8.3")).contains("is paused");
        assertThat(fail("pause", "127.0.8.3")).contains("127.0.8.3 is paused already");
        assertThat(node(3).text("process")).isEqualTo("paused");
        awaitNode(3, seen -> seen.whole("seen_up_by") == 0);
        assertThat(succeed("resume", "127.0.8.3")).contains("goes on");
        assertThat(fail("resume", "127.0.8.3")).contains("127.0.8.3 is not paused");
        awaitNode(3, seen -> seen.whole("seen_up_by") == 2);

        assertThat(succeed("restart", "127.0.8.2")).contains("127.0.8.2", "is up");
        assertThat(node(2).whole("seen_up_by")).isEqualTo(3);

        assertThat(succeed("pause", "127.0.8.1")).contains("is paused");
        assertThat(succeed("stop")).contains("The cluster is stopped: 3 nodes");
        assertThat(fail("stop")).contains("No node of the cluster in " + data() + " runs");
        assertThat(succeed("start")).contains("The cluster is up: 3 nodes");
    }

    @Test
    void aNodeThatDoesNotStartEndsTheOthersAndIsNamed() throws IOException {
        Path _ = Files.createDirectories(data().resolve(NETWORK + "2"));
        Path _ =
                Files.writeString(
                        data().resolve("cluster.json"),
                        """
                        {"format": 1, "seeds": ["127.0.8.1"], "settings": [], "nodes": [
                          {"address": "127.0.8.1", "data_center": "a", "rack": "rack1",
                           "pid": 0, "started": 0},
                          {"address": "127.0.8.2", "data_center": "a", "rack": "rack2",
                           "pid": 0, "started": 0}]}
                        """,
                        StandardCharsets.UTF_8);
        Path log = data().resolve(NETWORK + "2").resolve("commitlog");
        Path _ = Files.createFile(log); // where a directory has to be

        assertThat(fail("start", "--data", data().toString()))
                .contains("127.0.8.2 did not start: Helenus did not start: ")
                .contains(data().resolve(NETWORK + "2/logs/helenus.log").toString());
        assertThat(node(1).text("process")).isEqualTo("stopped");
    }

    @Test
    @Tag("thorough")
    void nineNodesInThreeDataCentres() {
        start("a:3,b:3,c:3");
        for (int number = 1; number <= 9; number++) {
            Json.Members node = node(number);
            assertThat(node.text("rack")).isEqualTo("rack" + ((number - 1) % 3 + 1));
            assertThat(node.whole("seen_up_by")).isEqualTo(9);
        }
    }
}
