package io.helenus.tools;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The entry point of every command.
public final class Main {
    private static final String LOG_PROVIDER = "slf4j.provider";
    private static final String NO_LOG = "org.slf4j.helpers.NOP_FallbackServiceProvider";
    private static final String LOG_VERBOSITY = "slf4j.internal.verbosity";
    private static final String DEBUG_VARIABLE = "HELENUS_DEBUG";

    /// The commands, by their names in lower case.
    private enum Name {
        QUICKSTART("Start a node and open the shell on it."),
        SERVER("Run a node in the foreground."),
        SHELL("Open the CQL shell, as cqlsh does."),
        SSTABLE("Inspect SSTables."),
        VERSION("Print the version."),
        NODE("Administer a running node, as nodetool does."),
        BULK("Load and unload data in bulk."),
        CLUSTER("Run a cluster on this machine."),
        BENCH("Generate load. Not available yet.");

        private final String summary;

        Name(String summary) {
            this.summary = summary;
        }

        Command command() {
            return switch (this) {
                case QUICKSTART -> new QuickstartCommand();
                case SERVER -> new ServerCommand();
                case SHELL -> new ShellLaunch();
                case SSTABLE -> new SstableCommand();
                case VERSION -> new VersionCommand();
                case NODE -> new NodeLaunch();
                case BULK -> new BulkLaunch();
                case CLUSTER -> new ClusterCommand();
                case BENCH -> new UnavailableCommand(text());
            };
        }

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        boolean runsNode() {
            return this == QUICKSTART || this == SERVER;
        }

        static @Nullable Name of(String text) {
            for (Name name : values()) {
                if (name.text().equals(text)) {
                    return name;
                }
            }
            return null;
        }
    }

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(Arrays.asList(arguments), Context.ofProcess()));
    }

    static int run(List<String> arguments, Context context) {
        String called = arguments.isEmpty() ? "" : arguments.get(0);
        List<String> rest = arguments.subList(Math.min(1, arguments.size()), arguments.size());
        if (called.equals("help") && !rest.isEmpty()) {
            return run(List.of(rest.get(0), "--help"), context);
        }
        Name name =
                switch (called) {
                    case "-V", "--version" -> Name.VERSION;
                    default -> Name.of(called);
                };
        if (name == null) {
            return help(called, context);
        }
        if (!name.runsNode()) {
            silenceLog();
        }
        return run(name, rest, context);
    }

    private static int run(Name name, List<String> arguments, Context context) {
        try {
            return name.command().run(arguments, context);
        } catch (UsageException e) {
            context.err().println(e.getMessage());
            context.err().println("Try 'helenus %s --help'.".formatted(name.text()));
            return Command.WRONG_USAGE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Command.FAILED;
        } catch (RuntimeException e) { // a mistake of ours
            context.err().println("helenus %s: %s".formatted(name.text(), e));
            if (context.variables().containsKey(DEBUG_VARIABLE)) {
                e.printStackTrace(context.err());
            }
            return Command.FAILED;
        }
    }

    private static int help(String called, Context context) {
        boolean asked = called.equals("help") || called.equals("-h") || called.equals("--help");
        if (!asked && !called.isEmpty()) {
            context.err().println("unknown command '%s'".formatted(called));
        }
        StringBuilder text = new StringBuilder(1_000);
        text.append("Usage: helenus COMMAND [ARGUMENT]...%n%nCommands:%n".formatted());
        for (Name name : Name.values()) {
            text.append("  %-12s %s%n".formatted(name.text(), name.summary));
        }
        text.append("  %-12s %s%n%n".formatted("help", "Print this; 'help COMMAND' tells more."));
        text.append(
                "Exit codes: 0 done, 1 the work failed, 2 the command line was wrong.%n"
                        .formatted());
        (asked ? context.out() : context.err()).print(text);
        return asked ? Command.DONE : Command.WRONG_USAGE;
    }

    /// Only nodes log.
    private static void silenceLog() {
        if (System.getProperty(LOG_PROVIDER) == null) {
            System.setProperty(LOG_PROVIDER, NO_LOG);
            System.setProperty(LOG_VERBOSITY, "ERROR");
        }
    }
}
