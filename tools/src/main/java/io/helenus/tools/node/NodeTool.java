package io.helenus.tools.node;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `helenus node`, also called `nodetool`.
@Command(
        name = "helenus node",
        description = "Administers a running node, as Cassandra's nodetool does.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            CommandLine.HelpCommand.class,
            NodeCommands.Version.class,
            NodeCommands.Info.class,
            RingCommands.Status.class,
            RingCommands.Ring.class,
            RingCommands.DescribeCluster.class,
            RingCommands.GetEndpoints.class,
            NodeCommands.GossipInfo.class,
            NodeCommands.ClientStats.class,
            NodeCommands.Flush.class,
            NodeCommands.Drain.class,
            MembershipCommands.Decommission.class,
            MembershipCommands.RemoveNode.class,
            NodeCommands.StatusBinary.class,
            NodeCommands.EnableBinary.class,
            NodeCommands.DisableBinary.class,
            SnapshotCommands.Snapshot.class,
            SnapshotCommands.ListSnapshots.class,
            SnapshotCommands.ClearSnapshot.class,
            SnapshotCommands.Refresh.class,
            SnapshotCommands.Import.class,
            SnapshotCommands.Discard.class,
            SnapshotCommands.StatusBackup.class,
            SnapshotCommands.EnableBackup.class,
            SnapshotCommands.DisableBackup.class,
            CompactionCommands.Compact.class,
            CompactionCommands.GarbageCollect.class,
            CompactionCommands.Cleanup.class,
            CompactionCommands.CompactionStats.class,
            CompactionCommands.CompactionHistory.class,
            CompactionCommands.Stop.class,
            CompactionCommands.EnableAutoCompaction.class,
            CompactionCommands.DisableAutoCompaction.class,
            CompactionCommands.StatusAutoCompaction.class,
            CompactionCommands.GetCompactionThroughput.class,
            CompactionCommands.SetCompactionThroughput.class,
            CompactionCommands.GetConcurrentCompactors.class,
            CompactionCommands.SetConcurrentCompactors.class,
            CompactionCommands.GetCompactionThreshold.class,
            DamageCommands.Damaged.class,
            DamageCommands.Recheck.class,
            TableCommands.TableStats.class
        })
public final class NodeTool implements Runnable {
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    @Option(
            names = {"-h", "--host"},
            paramLabel = "IP",
            defaultValue = "127.0.0.1",
            description = "Address of the node (default: ${DEFAULT-VALUE}).")
    private String host = "127.0.0.1";

    @Option(
            names = {"-p", "--port"},
            paramLabel = "N",
            defaultValue = "7199",
            description = "Its admin_port (default: ${DEFAULT-VALUE}).")
    private int port = 7199;

    @Option(names = "--help", usageHelp = true, description = "Print this.")
    boolean help;

    @Spec private CommandSpec spec = CommandSpec.create();

    AdminClient client() {
        if (port < 1 || port > 65_535) {
            throw new ParameterException(
                    spec.commandLine(), "--port is %d, must be from 1 to 65535".formatted(port));
        }
        return new AdminClient(host, port);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /// Runs a command line.
    ///
    /// @return the exit code: 0 done, 1 the work failed, 2 the command line was wrong
    public static int run(List<String> arguments, PrintWriter out, PrintWriter err) {
        CommandLine line = new CommandLine(new NodeTool());
        return line.setOut(out)
                .setErr(err)
                .setUnmatchedOptionsArePositionalParams(false)
                .setExecutionExceptionHandler((failure, _, _) -> {
                    if (failure instanceof AdminFailure) {
                        err.println("nodetool: " + failure.getMessage());
                        err.flush();
                        return FAILED;
                    }
                    throw failure;
                })
                .setParameterExceptionHandler((wrong, _) -> {
                    err.println("nodetool: " + text(wrong));
                    err.println("See 'helenus node help' or 'helenus node help COMMAND'.");
                    err.flush();
                    return WRONG_USAGE;
                })
                .execute(arguments.toArray(String[]::new));
    }

    private static String text(ParameterException wrong) {
        if (wrong instanceof CommandLine.UnmatchedArgumentException unmatched
                && unmatched.getCommandLine().getParent() == null
                && !unmatched.isUnknownOption()) {
            return "there is no command '%s'".formatted(unmatched.getUnmatched().getFirst());
        }
        return String.valueOf(wrong.getMessage());
    }
}
