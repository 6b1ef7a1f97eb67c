package io.helenus.shell;

import io.helenus.shell.ClientFactory.Target;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.StringReader;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;

/// The front door for programs.
///
/// ```
/// int exitCode = Shell.run(ShellOptions.of("127.0.0.1", 9042), ShellEnvironment.ofProcess());
/// ```
public final class Shell {
    public static final int DONE = 0;
    public static final int FAILED = 1;
    public static final int WRONG_COMMAND_LINE = 2;

    private static final String STANDARD_INPUT = "<stdin>";
    private static final Set<String> TERMINALS_WITHOUT_COLOR = Set.of("", "dumb");

    private final ShellOptions options;
    private final ShellEnvironment environment;
    private final ClientFactory clients;

    private Shell(ShellOptions options, ShellEnvironment environment, ClientFactory clients) {
        this.options = options;
        this.environment = environment;
        this.clients = clients;
    }

    /// Runs a shell until its input ends, and returns its exit code.
    public static int run(ShellOptions options, ShellEnvironment environment) {
        return run(options, environment, DriverClient::connect);
    }

    static int run(ShellOptions options, ShellEnvironment environment, ClientFactory clients) {
        return new Shell(options, environment, clients).run();
    }

    private int run() {
        boolean interactive =
                options.execute() == null
                        && options.file() == null
                        && (environment.inputIsTerminal() || options.forceTerminal());
        try {
            return interactive ? interact() : runBatch();
        } catch (IOException e) {
            PrintWriter errors = writer(environment.err());
            errors.println("The terminal failed: " + e.getMessage());
            errors.flush();
            return FAILED;
        }
    }

    private int runBatch() {
        Output output =
                output(writer(environment.out()), writer(environment.err()), zone(), color(false));
        if (options.username() != null && options.password() == null) {
            output.error("A user name needs a password (-p) when there is no terminal.");
            return FAILED;
        }
        try (ClientHolder holder = new ClientHolder(clients, target(options.password()))) {
            Interpreter interpreter =
                    interpreter(
                            new CommandRunner(
                                    holder, output, Dialog.NOBODY, environment, options.debug()),
                            output);
            runBatch(interpreter, output);
        } catch (CqlException e) {
            output.failure(e, options.debug());
        } catch (InterruptedException _) {
            output.error("Interrupted.");
        } finally {
            output.stopCapture();
            output.flush();
        }
        return output.failed() ? FAILED : DONE;
    }

    private void runBatch(Interpreter interpreter, Output output) throws InterruptedException {
        String execute = options.execute();
        Path file = options.file();
        String name = file == null ? STANDARD_INPUT : file.toString();
        try (BufferedReader reader = reader(execute, file)) {
            new BatchInput(reader, name).run(interpreter, output);
        } catch (IOException e) {
            output.error("Could not read '" + name + "': " + CommandRunner.reason(e));
        }
    }

    private BufferedReader reader(@Nullable String execute, @Nullable Path file)
            throws IOException {
        if (execute != null) {
            // On a line of its own, as what was given may end with a comment.
            return new BufferedReader(new StringReader(execute + "\n;"));
        }
        return file == null
                ? TextFiles.open(environment.in())
                : TextFiles.open(environment.workingDirectory().resolve(file));
    }

    private int interact() throws IOException {
        try (Terminal terminal = environment.terminals().open(options.encoding())) {
            Output output =
                    output(
                            terminal.writer(),
                            terminal.writer(),
                            zone(),
                            color(Set.of(Terminal.TYPE_DUMB).contains(terminal.getType())));
            InteractiveInput input =
                    new InteractiveInput(
                            terminal,
                            InteractiveInput.prepareHistory(historyFile(), output),
                            output.color());
            String password = options.password();
            if (options.username() != null && password == null) {
                password = input.password("Password: ");
                if (password == null) {
                    return FAILED;
                }
            }
            try (ClientHolder holder = new ClientHolder(clients, target(password))) {
                CommandRunner commands =
                        new CommandRunner(holder, output, input, environment, options.debug());
                input.completeWith(new CqlCompleter(holder, commands.names()));
                commands.greet();
                input.run(interpreter(commands, output), holder, output);
                return DONE;
            } catch (CqlException e) {
                output.failure(e, options.debug());
                return FAILED;
            } catch (InterruptedException _) {
                return FAILED;
            } finally {
                output.stopCapture();
                output.flush();
            }
        }
    }

    private Interpreter interpreter(CommandRunner commands, Output output) {
        return new Interpreter(commands, output, options.debug());
    }

    private Target target(@Nullable String password) {
        return new Target(
                options.host(),
                options.port(),
                options.keyspace(),
                options.username(),
                password,
                options.ssl(),
                options.certificates(),
                options.connectTimeout(),
                options.requestTimeout(),
                options.protocolVersion());
    }

    private Output output(PrintWriter console, PrintWriter errors, ZoneId zone, boolean color) {
        Charset charset = options.encoding();
        return new Output(console, errors, charset, zone, color);
    }

    private PrintWriter writer(OutputStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, options.encoding()), false);
    }

    private boolean color(boolean dumb) {
        Boolean wanted = options.color();
        if (wanted != null) {
            return wanted;
        }
        String type = environment.variables().getOrDefault("TERM", "");
        return environment.outputIsTerminal()
                && !dumb
                && options.file() == null
                && !TERMINALS_WITHOUT_COLOR.contains(type);
    }

    /// Timestamps are shown in the zone that TZ names, else in UTC.
    private ZoneId zone() {
        String name = environment.variables().getOrDefault("TZ", "");
        try {
            return name.isEmpty() ? ZoneOffset.UTC : ZoneId.of(name);
        } catch (DateTimeException e) {
            return ZoneOffset.UTC;
        }
    }

    private Path historyFile() {
        String file = environment.variables().get("CQL_HISTORY");
        return file == null || file.isEmpty()
                ? environment.home().resolve(".helenus").resolve("cqlsh_history")
                : environment.workingDirectory().resolve(file);
    }
}
