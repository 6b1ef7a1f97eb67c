package io.helenus.engine.query.select;

import io.helenus.engine.query.plan.WhereClause;
import io.helenus.engine.query.result.ResultMetadata;
import io.helenus.engine.query.term.ValueTerm;
import io.helenus.engine.schema.TableSchema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a SELECT reads and returns. Immutable.
///
/// @param filterColumns for each filter of the WHERE clause the index of its column among the fetched
/// @param reversed against the table's clustering order
/// @param sortedColumns how many clustering columns the rows of several partitions are to be sorted by;
///     0 to leave them as they come
/// @param simpleRow whether one row is read by its whole key, and nothing has to be looked at but it
public record SelectPlan(
        TableSchema table,
        WhereClause where,
        FetchedColumns fetched,
        WantedColumns wanted,
        List<Selector> selectors,
        ResultMetadata metadata,
        List<Integer> filterColumns,
        @Nullable ValueTerm limit,
        @Nullable ValueTerm perPartitionLimit,
        boolean distinct,
        boolean reversed,
        int sortedColumns,
        List<Aggregate> aggregateFunctions,
        boolean simpleRow,
        long fingerprint) {
    public SelectPlan {
        selectors = List.copyOf(selectors);
        filterColumns = List.copyOf(filterColumns);
        aggregateFunctions = List.copyOf(aggregateFunctions);
    }

    /// Whether all rows together make one.
    public boolean aggregates() {
        return !aggregateFunctions.isEmpty();
    }

    boolean sorted() {
        return sortedColumns > 0;
    }

    /// Ids of the stored columns that are looked at, ascending. Not to be changed.
    public int[] wantedColumns() {
        return wanted.ids;
    }

    /// Holds an array, which a record would compare by identity.
    public static final class WantedColumns {
        private final int[] ids;

        WantedColumns(int[] ids) {
            this.ids = ids;
        }
    }

    /// Whether it reads more than a few partitions by their keys: then it does not run on a loop.
    public boolean isScan() {
        return !where.partitions().isKeys() || where.needsFiltering() || aggregates() || sorted();
    }

    /// Whether a partition with nothing but static content makes a row.
    boolean returnsStaticOnly() {
        return !where.clusteringRestricted() && !where.regularRestricted();
    }
}
