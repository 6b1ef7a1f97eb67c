package io.helenus.tools;

import java.io.PrintStream;
import java.time.Instant;
import java.util.Map;
import java.util.StringJoiner;

/// Prints the entries of a file for people: a line for each partition, and below it one for each
/// entry.
final class SstableText {
    private static final long MICROS = 1_000_000;

    private final PrintStream out;
    private long token;
    private Map<String, String> partition = Map.of();

    SstableText(PrintStream out) {
        this.out = out;
    }

    void print(SstableEntry entry) {
        SstableEntry.Where where = entry.where();
        if (where.token() != token || !where.partition().equals(partition)) {
            token = where.token();
            partition = where.partition();
            out.println("partition %s, token %d".formatted(columns("", partition), token));
        }
        switch (entry) {
            case SstableEntry.Row row -> row(row);
            case SstableEntry.Element element -> {
                out.println("    " + cell(element.cell(), "[%s]".formatted(element.element())));
            }
            case SstableEntry.ColumnDeletion column ->
                    out.println(
                            "    %s: older elements %s"
                                    .formatted(column.column(), deleted(column.deletion())));
            case SstableEntry.Bound bound -> bound(bound);
        }
    }

    private void row(SstableEntry.Row row) {
        StringBuilder line = new StringBuilder(name(row.where()));
        SstableEntry.Liveness liveness = row.liveness();
        if (liveness != null) {
            line.append(", inserted ").append(time(liveness.timestamp()));
            line.append(expiry(liveness.ttl(), liveness.expires()));
        }
        SstableEntry.Deletion deletion = row.deletion();
        if (deletion != null) {
            line.append(", ").append(deleted(deletion));
        }
        out.println(line);
        for (SstableEntry.Cell cell : row.cells()) {
            out.println("    " + cell(cell, ""));
        }
    }

    private void bound(SstableEntry.Bound bound) {
        SstableEntry.Deletion deletion = bound.deletion();
        String rows = bound.where().row().isEmpty() ? "all rows" : columns("", bound.where().row());
        out.println(
                "  %s %s: %s"
                        .formatted(
                                bound.after() ? "after" : "before",
                                rows,
                                deletion == null
                                        ? "a range deletion ends"
                                        : "from here on " + deleted(deletion)));
    }

    private static String name(SstableEntry.Where where) {
        if (where.isStatic()) {
            return "  static row";
        }
        return where.row().isEmpty() ? "  row" : columns("  row ", where.row());
    }

    private static String cell(SstableEntry.Cell cell, String element) {
        SstableEntry.Deletion deletion = cell.deletion();
        if (deletion != null) {
            return "%s%s: %s".formatted(cell.column(), element, deleted(deletion));
        }
        return "%s%s = %s, written %s%s"
                .formatted(
                        cell.column(),
                        element,
                        cell.value(),
                        time(cell.timestamp()),
                        expiry(cell.ttl(), cell.expires()));
    }

    private static String deleted(SstableEntry.Deletion deletion) {
        return "deleted %s, known since %s"
                .formatted(time(deletion.timestamp()), Instant.ofEpochSecond(deletion.time()));
    }

    private static String expiry(int ttl, long expires) {
        return ttl == 0
                ? ""
                : ", TTL %d s, expires %s".formatted(ttl, Instant.ofEpochSecond(expires));
    }

    /// A timestamp as it stands in the file, and as a time.
    static String time(long micros) {
        Instant instant =
                Instant.ofEpochSecond(
                        Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1_000L);
        return "%d (%s)".formatted(micros, instant);
    }

    /// `a = 1, b = 'x'`; nothing, not even the heading, if there are none.
    static String columns(String heading, Map<String, String> values) {
        StringJoiner text = new StringJoiner(", ", heading, "").setEmptyValue("");
        values.forEach((name, value) -> text.add(name + " = " + value));
        return text.toString();
    }
}
