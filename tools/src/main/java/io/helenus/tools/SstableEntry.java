package io.helenus.tools;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One entry of an SSTable in people's terms: values are CQL literals. Timestamps are microseconds,
/// times are seconds since 1970.
sealed interface SstableEntry {
    Where where();

    /// To which row an entry belongs.
    ///
    /// @param partition columns of the partition key, in order
    /// @param row clustering columns in order; of a bound, the first ones
    record Where(
            Map<String, String> partition, long token, boolean isStatic, Map<String, String> row) {}

    record Deletion(long timestamp, long time) {}

    /// A row's own existence, apart from its cells.
    ///
    /// @param ttl 0 if it does not expire
    record Liveness(long timestamp, int ttl, long expires) {}

    /// A cell of a row or the value of an element.
    ///
    /// @param value null if the cell is a tombstone, whose deletion is then `deletion`
    /// @param ttl 0 if it does not expire
    record Cell(
            String column,
            @Nullable String value,
            long timestamp,
            int ttl,
            long expires,
            @Nullable Deletion deletion) {}

    record Row(
            Where where, @Nullable Liveness liveness, @Nullable Deletion deletion, List<Cell> cells)
            implements SstableEntry {}

    /// An element of a multi-cell column.
    record Element(Where where, String element, Cell cell) implements SstableEntry {}

    /// The header of a multi-cell column, which deletes all older elements.
    record ColumnDeletion(Where where, String column, Deletion deletion) implements SstableEntry {}

    /// Where a range deletion begins, changes to another one, or ends.
    ///
    /// @param after after the rows that begin with what `where` says, else before them
    /// @param deletion what is in force from here on; null if nothing is
    record Bound(Where where, boolean after, @Nullable Deletion deletion) implements SstableEntry {}
}
