package io.helenus.tools.bulk;

import io.helenus.engine.json.Json;
import io.helenus.engine.schema.ColumnSchema;
import io.helenus.engine.types.NativeType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes rows as CSV or JSON lines, so that `write` reads them as they were. Immutable.
final class RowFormat {
    private final InputOptions.Format format;
    private final CsvDialect dialect;
    private final List<ColumnSchema> columns;
    private final ValueWriter values;

    RowFormat(InputOptions.Format format, CsvDialect dialect, List<ColumnSchema> columns) {
        this.format = format;
        this.dialect = dialect;
        this.columns = List.copyOf(columns);
        values = new ValueWriter(format == InputOptions.Format.JSON);
    }

    /// The line before the rows; empty for JSON.
    String header() {
        if (format == InputOptions.Format.JSON) {
            return "";
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            out.append(i == 0 ? "" : String.valueOf(dialect.delimiter()));
            field(columns.get(i).name(), true, out);
        }
        return out.append('\n').toString();
    }

    /// All that rows of two files must have in common to be of one.
    String description() {
        return format == InputOptions.Format.JSON ? "" : header() + dialect.nullMarker();
    }

    /// How names of files end.
    String fileEnding() {
        return format == InputOptions.Format.JSON ? ".json" : ".csv";
    }

    /// Within which a row may have lines of its own; 0 if it never has.
    char quote() {
        return format == InputOptions.Format.JSON ? 0 : dialect.quote();
    }

    /// @param row a value for each column
    /// @throws BulkFailure if a value would be taken for null
    void write(List<byte @Nullable []> row, StringBuilder out) throws BulkFailure {
        if (format == InputOptions.Format.JSON) {
            json(row, out);
            return;
        }
        for (int i = 0; i < columns.size(); i++) {
            out.append(i == 0 ? "" : String.valueOf(dialect.delimiter()));
            ColumnSchema column = columns.get(i);
            byte[] value = row.get(i);
            if (value == null) {
                out.append(dialect.nullMarker());
                continue;
            }
            boolean isText = column.type() == NativeType.TEXT || column.type() == NativeType.ASCII;
            String text = values.field(column.type(), value);
            if (!isText && text.equals(dialect.nullMarker())) {
                throw new BulkFailure(
                        "column %s has the value %s, which is what null is written as (--null)"
                                .formatted(column.name(), text));
            }
            field(text, isText, out);
        }
        out.append('\n');
    }

    private void json(List<byte @Nullable []> row, StringBuilder out) {
        out.append('{');
        for (int i = 0; i < columns.size(); i++) {
            out.append(i == 0 ? "" : ", ");
            Json.quote(out, columns.get(i).name());
            out.append(": ");
            byte[] value = row.get(i);
            if (value == null) {
                out.append("null");
            } else {
                values.write(columns.get(i).type(), value, 0, value.length, out);
            }
        }
        out.append("}\n");
    }

    private void field(String text, boolean isText, StringBuilder out) {
        boolean isQuoted = isText && (text.isEmpty() || text.equals(dialect.nullMarker()));
        for (int i = 0; i < text.length() && !isQuoted; i++) {
            char c = text.charAt(i);
            isQuoted =
                    c == dialect.delimiter()
                            || c == dialect.quote()
                            || c == '\n'
                            || c == '\r'
                            || i == 0 && (c == '#' || c == '\uFEFF');
        }
        if (!isQuoted) {
            out.append(text);
            return;
        }
        String quote = String.valueOf(dialect.quote());
        out.append(quote).append(text.replace(quote, quote + quote)).append(quote);
    }
}
