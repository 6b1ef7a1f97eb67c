package io.helenus.engine.schema;

import org.jspecify.annotations.Nullable;

/// A table whose rows are made when somebody reads it.
public interface VirtualTable {
    TableSchema schema();

    /// Hands over all rows, in the order of their primary keys: partitions by token, then by the
    /// bytes of their keys; rows by their clustering. May be called from any thread, any number of
    /// times; what it shows is a moment's state.
    void rows(RowConsumer consumer);

    /// Whether [#rows] waits for a disk, so that an event loop must not call it.
    default boolean waitsForDisk() {
        return false;
    }

    /// Takes rows.
    @FunctionalInterface
    interface RowConsumer {
        /// @param values wire bytes in the order of [TableSchema#columns]; null where there is no
        ///     value. The array is the consumer's to keep.
        void row(byte[] @Nullable [] values);
    }
}
