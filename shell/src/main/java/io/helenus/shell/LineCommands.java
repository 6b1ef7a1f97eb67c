package io.helenus.shell;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The first words of what is for the shell, or ends at the end of its line without a semicolon.
final class LineCommands {
    private static final Set<String> WORDS =
            Set.of(
                    "?",
                    "CAPTURE",
                    "CLEAR",
                    "CLS",
                    "CONSISTENCY",
                    "DEBUG",
                    "DESC",
                    "DESCRIBE",
                    "EXIT",
                    "EXPAND",
                    "HELP",
                    "HISTORY",
                    "LOGIN",
                    "PAGING",
                    "QUIT",
                    "SERIAL",
                    "SHOW",
                    "SOURCE",
                    "TRACING",
                    "UNICODE");

    private static final String USE = "USE";

    private LineCommands() {}

    /// @param line from its first word
    static boolean endsItsLine(String line) {
        String first = CommandParser.firstWord(line);
        // USE alone is a statement that goes on in the next line.
        return WORDS.contains(first)
                || (first.equals(USE)
                        && !CommandParser.firstWord(line.substring(USE.length())).isEmpty());
    }

    static boolean contains(String word) {
        return WORDS.contains(word.toUpperCase(Locale.ROOT));
    }

    /// In alphabetical order.
    static List<String> all() {
        return WORDS.stream().sorted().toList();
    }
}
