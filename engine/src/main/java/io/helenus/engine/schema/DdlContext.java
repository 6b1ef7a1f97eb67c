package io.helenus.engine.schema;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What checking a DDL statement needs to know besides the schema.
///
/// @param nodesByDatacenter how many nodes each datacenter of the cluster has
/// @param defaultReplicationFactor of a keyspace that does not say
/// @param wallMicros the node's clock, for the time at which a column was dropped
/// @param tableIds makes a new table's id; two calls anywhere in the cluster differ
/// @param allowUnsafeExpiration whether tables may have `unsafe_aggressive_sstable_expiration`
public record DdlContext(
        Map<String, Integer> nodesByDatacenter,
        int defaultReplicationFactor,
        LongSupplier wallMicros,
        Supplier<UUID> tableIds,
        boolean allowUnsafeExpiration) {
    public DdlContext {
        nodesByDatacenter = Collections.unmodifiableMap(new TreeMap<>(nodesByDatacenter));
    }

    int nodes() {
        return nodesByDatacenter.values().stream().mapToInt(Integer::intValue).sum();
    }
}
