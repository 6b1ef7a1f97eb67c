package io.helenus.test.node;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// A Java program in a process of its own, and all that it says. One test thread; killed when closed.
public final class Program implements AutoCloseable {
    /// How long tests wait for what a program does.
    public static final Duration LIMIT = Duration.ofSeconds(90);

    private static final String HELENUS = "io.helenus.tools.Main";
    private static final long POLL_MILLIS = 1;

    private final String name;
    private final Process process;
    private final Output out;
    private final Output err;

    private Program(String name, Process process) {
        this.name = name;
        this.process = process;
        out = new Output(name + "-out", process.getInputStream());
        err = new Output(name + "-err", process.getErrorStream());
    }

    /// @param name for messages
    /// @param flags for the JVM, beside those of `conf/jvm.options`
    public static Program start(
            String name, List<String> flags, String mainClass, List<String> arguments)
            throws IOException {
        List<String> command = JavaCommand.of(flags, mainClass, arguments);
        return new Program(name, new ProcessBuilder(command).start());
    }

    /// A command of `helenus`.
    public static Program helenus(String name, List<String> arguments) throws IOException {
        return start(name, List.of(), HELENUS, arguments);
    }

    /// A command of `helenus` with flags for the JVM.
    static Program helenus(String name, List<String> flags, List<String> arguments)
            throws IOException {
        return start(name, flags, HELENUS, arguments);
    }

    /// Something that becomes true while it runs, and that it does not say.
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws IOException;
    }

    /// Waits until it has said a line with this in it to its standard output.
    public MatchResult awaitLine(Pattern wanted) throws InterruptedException {
        return out.awaitLine(wanted, LIMIT)
                .orElseThrow(() -> failure("a line with " + wanted.pattern()));
    }

    /// Waits for what it does not say.
    public void await(String what, Condition condition) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        while (!condition.holds()) {
            boolean late = System.nanoTime() - begin > LIMIT.toNanos();
            if (late || !process.isAlive()) {
                throw failure(what);
            }
            boolean _ = process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private AssertionError failure(String what) {
        return new AssertionError(
                "%s did not come from %s, which %s:%n%s%n%s"
                        .formatted(
                                what, name, process.isAlive() ? "still runs" : "ended", out, err));
    }

    public OutputStream standardInput() {
        return process.getOutputStream();
    }

    /// What it has said so far to its standard output.
    public String out() {
        return out.toString();
    }

    /// What it has said so far to its standard error.
    public String err() {
        return err.toString();
    }

    /// Waits until it ends by itself.
    ///
    /// @return its exit code
    public int end() throws InterruptedException {
        if (!process.waitFor(LIMIT)) {
            throw failure("The end");
        }
        out.awaitEnd(LIMIT);
        err.awaitEnd(LIMIT);
        return process.exitValue();
    }

    /// SIGTERM, which does what Ctrl-C does: a process that was started in the background may not listen
    /// to that.
    public void terminate() {
        boolean _ = process.toHandle().destroy(); // unlike its own, leaves the streams open
    }

    /// SIGKILL; returns when it is dead.
    public void kill() throws InterruptedException {
        boolean _ = process.toHandle().destroyForcibly();
        int _ = end();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
