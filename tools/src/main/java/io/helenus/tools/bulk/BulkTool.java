package io.helenus.tools.bulk;

import io.helenus.engine.error.CqlException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/// `helenus bulk`.
@Command(
        name = "helenus bulk",
        description = "Loads and unloads data in bulk.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            CommandLine.HelpCommand.class,
            WriteCommand.class,
            LoadCommand.class,
            ImportCommand.class,
            ExportCommand.class
        })
public final class BulkTool implements Runnable {
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    @Option(names = "--help", usageHelp = true, description = "Print this.")
    boolean help;

    @Spec private CommandSpec spec = CommandSpec.create();

    private final InputStream standardInput;
    private final Interruption interruption;

    BulkTool(InputStream standardInput, Interruption interruption) {
        this.standardInput = standardInput;
        this.interruption = interruption;
    }

    InputStream standardInput() {
        return standardInput;
    }

    Interruption interruption() {
        return interruption;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /// Runs a command line.
    ///
    /// @return the exit code: 0 done, 1 the work failed, 2 the command line was wrong
    public static int run(
            List<String> arguments, InputStream in, PrintWriter out, PrintWriter err) {
        try (Interruption interruption = Interruption.begin()) {
            return run(new BulkTool(in, interruption), arguments, out, err);
        }
    }

    private static int run(
            BulkTool tool, List<String> arguments, PrintWriter out, PrintWriter err) {
        CommandLine line = new CommandLine(tool);
        return line.setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUnmatchedOptionsArePositionalParams(false)
                .setUnmatchedOptionsAllowedAsOptionParameters(false)
                .setExecutionExceptionHandler((failure, _, _) -> {
                    String text = text(failure);
                    if (text == null) {
                        throw failure;
                    }
                    err.println("helenus bulk: " + text);
                    err.flush();
                    return FAILED;
                })
                .setParameterExceptionHandler((wrong, _) -> {
                    boolean isCommand =
                            wrong instanceof UnmatchedArgumentException unmatched
                                    && !unmatched.isUnknownOption()
                                    && wrong.getCommandLine().getParent() == null;
                    err.println(
                            "helenus bulk: "
                                    + (isCommand
                                            ? "there is no command '%s'"
                                                    .formatted(arguments.getFirst())
                                            : wrong.getMessage()));
                    err.println("See 'helenus bulk help' or 'helenus bulk help COMMAND'.");
                    err.flush();
                    return WRONG_USAGE;
                })
                .execute(arguments.toArray(String[]::new));
    }

    /// For people; null for a mistake of ours.
    static @Nullable String text(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                return "a heap of %s is not enough; --memory, or else HELENUS_JVM_OPTS=-Xmx1g, makes it larger"
                        .formatted(ByteSize.text(Runtime.getRuntime().maxMemory()));
            }
        }
        return switch (failure) {
            case InterruptedException known ->
                    known.getMessage() == null ? "interrupted" : known.getMessage();
            case InterruptedIOException _ -> "interrupted";
            case FileSystemException known ->
                    known.getReason() == null
                            ? "%s: %s".formatted(known.getFile(), reason(known))
                            : known.getMessage();
            case UncheckedIOException known -> known.getMessage();
            case IOException known -> known.getMessage();
            case BulkFailure known -> known.getMessage();
            case CqlException known -> known.getMessage();
            default -> null;
        };
    }

    private static String reason(FileSystemException failure) {
        return switch (failure) {
            case NoSuchFileException _ -> "there is no such file or directory";
            case AccessDeniedException _ -> "permission denied";
            case NotDirectoryException _ -> "it is no directory";
            case FileAlreadyExistsException _ -> "it exists already";
            case DirectoryNotEmptyException _ -> "it is not empty";
            default -> failure.getClass().getSimpleName();
        };
    }
}
