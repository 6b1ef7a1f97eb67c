package io.helenus.test.crash;

import io.helenus.test.node.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// A [CrashServer] with its file of marks. Killed when closed.
final class Child implements AutoCloseable {
    private static final Pattern SERVING = Pattern.compile("serves at (\\d+), admin at (\\d+)");
    private static final Pattern STOPPED = Pattern.compile("stopped");

    private final Program program;
    private final Marks marks;

    /// @param directory of the node's files, in `node`, and of what is left of each child
    /// @param operations of a phase to pass before it stops there
    Child(Path directory, int number, Phase phase, int operations) throws IOException {
        Path file = directory.resolve("marks-" + number);
        marks = new Marks(file);
        program =
                Program.start(
                        "child " + number,
                        List.of(),
                        CrashServer.class.getName(),
                        List.of(
                                directory.resolve("node").toString(),
                                file.toString(),
                                phase.name(),
                                String.valueOf(operations)));
    }

    /// One that goes on until it is killed.
    Child(Path directory, int number) throws IOException {
        this(directory, number, Phase.APPEND, Integer.MAX_VALUE);
    }

    /// Where its server is.
    record Served(InetSocketAddress client, InetSocketAddress admin) {}

    Served awaitServing() throws InterruptedException {
        MatchResult said = program.awaitLine(SERVING);
        return new Served(loopback(said.group(1)), loopback(said.group(2)));
    }

    private static InetSocketAddress loopback(String port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
    }

    /// Waits until a thread of it stands where it was told.
    void awaitStopped() throws InterruptedException {
        var _ = program.awaitLine(STOPPED);
    }

    static String serving(int clientPort, int adminPort) {
        return "serves at %d, admin at %d".formatted(clientPort, adminPort);
    }

    static String stopped() {
        return "stopped";
    }

    String logged() {
        return program.out() + program.err();
    }

    /// SIGKILL; returns when it is dead.
    void kill() throws InterruptedException {
        program.kill();
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
        program.close();
        marks.close();
    }
}
