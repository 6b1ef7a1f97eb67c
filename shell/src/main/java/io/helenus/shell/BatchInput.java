package io.helenus.shell;

import io.helenus.cql.StatementSplitter.Open;
import io.helenus.shell.StatementCutter.Cut;
import io.helenus.shell.StatementCutter.Piece;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.Locale;

/// Statements from a file or a pipe: each is run as soon as it is complete, so that a program can
/// hold the other end.
final class BatchInput {
    private final BufferedReader reader;
    private final String name;

    /// @param name for error messages
    BatchInput(BufferedReader reader, String name) {
        this.reader = reader;
        this.name = name;
    }

    void run(Interpreter interpreter, Output output) throws IOException, InterruptedException {
        StringBuilder pending = new StringBuilder();
        int firstLine = 1; // of what is pending
        int line = 0;
        Open open = Open.NOTHING;
        for (String text = reader.readLine(); text != null; text = reader.readLine()) {
            line++;
            pending.append(text).append('\n');
            if (!mayEnd(open, text)) {
                continue;
            }
            Cut cut = StatementCutter.cut(pending.toString());
            if (!runAll(cut, firstLine, interpreter)) {
                return;
            }
            pending.setLength(0);
            pending.append(cut.rest());
            open = cut.open();
            firstLine = firstLine + cut.restLine();
            if (pending.isEmpty()) {
                firstLine = line + 1;
            }
        }
        if (!pending.toString().isBlank()) {
            output.at(name + ":" + firstLine);
            output.error("Incomplete statement at end of file");
            output.at(null);
        }
    }

    /// Whether what is pending can end with this line. Spares long batches and strings a look at all
    /// of them after each line.
    private static boolean mayEnd(Open open, String line) {
        return switch (open) {
            case NOTHING -> true;
            case STATEMENT -> line.indexOf(';') >= 0;
            case BATCH -> line.toUpperCase(Locale.ROOT).contains("BATCH");
            case STRING -> line.indexOf('\'') >= 0;
            case NAME -> line.indexOf('"') >= 0;
            case DOLLAR_STRING -> line.indexOf('$') >= 0;
            case COMMENT -> line.indexOf('/') >= 0;
        };
    }

    private boolean runAll(Cut cut, int firstLine, Interpreter interpreter)
            throws InterruptedException {
        for (Piece piece : cut.complete()) {
            if (!interpreter.run(piece.text(), name + ":" + (firstLine + piece.line()))) {
                return false;
            }
        }
        return true;
    }
}
