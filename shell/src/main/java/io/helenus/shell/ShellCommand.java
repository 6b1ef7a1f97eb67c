package io.helenus.shell;

import io.helenus.shell.ShellOptions.InvalidOptionException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The command line of the shell, with the options of `cqlsh`.
@Command(
        name = "shell",
        aliases = "cqlsh",
        description = "The CQL shell.",
        versionProvider = ShellCommand.Version.class,
        footer =
                "%nWithout HOST and PORT it connects to $CQLSH_HOST and $CQLSH_PORT, or else to"
                        + " 127.0.0.1 9042. Statements come from -e, -f, or standard input."
                        + " Exit codes: 0 done, 1 failed, 2 wrong command line.")
public final class ShellCommand implements Callable<Integer> {
    private static final String HOST_VARIABLE = "CQLSH_HOST";
    private static final String PORT_VARIABLE = "CQLSH_PORT";
    private static final String CERTIFICATES_VARIABLE = "SSL_CERTFILE";
    private static final String LOG_PROVIDER = "slf4j.provider";
    private static final String NO_LOG = "org.slf4j.helpers.NOP_FallbackServiceProvider";
    private static final String LOG_VERBOSITY = "slf4j.internal.verbosity";
    private static final Logger NETTY_LOG = Logger.getLogger("io.netty");

    private final ShellEnvironment environment;
    private final ClientFactory clients;
    private final boolean ownsProcess;

    // Filled by picocli, before call().
    @Spec private @Nullable CommandSpec spec;

    @Parameters(index = "0", arity = "0..1", paramLabel = "HOST", description = "Server.")
    private @Nullable String host;

    @Parameters(index = "1", arity = "0..1", paramLabel = "PORT", description = "Its CQL port.")
    private @Nullable String port;

