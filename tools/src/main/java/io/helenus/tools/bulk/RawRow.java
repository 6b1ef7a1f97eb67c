package io.helenus.tools.bulk;

import org.jspecify.annotations.Nullable;

/// A record as it stood in an input. Not changed by anybody.
final class RawRow {
    private static final String[] NO_FIELDS = {};
    private static final boolean[] NO_QUOTES = {};

    private final String file;
    private final long line;
    private final String text;
    private final String[] fields;
    private final boolean[] quoted;
    private final @Nullable String problem;

    /// @param text all of it, for the file of rejects
    /// @param fields of CSV
    /// @param quoted for each field, whether it stood in quotes
    /// @param problem why it is none; null if it looks like one
    RawRow(
            String file,
            long line,
            String text,
            String[] fields,
            boolean[] quoted,
            @Nullable String problem) {
        this.file = file;
        this.line = line;
        this.text = text;
        this.fields = fields;
        this.quoted = quoted;
        this.problem = problem;
    }

    /// An object of JSON.
    RawRow(String file, long line, String text) {
        this(file, line, text, NO_FIELDS, NO_QUOTES, null);
    }

    String place() {
        return file + ":" + line;
    }

    long line() {
        return line;
    }

    String text() {
        return text;
    }

    /// None if it is JSON.
    int fieldCount() {
        return fields.length;
    }

    String field(int index) {
        return fields[index];
    }

    boolean isQuoted(int index) {
        return quoted[index];
    }

    @Nullable String problem() {
        return problem;
    }
}
