package io.helenus.engine.query.plan;

import java.util.List;

/// A WHERE clause bound to its table.
///
/// @param filters conditions that no key answers, in the order in which they were written
/// @param keysRestricted whether partitions are given by keys, all columns of them
/// @param regularRestricted whether a condition on a regular column is among them, static ones aside
public record WhereClause(
        PartitionRestrictions partitions,
        ClusteringRestrictions clustering,
        List<RowFilter> filters,
        boolean keysRestricted,
        boolean clusteringRestricted,
        boolean regularRestricted) {
    public WhereClause {
        filters = List.copyOf(filters);
    }

    public boolean needsFiltering() {
        return !filters.isEmpty();
    }
}
