package io.helenus.shell;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import io.helenus.shell.ClientFactory.Target;
import io.helenus.shell.ClientHolder.ServerInfo;
import io.helenus.shell.format.NameColumns;
import io.helenus.shell.format.Paint;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Carries out one [Command]. The words of its answers are those of `cqlsh`.
final class CommandRunner {
    private static final int HISTORY_SHOWN = 50;

    private final ClientHolder holder;
    private final Settings settings;
    private final Output output;
    private final SchemaNames names;
    private final Dialog dialog;
    private final StatementRunner statements;
    private final Describer describer;
    private final Traces traces;
    private final ShellEnvironment environment;
    private int historyShown = HISTORY_SHOWN;

    CommandRunner(
            ClientHolder holder,
            Output output,
            Dialog dialog,
            ShellEnvironment environment,
            boolean debug) {
        this.holder = holder;
        this.settings = new Settings();
        this.output = output;
        this.names = new SchemaNames(holder);
        this.dialog = dialog;
        this.traces = new Traces(holder, output, environment.nanoTime(), environment.pause());
        this.statements =
                new StatementRunner(holder, settings, output, names, traces, dialog, debug);
        this.describer = new Describer(holder, output);
        this.environment = environment;
    }

    SchemaNames names() {
        return names;
    }

    /// @param typed whether it comes from somebody at a terminal
    /// @param source runs a file
    /// @return false if the input that this came from is to be left
    boolean run(Command command, boolean typed, SourceRunner source) throws InterruptedException {
        switch (command) {
            case Command.Statement(String cql) -> statements.run(cql, typed);
            case Command.Describe describe -> describer.run(describe);
            case Command.Help(List<String> topics) -> help(topics);
            case Command.Consistency(ConsistencyLevel level) -> consistency(level);
            case Command.SerialConsistency(ConsistencyLevel level) -> serialConsistency(level);
            case Command.Paging(Boolean on, Integer pageSize) -> paging(on, pageSize);
            case Command.Expand(Boolean on) ->
                    turn(
                            "EXPAND",
                            "Expanded output",
                            settings.expand,
                            on,
                            state -> settings.expand = state);
            case Command.Tracing(Boolean on) ->
                    turn(
                            "TRACING",
                            "Tracing",
                            settings.tracing,
                            on,
                            state -> settings.tracing = state);
            case Command.ShowVersion() -> showVersion(holder.info());
            case Command.ShowHost() -> showHost(holder.info());
            case Command.ShowSession(var id) -> traces.show(id, false);
            case Command.Source(String file) -> source.run(path(file));
            case Command.CaptureTo(String file) -> capture(path(file));
            case Command.CaptureOff() -> captureOff();
            case Command.CaptureState() -> {
                Path file = output.capturedTo();
                output.say(
                        file == null
                                ? "Currently not capturing query output."
                                : "Currently capturing query output to '" + file + "'.");
            }
            case Command.Clear() -> dialog.clear();
            case Command.History(Integer count) -> history(count);
            case Command.Login(String username, String password) -> login(username, password);
            case Command.Exit() -> {
                return false;
            }
        }
        output.flush();
        return true;
    }

    /// Runs a file of statements.
    @FunctionalInterface
    interface SourceRunner {
        void run(Path file) throws InterruptedException;
    }

    private Path path(String file) {
        boolean inHome = file.equals("~") || file.startsWith("~/");
        Path path =
                inHome
                        ? environment.home().resolve(file.substring(Math.min(2, file.length())))
                        : Path.of(file);
        return environment.workingDirectory().resolve(path);
    }

    private void help(List<String> topics) {
        if (topics.isEmpty()) {
            output.say("");
            output.say("Commands of the shell:");
            output.say("======================");
            NameColumns.of(HelpTexts.commands()).forEach(output::say);
            output.say("");
            output.say("Statements of CQL:");
            output.say("==================");
            NameColumns.of(HelpTexts.statements()).forEach(output::say);
            output.say("");
            output.say("HELP and a topic says more.");
            output.say("");
            return;
        }
        for (String topic : topics) {
            String text = HelpTexts.of(topic);
            if (text == null) {
                output.error("*** No help on " + topic);
            } else {
                output.say("");
                output.say(text);
                output.say("");
            }
        }
    }

