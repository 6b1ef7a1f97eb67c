package io.helenus.test.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// A command of Helenus in a process of its own. One test thread; killed when closed.
final class Program implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long POLL_NANOS = 500_000;

    private final Process process;
    private final Path out;
    private final Path err;

    /// @param directory for what it prints
    Program(Path directory, String name, String... arguments) throws IOException {
        out = directory.resolve(name + ".out");
        err = directory.resolve(name + ".err");
        Path root = Path.of(System.getProperty("helenus.root", ".."));
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "@" + root.resolve("conf/jvm.options"),
                                "-Xmx256m",
                                "-XX:-UseParallelGC",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "io.helenus.tools.Main"));
        command.addAll(List.of(arguments));
        process =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
    }

    /// Something that becomes true while it runs.
    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException;
    }

    void await(String what, Condition condition) throws IOException {
        long start = System.nanoTime();
        while (!condition.holds()) {
            boolean late = System.nanoTime() - start > LIMIT.toNanos();
            if (late || !process.isAlive()) {
                throw new AssertionError(
                        "%s did not come: %s%n%s%n%s"
                                .formatted(
                                        what,
                                        late ? "time is up" : "the process has ended",
                                        out(),
                                        err()));
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    OutputStream standardInput() {
        return process.getOutputStream();
    }

    String out() throws IOException {
        return Files.readString(out, StandardCharsets.UTF_8);
    }

    String err() throws IOException {
        return Files.readString(err, StandardCharsets.UTF_8);
    }

    /// @return its exit code
    int end() throws InterruptedException {
        assertThat(process.waitFor(LIMIT)).as("it ends").isTrue();
        return process.exitValue();
    }

    /// SIGTERM, which does what Ctrl-C does: a process that was started in the background may not listen
    /// to that.
    void terminate() {
        process.destroy();
    }

    /// SIGKILL; returns when it is dead.
    void kill() throws InterruptedException {
        assertThat(process.destroyForcibly().waitFor(LIMIT)).isTrue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
