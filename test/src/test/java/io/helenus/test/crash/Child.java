package io.helenus.test.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// A child process with its file of marks. Killed when closed.
final class Child implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(90);
    private static final long POLL_NANOS = 500_000;

    private final Process process;
    private final Path log;
    final Marks marks;

    /// @param directory of the node's files, in `node`, and of what is left of each child
    /// @param operations of a phase to pass before it stops there
    Child(Path directory, int number, Phase phase, int operations) throws IOException {
        Path file = directory.resolve("marks-" + number);
        log = directory.resolve("child-" + number + ".log");
        marks = new Marks(file);
        Path root = Path.of(System.getProperty("helenus.root", ".."));
        process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "@" + root.resolve("conf/jvm.options"),
                                "-Xmx256m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                CrashServer.class.getName(),
                                directory.resolve("node").toString(),
                                file.toString(),
                                phase.name(),
                                String.valueOf(operations))
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
    }

    /// One that goes on until it is killed.
    Child(Path directory, int number) throws IOException {
        this(directory, number, Phase.APPEND, Integer.MAX_VALUE);
    }

    int awaitPort() throws IOException {
        await("serving", () -> marks.port() != 0);
        return marks.port();
    }

    void await(String what, BooleanSupplier condition) throws IOException {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            boolean late = System.nanoTime() - start > LIMIT.toNanos();
            if (late || !process.isAlive()) {
                throw new AssertionError(
                        "The child is not %s: %s%n%s"
                                .formatted(what, late ? "time is up" : "it has ended", logged()));
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    static void pause(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    String logged() throws IOException {
        return Files.readString(log);
    }

    /// SIGKILL; returns when it is dead.
    void kill() throws InterruptedException {
        assertThat(process.destroyForcibly().waitFor(LIMIT)).isTrue();
    }

    List<Phase> whereItDied() {
        List<Phase> phases = new ArrayList<>();
        for (Phase phase : Phase.values()) {
            if (marks.within(phase)) {
                phases.add(phase);
            }
        }
        return phases.isEmpty() ? List.of(Phase.APPEND) : phases;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        marks.close();
    }
}
