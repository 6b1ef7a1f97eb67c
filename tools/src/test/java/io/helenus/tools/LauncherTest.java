package io.helenus.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The launcher, in a copy of the source tree with a JDK that only says how it was called.
@DisabledOnOs(OS.WINDOWS) // it is a shell script
class LauncherTest {
    private static final String TOOLS_JAR = "helenus-tools-1.jar";

    @TempDir Path directory;

    private Path home = Path.of("");
    private Path jdk = Path.of("");

    record Result(int exitCode, List<String> out, String err) {}

    @BeforeEach
    void copyTheLauncher() throws IOException {
        home = Files.createDirectories(directory.resolve("a home").resolve("helenus")).toRealPath();
        Path bin = Files.createDirectories(home.resolve("tools").resolve("bin"));
        Path sources = Path.of(System.getProperty("helenus.root"), "tools", "bin");
        for (String name : List.of("helenus", "cqlsh", "nodetool")) {
            Path _ =
                    Files.copy(
                            sources.resolve(name),
                            bin.resolve(name),
                            StandardCopyOption.COPY_ATTRIBUTES);
        }
        Path lib = Files.createDirectories(home.resolve("tools").resolve("target").resolve("lib"));
        Path _ = Files.createFile(home.resolve("tools").resolve("target").resolve(TOOLS_JAR));
        Path _ = Files.createFile(lib.resolve("b.jar"));
        Path _ = Files.createFile(lib.resolve("a.jar"));
        jdk = fakeJdk("jdk", "25.0.3");
    }

    /// A folder whose java prints its arguments, one a line.
    private Path fakeJdk(String name, String version) throws IOException {
        Path folder = directory.resolve(name);
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path _ =
                Files.writeString(
                        folder.resolve("release"),
                        "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"%s\"\n".formatted(version),
                        StandardCharsets.UTF_8);
        script(bin.resolve("java"), "printf '%s\\n' \"$0\" \"$@\"");
        return folder;
    }

    private static void script(Path path, String body) throws IOException {
        Path _ = Files.writeString(path, "#!/bin/sh\n" + body + "\n", StandardCharsets.UTF_8);
        assertThat(path.toFile().setExecutable(true)).isTrue();
    }

    private Result run(Path program, Map<String, String> variables, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        Path err = directory.resolve("stderr.txt");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("HELENUS_"));
        builder.environment().remove("JAVA_HOME");
        builder.environment().putAll(variables);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(
                process.waitFor(),
                out.lines().toList(),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    private Path launcher(String name) {
        return home.resolve("tools").resolve("bin").resolve(name);
    }

    private Map<String, String> withJdk() {
        return Map.of("HELENUS_JAVA_HOME", jdk.toString());
    }

    @Test
    void callsMainWithTheSharedFlagsAndASortedClassPath() throws Exception {
        Result result = run(launcher("helenus"), withJdk(), "server", "--data", "a b");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out())
                .startsWith(
                        jdk.resolve("bin").resolve("java").toString(),
                        "@" + home.resolve("conf").resolve("jvm.options"),
                        "-Dhelenus.home=" + home)
                .endsWith("io.helenus.tools.Main", "server", "--data", "a b");
        Path target = home.resolve("tools").resolve("target");
        assertThat(result.out())
                .containsSequence(
                        "-cp",
                        String.join(
                                File.pathSeparator,
                                target.resolve(TOOLS_JAR).toString(),
                                target.resolve("lib").resolve("a.jar").toString(),
                                target.resolve("lib").resolve("b.jar").toString()));
        assertThat(result.out()).noneMatch(line -> line.startsWith("-XX:AOTCache"));
    }

    @Test
    void usesTheCacheOfTheCommand() throws Exception {
        Path target = home.resolve("tools").resolve("target");
        Path _ = Files.createFile(target.resolve("server.aot"));
        Path _ = Files.createFile(target.resolve("shell.aot"));

        assertThat(run(launcher("helenus"), withJdk(), "server").out())
                .contains("-XX:AOTCache=" + target.resolve("server.aot"))
                .doesNotContain("-XX:+UseSerialGC");
        assertThat(run(launcher("helenus"), withJdk(), "shell").out())
                .contains("-XX:AOTCache=" + target.resolve("shell.aot"), "-XX:+UseSerialGC");
    }

    @Test
    void optionsOfTheUserComeLast() throws Exception {
        Map<String, String> variables = new HashMap<>(withJdk());
        variables.put("HELENUS_JVM_OPTS", "-Xmx4g -Dx=y");

        assertThat(run(launcher("helenus"), variables, "shell").out())
                .containsSubsequence("-Xmx256m", "-Xmx4g", "-Dx=y", "-cp");
    }

