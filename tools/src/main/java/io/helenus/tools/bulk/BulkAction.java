package io.helenus.tools.bulk;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// One command of `helenus bulk`: can be interrupted, and tidies up then.
abstract class BulkAction implements Callable<Integer> {
    @ParentCommand private BulkTool tool = new BulkTool(InputStream.nullInputStream());

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(names = "--help", usageHelp = true, description = "Print this.")
    boolean help;

    /// @return the exit code
    abstract int work() throws IOException, BulkFailure, InterruptedException;

    /// Whether somebody looks at how the work goes.
    static boolean isTerminal(boolean json) {
        return !json
                && Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }

    final ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    final InputStream standardInput() {
        return tool.standardInput();
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    @Override
    public final Integer call() throws IOException, BulkFailure, InterruptedException {
        try (Interruption _ = new Interruption()) {
            int code = work();
            out().flush();
            return code;
        } catch (OutOfMemoryError e) {
            throw new IOException(e); // explained by the tool
        }
    }
}
