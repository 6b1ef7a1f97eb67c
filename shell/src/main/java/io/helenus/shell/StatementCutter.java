package io.helenus.shell;

import io.helenus.cql.CqlHighlighter;
import io.helenus.cql.StatementSplitter;
import io.helenus.cql.StatementSplitter.Open;
import io.helenus.cql.StatementSplitter.Split;
import io.helenus.cql.StatementSplitter.Statement;
import java.util.ArrayList;
import java.util.List;

/// Cuts input into statements, as the parser's [StatementSplitter] does, and into commands of the
/// shell, which also end with their line.
final class StatementCutter {
    /// @param text with its semicolon, if it had one
    /// @param line of its beginning, counted from 0 in the input
    record Piece(String text, int line) {}

    /// @param rest what is not complete yet; empty if that is nothing but blanks and comments
    /// @param restLine of the rest's beginning, counted from 0 in the input
    /// @param open what the rest lacks
    record Cut(List<Piece> complete, String rest, int restLine, Open open) {
        public Cut {
            complete = List.copyOf(complete);
        }
    }

    private final String input;
    private final List<Piece> complete = new ArrayList<>();
    private int countedTo;
    private int lines;

    private StatementCutter(String input) {
        this.input = input;
    }

    static Cut cut(String input) {
        return new StatementCutter(input).cut();
    }

    private Cut cut() {
        int from = 0;
        while (true) {
            Split split = StatementSplitter.split(input.substring(from));
            int command = -1;
            int end = from;
            for (Statement statement : split.statements()) {
                int start = from + statement.start();
                if (isCommandBefore(start, from + statement.end())) {
                    command = start;
                    break;
                }
                end = from + statement.end();
                add(input.substring(start, end) + ";", start);
            }
            if (command < 0 && split.rest().isEmpty()) {
                return new Cut(complete, "", 0, Open.NOTHING);
            }
            int rest = command < 0 ? restStart(end) : command;
            int lineEnd = input.indexOf('\n', rest);
            boolean isCommand = command >= 0 || isCommandBefore(rest, input.length());
            if (!isCommand || lineEnd < 0) {
                return new Cut(complete, input.substring(rest), lineOf(rest), split.open());
            }
            add(input.substring(rest, lineEnd).strip(), rest);
            from = lineEnd;
        }
    }

    private void add(String text, int start) {
        complete.add(new Piece(text, lineOf(start)));
    }

    /// Whether what the splitter took for one statement is a command and more lines after it.
    private boolean isCommandBefore(int start, int end) {
        int lineEnd = input.indexOf('\n', start);
        return lineEnd >= 0
                && lineEnd < end
                && LineCommands.endsItsLine(input.substring(start, lineEnd));
    }

    /// The first word after the last statement and its semicolon.
    private int restStart(int end) {
        String tail = input.substring(end);
        for (CqlHighlighter.Span span : CqlHighlighter.highlight(tail)) {
            boolean semicolon = tail.charAt(span.start()) == ';';
            if (span.kind() != CqlHighlighter.Kind.COMMENT && !semicolon) {
                return end + span.start();
            }
        }
        return input.length();
    }

    /// Asked for ever later offsets.
    private int lineOf(int offset) {
        for (; countedTo < offset; countedTo++) {
            lines += input.charAt(countedTo) == '\n' ? 1 : 0;
        }
        return lines;
    }
}