    @Option(
            names = {"-e", "--execute"},
            paramLabel = "CQL",
            description = "Run these statements, then exit.")
    private @Nullable String execute;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "Run the statements of a file, then exit.")
    private @Nullable Path file;

    @Option(
            names = {"-k", "--keyspace"},
            paramLabel = "KEYSPACE",
            description = "Use this keyspace.")
    private @Nullable String keyspace;

    @Option(
            names = {"-u", "--username"},
            paramLabel = "USER",
            description = "User name.")
    private @Nullable String username;

    @Option(
            names = {"-p", "--password"},
            paramLabel = "PASSWORD",
            description = "Password; asked for if it is missing.")
    private @Nullable String password;

    @Option(
            names = "--insecure-password-without-warning",
            hidden = true,
            description = "No warning about -p.")
    private boolean passwordWithoutWarning;

    @Option(
            names = "--ssl",
            description = "Use TLS; $SSL_CERTFILE names a file of certificates to trust.")
    private boolean ssl;

    @Option(
            names = {"-C", "--color"},
            description = "Colours even if the output is no terminal.")
    private boolean color;

    @Option(names = "--no-color", description = "No colours.")
    private boolean noColor;

    @Option(
            names = {"-t", "--tty"},
            description = "Prompts even if the input is no terminal.")
    private boolean tty;

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            description = "Encoding of the output (default: utf-8).")
    private @Nullable String encoding;

    @Option(
            names = "--protocol-version",
            paramLabel = "N",
            description = "Version of the native protocol, 3 to 5; negotiated if not given.")
    private @Nullable Integer protocolVersion;

    @Option(
            names = "--connect-timeout",
            paramLabel = "SECONDS",
            description = "For a connection (default: 5).")
    private @Nullable Integer connectTimeout;

    @Option(
            names = "--request-timeout",
            paramLabel = "SECONDS",
            description = "For an answer (default: 10).")
    private @Nullable Integer requestTimeout;

    @Option(names = "--debug", description = "Show where an error came from.")
    private boolean debug;

    @Option(names = "--browser", hidden = true)
    private @Nullable String browser;

    @Option(names = "--cqlshrc", hidden = true)
    private @Nullable String cqlshrc;

    @Option(names = "--credentials", hidden = true)
    private @Nullable String credentials;

    @Option(names = "--cqlversion", hidden = true)
    private @Nullable String cqlVersion;

    @Option(names = "--coverage", hidden = true)
    private boolean coverage;

    @Option(
            names = {"-v", "--version"},
            versionHelp = true,
            description = "Print the version.")
    boolean version; // picocli acts on it

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this.")
    boolean help; // picocli acts on it

    /// The shell of this process.
    public ShellCommand() {
        this(ShellEnvironment.ofProcess(), DriverClient::connect, true);
    }

    public ShellCommand(ShellEnvironment environment) {
        this(environment, DriverClient::connect);
    }

    ShellCommand(ShellEnvironment environment, ClientFactory clients) {
        this(environment, clients, false);
    }

    private ShellCommand(ShellEnvironment environment, ClientFactory clients, boolean ownsProcess) {
        this.environment = environment;
        this.clients = clients;
        this.ownsProcess = ownsProcess;
    }

    @Override
    public Integer call() {
        ShellOptions options;
        try {
            options = options();
        } catch (InvalidOptionException e) {
            throw wrong(e.getMessage());
        }
        if (password != null && !passwordWithoutWarning) {
            warnOfPassword(options.encoding());
        }
        if (ownsProcess && !debug) {
            silenceLog();
        }
        return Shell.run(options, environment, clients);
    }

    /// The driver's log is for whoever asks for it with `--debug`. Not starting a log at all also
    /// brings the prompt sooner. Without effect if this process logs already.
    private static void silenceLog() {
        if (System.getProperty(LOG_PROVIDER) == null) {
            System.setProperty(LOG_PROVIDER, NO_LOG);
            System.setProperty(LOG_VERBOSITY, "ERROR");
            NETTY_LOG.setLevel(Level.OFF); // where Netty turns to without another log
        }
    }

    private ShellOptions options() {
        if (color && noColor) {
            throw new InvalidOptionException("--color and --no-color exclude each other");
        }
        refuse("--browser", browser != null);
        refuse("--cqlshrc", cqlshrc != null);
        refuse("--credentials", credentials != null);
        refuse("--cqlversion", cqlVersion != null);
        refuse("--coverage", coverage);
        return new ShellOptions(
                host != null
                        ? host
                        : environment
                                .variables()
                                .getOrDefault(HOST_VARIABLE, ShellOptions.DEFAULT_HOST),
                port(),
                keyspace,
                username,
                password,
                ssl,
                certificates(),
                execute,
                file,
                seconds(connectTimeout, ShellOptions.DEFAULT_CONNECT_TIMEOUT),
                seconds(requestTimeout, ShellOptions.DEFAULT_REQUEST_TIMEOUT),
                color ? Boolean.TRUE : noColor ? Boolean.FALSE : null,
                tty,
                charset(),
                protocolVersion,
                debug);
    }

    private @Nullable Path certificates() {
        String certificates = environment.variables().get(CERTIFICATES_VARIABLE);
        return certificates == null || certificates.isEmpty()
                ? null
                : environment.workingDirectory().resolve(certificates);
    }

    private static void refuse(String option, boolean given) {
        if (given) {
            throw new InvalidOptionException(
                    option + " is an option of cqlsh that this shell does not have");
        }
    }

    private int port() {
        String given = port != null ? port : environment.variables().get(PORT_VARIABLE);
        if (given == null) {
            return ShellOptions.DEFAULT_PORT;
        }
        try {
            return Integer.parseInt(given);
        } catch (NumberFormatException e) {
            String where = port != null ? "" : " (in $" + PORT_VARIABLE + ")";
            throw new InvalidOptionException("'" + given + "' is not a valid port number" + where);
        }
    }

    private static Duration seconds(@Nullable Integer seconds, Duration otherwise) {
        return seconds == null ? otherwise : Duration.ofSeconds(seconds);
    }

    private Charset charset() {
        if (encoding == null) {
            return StandardCharsets.UTF_8;
        }
        try {
            return Charset.forName(encoding);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new InvalidOptionException("--encoding " + encoding + " is unknown");
        }
    }

    private void warnOfPassword(Charset charset) {
        PrintWriter errors = new PrintWriter(environment.err(), false, charset);
        errors.println();
        errors.println("Warning: Using a password on the command line interface can be insecure.");
        errors.println("Recommendation: leave out -p, and the password is asked for.");
        errors.println();
        errors.flush();
    }

    private ParameterException wrong(@Nullable String message) {
        CommandLine line = spec == null ? new CommandLine(this) : spec.commandLine();
        return new ParameterException(line, String.valueOf(message));
    }

    /// Says which build this is.
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return List.of("cqlsh helenus-" + ShellVersion.get()).toArray(String[]::new);
        }
    }
}
