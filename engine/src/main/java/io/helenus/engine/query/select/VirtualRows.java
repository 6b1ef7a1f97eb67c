package io.helenus.engine.query.select;

import org.jspecify.annotations.Nullable;

/// The rows of a virtual table, computed when they are asked for, in primary key order.
@FunctionalInterface
public interface VirtualRows {
    /// Gives each row to `sink`.
    void forEach(Sink sink);

    /// Takes rows: by column, in the order of the table's `columns()`, the bytes on the wire or null.
    @FunctionalInterface
    interface Sink {
        /// @return whether to go on
        boolean row(byte[] @Nullable [] values);
    }
}
