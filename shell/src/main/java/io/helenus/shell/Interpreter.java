package io.helenus.shell;

import io.helenus.shell.CommandRunner.SourceRunner;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Runs one statement or command after the other, wherever they come from, and reports what failed.
final class Interpreter {
    /// Files that source each other are stopped here.
    private static final int SOURCE_DEPTH_MAX = 32;

    private final CommandRunner commands;
    private final Output output;
    private final boolean debug;
    private int sourceDepth;

    Interpreter(CommandRunner commands, Output output, boolean debug) {
        this.commands = commands;
        this.output = output;
        this.debug = debug;
    }

    /// @param place where it stands, `file:line`, null if somebody typed it
    /// @return false if the input that this came from is to be left
    boolean run(String text, @Nullable String place) throws InterruptedException {
        String before = output.place();
        output.at(place);
        try {
            SourceRunner source = this::source;
            return commands.run(CommandParser.parse(text), place == null, source);
        } catch (CommandException e) {
            output.error(String.valueOf(e.getMessage()));
        } catch (CqlException e) {
            output.failure(e, debug);
        } finally {
            output.at(before);
        }
        return true;
    }

    private void source(Path file) throws InterruptedException {
        if (sourceDepth == SOURCE_DEPTH_MAX) {
            output.error(
                    "SOURCE '%s' is %d files deep: do they source each other?"
                            .formatted(file, SOURCE_DEPTH_MAX));
            return;
        }
        sourceDepth++;
        try (BufferedReader reader = TextFiles.open(file)) {
            new BatchInput(reader, file.toString()).run(this, output);
        } catch (IOException e) {
            output.error("Could not open '" + file + "': " + CommandRunner.reason(e));
        } finally {
            sourceDepth--;
        }
    }
}
