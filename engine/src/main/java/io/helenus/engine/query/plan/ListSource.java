package io.helenus.engine.query.plan;

import io.helenus.engine.schema.ColumnSchema;
import io.helenus.sstable.model.ByteWriter;
import java.util.List;

/// Reads lists for the few writes that depend on what a list holds. Whoever gives it to a
/// [Workspace] holds a lock on the partition until the write is applied, and may wait for a disk.
@FunctionalInterface
public interface ListSource {
    /// One element: its path as it is in keys, and its value. Neither is to be changed.
    final class Element {
        private final byte[] path;
        private final byte[] value;

        public Element(byte[] path, byte[] value) {
            this.path = path;
            this.value = value;
        }

        byte[] path() {
            return path;
        }

        byte[] value() {
            return value;
        }
    }

    /// The live elements, in order.
    ///
    /// @param partition token, length and partition key
    /// @param position of the row within it
    List<Element> read(ByteWriter partition, ByteWriter position, ColumnSchema column);
}
