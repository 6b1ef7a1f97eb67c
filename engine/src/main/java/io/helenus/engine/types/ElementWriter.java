package io.helenus.engine.types;

import io.helenus.sstable.model.ByteWriter;
import org.jspecify.annotations.Nullable;

/// Packs values of collections, tuples, user types and vectors. Stateless; the caller writes parts
/// in the order of the value.
///
/// ```
/// int at = ElementWriter.beginCollection(out);
/// ElementWriter.write(out, element, offset, length); // per element; for maps key, value, key, …
/// ElementWriter.endCollection(out, at, count);
/// ```
public final class ElementWriter {
    private ElementWriter() {}

    /// Leaves room for the count; returns where it goes.
    public static int beginCollection(ByteWriter out) {
        int at = out.length();
        out.writeInt(0);
        return at;
    }

    /// @param count elements of a list or set, entries of a map
    public static void endCollection(ByteWriter out, int at, int count) {
        out.setInt(at, count);
    }

    /// An element of a collection, or a component of a tuple or user type. Null if the array is, or
    /// the length is negative.
    public static void write(ByteWriter out, byte @Nullable [] value, int offset, int length) {
        if (value == null || length < 0) {
            out.writeInt(-1);
            return;
        }
        out.writeInt(length).writeBytes(value, offset, length);
    }

    public static void write(ByteWriter out, byte @Nullable [] value) {
        write(out, value, 0, value == null ? -1 : value.length);
    }

    public static void writeToVector(
            VectorType type, ByteWriter out, byte[] value, int offset, int length) {
        if (type.elementLength() < 0) {
            VInts.writeUnsigned(out, length);
        } else if (length != type.elementLength()) {
            throw new InvalidValueException(
                    "Expected %d bytes of a %s in a vector, got %d"
                            .formatted(type.elementLength(), type.element(), length));
        }
        out.writeBytes(value, offset, length);
    }
}
