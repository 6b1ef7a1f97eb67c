package io.helenus.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Cuts input into statements and commands.
final class StatementCutter {
    private static final Set<String> LINE_COMMANDS =
            Set.of(
                    "HELP",
                    "?",
                    "CONSISTENCY",
                    "SERIAL",
                    "DESCRIBE",
                    "DESC",
                    "SHOW",
                    "SOURCE",
                    "CAPTURE",
                    "LOGIN",
                    "DEBUG",
                    "TRACING",
                    "EXPAND",
                    "PAGING",
                    "EXIT",
                    "QUIT",
                    "CLEAR",
                    "CLS",
                    "HISTORY",
                    "USE",
                    "UNICODE");

    /// @param line of its beginning, counted from 0 in the input
    record Piece(String text, int line) {}

    /// @param rest what is not complete yet; empty if that is nothing but blanks and comments
    /// @param restLine of the rest's beginning, counted from 0 in the input
    record Cut(List<Piece> complete, String rest, int restLine) {}

    private StatementCutter() {}

    static Cut cut(String input) {
        List<Piece> pieces = new ArrayList<>();
        int start = -1;
        int at = 0;
        boolean batch = false;
        while (at < input.length()) {
            char c = input.charAt(at);
            int end = skip(input, at);
            boolean comment = end > at + 1 && (c == '-' || c == '/');
            if (start < 0 && !Character.isWhitespace(c) && !comment && c != ';') {
                start = at;
                String word = CommandParser.firstWord(input.substring(at, eol(input, at)));
                batch = word.equals("BEGIN");
                if (LINE_COMMANDS.contains(word.toUpperCase(Locale.ROOT))) {
                    int stop = eol(input, at);
                    int semicolon = input.indexOf(';', at);
                    if (semicolon >= 0 && semicolon < stop) {
                        stop = semicolon + 1;
                    }
                    pieces.add(new Piece(input.substring(at, stop), lines(input, at)));
                    start = -1;
                    at = stop;
                    continue;
                }
            }
            if (start >= 0
                    && c == ';'
                    && (!batch
                            || input.substring(start, at)
                                    .toUpperCase(Locale.ROOT)
                                    .stripTrailing()
                                    .endsWith("APPLY BATCH"))) {
                pieces.add(new Piece(input.substring(start, at + 1), lines(input, start)));
                start = -1;
            }
            at = end;
        }
        return start < 0
                ? new Cut(pieces, "", 0)
                : new Cut(pieces, input.substring(start), lines(input, start));
    }

    private static int lines(String input, int to) {
        int lines = 0;
        for (int i = 0; i < to; i++) {
            if (input.charAt(i) == '\n') {
                lines++;
            }
        }
        return lines;
    }

    private static int eol(String input, int at) {
        int end = input.indexOf('\n', at);
        return end < 0 ? input.length() : end;
    }

    private static int skip(String input, int at) {
        char c = input.charAt(at);
        String two = input.substring(at, Math.min(input.length(), at + 2));
        int end = -2;
        if (two.equals("--") || two.equals("//")) {
            end = eol(input, at);
        } else if (two.equals("/*")) {
            end = input.indexOf("*/", at + 2) + 2;
        } else if (two.equals("$$")) {
            end = input.indexOf("$$", at + 2) + 2;
        } else if (c == '\'' || c == '"') {
            end = input.indexOf(c, at + 1) + 1;
        } else {
            end = at + 1;
        }
        return end <= at ? input.length() : end;
    }
}
