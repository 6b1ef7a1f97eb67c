package io.helenus.tools.cluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Processes of nodes: starts them, looks at them, signals them.
///
/// On Linux a process is looked up in `/proc`: its start is counted in ticks since the boot, which never
/// change, and one that has ended but that nobody has waited for counts as ended. Elsewhere its start
/// is in milliseconds since 1970.
final class NodeProcesses {
    private static final Path PROC = Path.of("/proc");
    private static final int STATE_FIELD = 0; // of those after the name
    private static final int START_FIELD = 19;
    private static final long POLL_MILLIS = 20;
    private static final long SIGNAL_SECONDS = 5;

    enum State {
        RUNNING,
        PAUSED,

        /// It has ended.
        GONE,

        /// It has ended, and another program has its number.
        FOREIGN
    }

    private final Path directory;
    private final Map<String, String> variables;

    /// @param directory of the cluster
    /// @param variables of this process
    NodeProcesses(Path directory, Map<String, String> variables) {
        this.directory = directory;
        this.variables = variables;
    }

    /// A process as the system shows it.
    private record Shown(char state, long started) {}

    /// Starts a process; what it prints goes to a file.
    ///
    /// @param added to the variables of this process
    /// @return the node with its process
    LocalNode start(LocalNode node, List<String> command, Map<String, String> added, Path console)
            throws IOException {
        List<String> all = new ArrayList<>();
        if (hasSetsid()) {
            all.add("setsid");
        }
        all.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(all)
                        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                        .redirectErrorStream(true)
                        .redirectOutput(console.toFile());
        builder.environment().putAll(added);
        Process process = builder.start();
        Shown shown = shown(process.pid());
        return node.running(process.pid(), shown == null ? 0 : shown.started());
    }

    private boolean hasSetsid() {
        return Arrays.stream(variables.getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "setsid")));
    }

    State state(LocalNode node) {
        if (node.pid() == 0) {
            return State.GONE;
        }
        Shown shown = shown(node.pid());
        if (shown == null || shown.state() == 'Z' || shown.state() == 'X') {
            return State.GONE;
        }
        if (shown.started() != node.started() || !isOfNode(node)) {
            return State.FOREIGN;
        }
        return shown.state() == 'T' ? State.PAUSED : State.RUNNING;
    }

    boolean isRunning(LocalNode node) {
        State state = state(node);
        return state == State.RUNNING || state == State.PAUSED;
    }

    private static @Nullable Shown shown(long pid) {
        Path stat = PROC.resolve(Long.toString(pid)).resolve("stat");
        if (!Files.isDirectory(PROC)) {
            return shownElsewhere(pid);
        }
        try {
            String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
            return new Shown(fields[STATE_FIELD].charAt(0), Long.parseLong(fields[START_FIELD]));
        } catch (IOException e) {
            return null; // there is none
        }
    }

    private static @Nullable Shown shownElsewhere(long pid) {
        ProcessHandle handle = ProcessHandle.of(pid).orElse(null);
        if (handle == null || !handle.isAlive()) {
            return null;
        }
        long started = handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return new Shown(stateOf(pid), started);
    }

    /// As `ps` says it, whose first letter is that of Linux where it matters.
    private static char stateOf(long pid) {
        try {
            Process ps = new ProcessBuilder("ps", "-o", "stat=", "-p", Long.toString(pid)).start();
            String text = new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return text.isBlank() ? 'X' : text.strip().charAt(0);
        } catch (IOException e) {
            return 'S';
        }
    }

    /// Whether its command line has the node's directory, where that can be seen: it is empty for a
    /// moment while a process becomes another program, as the launcher becomes Java.
    private boolean isOfNode(LocalNode node) {
        Path file = PROC.resolve(Long.toString(node.pid())).resolve("cmdline");
        try {
            String line = Files.readString(file, StandardCharsets.ISO_8859_1);
            byte[] wanted =
                    directoryOf(node).toString().getBytes(StandardCharsets.UTF_8); // as it is there
            return line.isEmpty() || line.contains(new String(wanted, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return !Files.isDirectory(PROC);
        }
    }

    Path directoryOf(LocalNode node) {
        return directory.resolve(node.address());
    }

    /// Asks it to end, also if it is paused.
    void terminate(LocalNode node) throws InterruptedException {
        signal(node, "TERM");
        signal(node, "CONT");
    }

    void kill(LocalNode node) throws InterruptedException {
        signal(node, "KILL");
    }

    void pause(LocalNode node) throws InterruptedException {
        signal(node, "STOP");
        awaitState(node, State.PAUSED, SIGNAL_SECONDS);
    }

    void resume(LocalNode node) throws InterruptedException {
        signal(node, "CONT");
        awaitState(node, State.RUNNING, SIGNAL_SECONDS);
    }

    private void awaitState(LocalNode node, State state, long seconds) throws InterruptedException {
        long begun = System.nanoTime();
        while (isRunning(node)
                && state(node) != state
                && System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(seconds)) {
            Thread.sleep(POLL_MILLIS);
        }
    }

    /// Waits until it has ended.
    ///
    /// @return whether it has
    boolean awaitEnd(LocalNode node, long seconds) throws InterruptedException {
        long begun = System.nanoTime();
        while (isRunning(node)) {
            if (System.nanoTime() - begun >= TimeUnit.SECONDS.toNanos(seconds)) {
                return false;
            }
            Thread.sleep(POLL_MILLIS);
        }
        return true;
    }

    /// Java itself knows only TERM and KILL.
    private void signal(LocalNode node, String signal) throws InterruptedException {
        if (!isRunning(node)) {
            return;
        }
        try {
            Process kill =
                    new ProcessBuilder("sh", "-c", "kill -" + signal + " " + node.pid())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            int _ = kill.waitFor(); // it fails if the process has ended meanwhile
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
