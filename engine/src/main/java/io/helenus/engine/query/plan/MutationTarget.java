package io.helenus.engine.query.plan;

import io.helenus.engine.schema.TableSchema;
import io.helenus.engine.storage.mutation.MutationWriter;

/// Takes what a modification writes: one partition after the other.
@FunctionalInterface
public interface MutationTarget {
    /// The mutation of this partition, begun if it is new; operations are added to it.
    MutationWriter partition(TableSchema table, long token, byte[] key, int offset, int length);
}