    private void consistency(@Nullable ConsistencyLevel level) {
        if (level == null) {
            output.say("Current consistency level is " + settings.consistency.name() + ".");
            return;
        }
        settings.consistency = level;
        output.say("Consistency level set to " + level.name() + ".");
    }

    private void serialConsistency(@Nullable ConsistencyLevel level) {
        if (level == null) {
            output.say(
                    "Current serial consistency level is "
                            + settings.serialConsistency.name()
                            + ".");
            return;
        }
        settings.serialConsistency = level;
        output.say("Serial consistency level set to " + level.name() + ".");
    }

    private void paging(@Nullable Boolean on, @Nullable Integer pageSize) {
        if (pageSize != null) {
            settings.paging = true;
            settings.pageSize = pageSize;
        } else {
            turn("PAGING", "Query paging", settings.paging, on, state -> settings.paging = state);
        }
        if (settings.paging) {
            output.say("Page size: " + settings.pageSize);
        } else {
            settings.pageSize = Settings.DEFAULT_PAGE_SIZE;
        }
    }

    private void turn(
            String command,
            String name,
            boolean state,
            @Nullable Boolean on,
            Consumer<Boolean> setter) {
        if (on == null) {
            output.say(
                    state
                            ? name + " is currently enabled. Use " + command + " OFF to disable"
                            : name + " is currently disabled. Use " + command + " ON to enable.");
        } else if (on && state) {
            output.notice(name + " is already enabled. Use " + command + " OFF to disable.");
        } else if (!on && !state) {
            output.notice(name + " is not enabled.");
        } else {
            setter.accept(on);
            output.say(on ? "Now " + name + " is enabled" : "Disabled " + name + ".");
        }
    }

    /// What an interactive session begins with.
    void greet() throws InterruptedException {
        ServerInfo info = holder.info();
        showHost(info);
        showVersion(info);
        output.say("Use HELP for help.");
        output.flush();
    }

    private void showHost(ServerInfo info) {
        Target target = holder.target();
        output.say(
                "Connected to "
                        + output.paint(info.clusterName(), Paint.CLUSTER_NAME)
                        + " at "
                        + target);
    }

    private void showVersion(ServerInfo info) {
        output.say(
                "[cqlsh helenus-%s | Cassandra %s | CQL spec %s | Native protocol v%d]"
                        .formatted(
                                ShellVersion.get(),
                                info.releaseVersion(),
                                info.cqlVersion(),
                                holder.client().protocolVersion()));
    }

    private void capture(Path file) {
        Path current = output.capturedTo();
        if (current != null) {
            output.error(
                    "Already capturing output to " + current + ". Use CAPTURE OFF to disable.");
            return;
        }
        try {
            output.startCapture(file);
            output.say("Now capturing query output to '" + file + "'.");
        } catch (IOException e) {
            output.error("Could not open '" + file + "' for append: " + reason(e));
        }
    }

    private void captureOff() {
        if (output.capturedTo() == null) {
            output.notice("Not currently capturing output.");
            return;
        }
        output.stopCapture();
    }

    /// A message that does not repeat the file's name alone, as those of the file system do.
    static String reason(IOException error) {
        return switch (error) {
            case NoSuchFileException _ -> "no such file or folder";
            case AccessDeniedException _ -> "permission denied";
            default -> String.valueOf(error.getMessage());
        };
    }

    private void history(@Nullable Integer count) {
        if (count != null) {
            historyShown = count;
        }
        List<String> lines = dialog.history();
        if (lines == null) {
            output.error("There is no history without a terminal.");
            return;
        }
        lines.subList(Math.max(0, lines.size() - historyShown), lines.size()).forEach(output::say);
    }

    private void login(String username, @Nullable String given) {
        String password = given == null ? dialog.password("Password: ") : given;
        if (password == null) {
            output.error("LOGIN needs a password: LOGIN user 'password'.");
            return;
        }
        try {
            holder.login(username, password);
            names.forget();
        } catch (CqlException e) {
            output.error(String.valueOf(e.getMessage()));
        }
    }
}
