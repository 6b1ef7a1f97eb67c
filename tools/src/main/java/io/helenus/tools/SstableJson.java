package io.helenus.tools;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/// Prints the entries of a file for programs, in their order: each a JSON object on a line of its own.
///
/// | member      | in                | meaning                                                      |
/// |-------------|-------------------|--------------------------------------------------------------|
/// | `partition` | all               | the partition key                                            |
/// | `row`       | rows, elements    | the clustering; empty for a table that has none              |
/// | `static`    | the same          | instead of `row` for the static row                          |
/// | `inserted`  | rows              | when, in microseconds; with `ttl` and `expires` if it expires|
/// | `deleted`   | rows, cells, …    | `timestamp` in microseconds and `time` in seconds            |
/// | `cells`     | rows              | by column: `value`, `timestamp`, …                           |
/// | `column`    | elements          | the multi-cell column; with `element` and its cell           |
/// | `bound`     | range deletions   | `before` or `after` the prefix in `row`: there the deletion  |
/// |             |                   | in force changes to what `deleted` says, or ends             |
final class SstableJson {
    private final PrintStream out;
    private final JsonLine json = new JsonLine();

    SstableJson(PrintStream out) {
        this.out = out;
    }

    void print(SstableEntry entry) {
        json.open();
        where(entry.where());
        switch (entry) {
            case SstableEntry.Row row -> row(row);
            case SstableEntry.Element element -> {
                json.member("column", element.cell().column());
                json.member("element", element.element());
                cell(element.cell());
            }
            case SstableEntry.ColumnDeletion column -> {
                json.member("column", column.column());
                deleted(column.deletion());
            }
            case SstableEntry.Bound bound -> {
                json.member("bound", bound.after() ? "after" : "before");
                if (bound.deletion() == null) {
                    json.member("deletion", "ends");
                }
                deleted(bound.deletion());
            }
        }
        out.println(json.close().take());
    }

    private void where(SstableEntry.Where where) {
        json.object("partition");
        where.partition().forEach(json::member);
        json.close();
        json.member("token", where.token());
        if (where.isStatic()) {
            json.member("static", true);
            return;
        }
        json.object("row");
        where.row().forEach(json::member);
        json.close();
    }

    private void row(SstableEntry.Row row) {
        SstableEntry.Liveness liveness = row.liveness();
        if (liveness != null) {
            json.member("inserted", liveness.timestamp());
            expiry(liveness.ttl(), liveness.expires());
        }
        deleted(row.deletion());
        json.object("cells");
        for (SstableEntry.Cell cell : row.cells()) {
            json.object(cell.column());
            cell(cell);
            json.close();
        }
        json.close();
    }

    private void cell(SstableEntry.Cell cell) {
        String value = cell.value();
        if (value == null) {
            deleted(cell.deletion());
            return;
        }
        json.member("value", value).member("timestamp", cell.timestamp());
        expiry(cell.ttl(), cell.expires());
    }

    private void expiry(int ttl, long expires) {
        if (ttl != 0) {
            json.member("ttl", ttl).member("expires", expires);
        }
    }

    private void deleted(SstableEntry.@Nullable Deletion deletion) {
        if (deletion != null) {
            json.object("deleted");
            json.member("timestamp", deletion.timestamp()).member("time", deletion.time());
            json.close();
        }
    }
}
