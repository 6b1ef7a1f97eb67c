package io.helenus.tools;

import io.helenus.engine.config.Machine;
import io.helenus.engine.config.Settings;
import io.helenus.engine.node.DataDirectoryInUseException;
import io.helenus.tools.ArgumentParser.Parsed;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// `helenus quickstart`: a node and a shell on it in one process. If the node of that directory runs
/// already, just the shell.
final class QuickstartCommand implements Command {
    private static final ArgumentParser PARSER =
            new ArgumentParser(
                    "quickstart",
                    "Starts a node and opens the shell on it. Ctrl-D stops both; the data stays.\n"
                            + "Statements may also come from standard input.",
                    NodeArguments.OPTIONS);

    @Override
    public int run(List<String> arguments, Context context) throws UsageException {
        Parsed parsed = PARSER.parse(arguments);
        if (parsed.help()) {
            context.out().print(PARSER.help());
            return DONE;
        }
        Settings settings =
                NodeArguments.settings(
                        parsed, Machine.ofProcess(), context.variables(), Optional.empty());
        if (settings.nativeAddress().isEmpty()) {
            throw new UsageException("quickstart needs start_native_transport=true");
        }
        try (NodeProcess node = NodeProcess.start(settings, context)) {
            context.err().println(node.readyLine(Instant.now()));
            return ShellLaunch.on(node.address().orElseThrow());
        } catch (DataDirectoryInUseException e) {
            return shellOnRunning(settings.dataDirectory(), context);
        } catch (IOException | RuntimeException e) {
            context.err().println("Helenus did not start: " + StartFailure.text(e));
            if (StartFailure.isPortInUse(e)) {
                context.err()
                        .println("Another program has that port; choose one with --native-port.");
            }
            return FAILED;
        }
    }

    private static int shellOnRunning(Path directory, Context context) {
        Optional<InetSocketAddress> address = NodeProcess.addressOfRunning(directory);
        if (address.isEmpty()) {
            context.err()
                    .println(
                            ("Helenus did not start: another node has %s and does not say where it"
                                            + " listens")
                                    .formatted(directory));
            return FAILED;
        }
        context.err()
                .println(
                        "A node with the data in %s runs already: opening a shell on it at %s:%d."
                                .formatted(
                                        directory,
                                        address.get().getAddress().getHostAddress(),
                                        address.get().getPort()));
        return ShellLaunch.on(address.get());
    }
}