    /// What is no size, or more than there can be, is refused by the command itself, for which it has to start.
    @ParameterizedTest
    @CsvSource({
        "512m, 512",
        "2g, 2048",
        "2GiB, 2048",
        "64m, 128",
        "1073741824, 1024",
        "much, 256",
        "99999999999g, 256",
        "99999999999999999999, 256"
    })
    void theHeapOfBulkIsItsMemory(String memory, String mebibytes) throws Exception {
        assertThat(run(launcher("helenus"), withJdk(), "bulk", "write", "--memory", memory).out())
                .contains("-Xmx%sm".formatted(mebibytes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cqlsh:shell", "nodetool:node"})
    void shortNamesStandForCommands(String names) throws Exception {
        String[] nameAndCommand = names.split(":");

        assertThat(run(launcher(nameAndCommand[0]), withJdk(), "x").out())
                .endsWith("io.helenus.tools.Main", nameAndCommand[1], "x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"helenus", "cqlsh"})
    void worksThroughSymbolicLinks(String name) throws Exception {
        Path first = Files.createSymbolicLink(directory.resolve("absolute"), launcher(name));
        Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
        Path second =
                Files.createSymbolicLink(
                        elsewhere.resolve("relative"), Path.of("..").resolve(first.getFileName()));

        assertThat(run(second, withJdk(), "x").out()).contains("-Dhelenus.home=" + home);
    }

    @Test
    void takesJavaHomeIfItIsAJdk25() throws Exception {
        Result result = run(launcher("helenus"), Map.of("JAVA_HOME", jdk.toString()), "version");

        assertThat(result.out()).startsWith(jdk.resolve("bin").resolve("java").toString());
    }

    @Test
    void takesTheJavaOfThePathBehindItsLinks() throws Exception {
        Path bin = Files.createDirectories(directory.resolve("path"));
        Path _ = Files.createSymbolicLink(bin.resolve("java"), jdk.resolve("bin").resolve("java"));
        Map<String, String> variables =
                Map.of(
                        "PATH",
                        bin + File.pathSeparator + System.getenv("PATH"),
                        "JAVA_HOME",
                        fakeJdk("old", "17.0.15").toString());

        assertThat(run(launcher("helenus"), variables, "version").out())
                .startsWith(jdk.resolve("bin").resolve("java").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"17.0.15", "2.5", "250", "26-ea"})
    void refusesAnotherVersion(String version) throws Exception {
        Path other = fakeJdk("other", version);

        Result result =
                run(launcher("helenus"), Map.of("HELENUS_JAVA_HOME", other.toString()), "version");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .isEqualTo(
                        "HELENUS_JAVA_HOME is '%s', which is not the folder of a JDK 25.\n"
                                .formatted(other));
    }

    @Test
    void buildsWhatIsMissing() throws Exception {
        Path target = home.resolve("tools").resolve("target");
        Files.delete(target.resolve(TOOLS_JAR));
        Path bin = Files.createDirectories(directory.resolve("maven"));
        script(bin.resolve("mvn"), "echo \"$@\" && touch tools/target/" + TOOLS_JAR);
        Map<String, String> variables = new HashMap<>(withJdk());
        variables.put("PATH", bin + File.pathSeparator + System.getenv("PATH"));

        Result result = run(launcher("helenus"), variables, "version");

        assertThat(result.exitCode()).isZero();
        assertThat(result.err())
                .isEqualTo("Building Helenus; this is done once and takes a minute or two.\n");
        assertThat(result.out()).contains("io.helenus.tools.Main", "version");
        assertThat(target.resolve("build.log"))
                .content(StandardCharsets.UTF_8)
                .isEqualTo("-q -DskipTests -pl tools -am package\n");
    }

    @Test
    void buildsAgainWhatIsOlderThanItsSources() throws Exception {
        Path target = home.resolve("tools").resolve("target");
        FileTime before = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
        for (String jar : List.of(TOOLS_JAR, "lib/a.jar", "lib/b.jar")) {
            Path _ = Files.setLastModifiedTime(target.resolve(jar), before);
        }
        Path sources = home.resolve("engine").resolve("src").resolve("main");
        Path _ = Files.createFile(Files.createDirectories(sources).resolve("Changed.java"));
        Path bin = Files.createDirectories(directory.resolve("maven"));
        // Leaves jars alone whose content did not change, and runs what it has built.
        script(bin.resolve("mvn"), "echo built >>builds && tools/bin/helenus version");
        Map<String, String> variables = new HashMap<>(withJdk());
        variables.put("PATH", bin + File.pathSeparator + System.getenv("PATH"));

        assertThat(run(launcher("helenus"), variables, "version").err())
                .startsWith("Building Helenus again, as its sources have changed");
        Result second = run(launcher("helenus"), variables, "version");
        assertThat(second.err()).isEmpty();
        assertThat(second.out()).contains("io.helenus.tools.Main", "version");
        assertThat(home.resolve("builds")).content(StandardCharsets.UTF_8).isEqualTo("built\n");
    }

    @Test
    void showsTheEndOfABuildThatFailed() throws Exception {
        Files.delete(home.resolve("tools").resolve("target").resolve(TOOLS_JAR));
        Path bin = Files.createDirectories(directory.resolve("maven"));
        script(bin.resolve("mvn"), "echo [ERROR] no such artifact; exit 1");
        Map<String, String> variables = new HashMap<>(withJdk());
        variables.put("PATH", bin + File.pathSeparator + System.getenv("PATH"));

        Result result = run(launcher("helenus"), variables, "version");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("The build failed", "build.log", "no such artifact");
    }
}
