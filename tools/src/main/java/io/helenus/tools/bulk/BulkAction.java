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
    private static final String TERMINAL_PROPERTY = "helenus.terminal"; // the launcher says

    @ParentCommand
    private BulkTool tool = new BulkTool(InputStream.nullInputStream(), Interruption.none());

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(names = "--help", usageHelp = true, description = "Print this.")
    boolean help;

    /// @return the exit code
    abstract int work() throws IOException, BulkFailure, InterruptedException;

    /// What an interruption leaves, and how to go on; empty if that goes without saying.
    abstract String afterInterruption();

    /// Whether somebody looks at how the work goes.
    static boolean isTerminal(boolean json) {
        String said = System.getProperty(TERMINAL_PROPERTY);
        return !json
                && (said != null
                        ? Boolean.parseBoolean(said)
                        : Optional.ofNullable(System.console())
                                .map(Console::isTerminal)
                                .orElse(false));
    }

    final ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /// Whether an option stands on the command line, rather than having its default.
    final boolean isGiven(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
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

    /// Ends the work if it is to end: an interruption that came while somebody waited who takes none, as the
    /// driver does, may be lost.
    final void checkInterruption() throws InterruptedException {
        if (tool.interruption().isAsked()) {
            throw new InterruptedException();
        }
    }

    /// What fails when the process is told to end fails for that reason, whatever it says.
    private InterruptedException interrupted(Exception cause) {
        String advice = afterInterruption();
        InterruptedException interrupted =
                new InterruptedException(advice.isEmpty() ? null : "interrupted; " + advice);
        interrupted.initCause(cause);
        return interrupted;
    }

    @Override
    public final Integer call() throws IOException, BulkFailure, InterruptedException {
        try {
            int code = work();
            out().flush();
            return code;
        } catch (IOException | BulkFailure | InterruptedException | RuntimeException e) {
            if (tool.interruption().isAsked()) {
                throw interrupted(e);
            }
            throw e;
        } catch (OutOfMemoryError e) {
            throw new IOException(e); // explained by the tool
        }
    }
}
