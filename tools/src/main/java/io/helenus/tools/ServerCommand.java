package io.helenus.tools;

import io.helenus.engine.config.Machine;
import io.helenus.engine.config.Settings;
import io.helenus.tools.ArgumentParser.Parsed;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// `helenus server`: a node in the foreground, until SIGTERM.
final class ServerCommand implements Command {
    private static final ArgumentParser PARSER =
            new ArgumentParser(
                    "server",
                    "Runs a node in the foreground. Prints one line beginning \"Helenus is ready\" once"
                            + " CQL answers.\nSIGTERM ends it.",
                    NodeArguments.OPTIONS);

    @Override
    public int run(List<String> arguments, Context context)
            throws UsageException, InterruptedException {
        Parsed parsed = PARSER.parse(arguments);
        if (parsed.help()) {
            context.out().print(PARSER.help());
            return DONE;
        }
        Settings settings =
                NodeArguments.settings(
                        parsed,
                        Machine.ofProcess(),
                        context.variables(),
                        context.configuration("helenus.yaml"));
        try (NodeProcess node = NodeProcess.start(settings, context)) {
            context.out().println(node.readyLine(Instant.now()));
            context.out().flush();
            new CountDownLatch(1).await(); // the shutdown hook ends the process
            return DONE;
        } catch (IOException | RuntimeException e) {
            String text = StartFailure.text(e, settings.dataDirectory());
            context.err().println("Helenus did not start: " + text);
            return FAILED;
        }
    }
}
