package io.helenus.engine.types;

import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowKeys;
import java.util.Arrays;
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

    /// Appends a set with its elements sorted, each once: the first of those that are equal.
    public static void writeSorted(
            SetType type, byte[] value, int offset, int length, ByteWriter out) {
        writeSorted(type.element(), 1, value, offset, length, out);
    }

    /// Appends a map with its entries sorted by key; of those with equal keys the last.
    public static void writeSorted(
            MapType type, byte[] value, int offset, int length, ByteWriter out) {
        writeSorted(type.key(), 2, value, offset, length, out);
    }

    /// An element or entry: its bytes with their lengths, and its key's encoding.
    private record Entry(int order, int offset, int length, int keyOffset, int keyLength) {}

    private static void writeSorted(
            CqlType keyType, int parts, byte[] value, int offset, int length, ByteWriter out) {
        int count = Elements.count(value, offset, length);
        Entry[] entries = new Entry[count];
        ByteWriter keys = new ByteWriter(Math.max(length, 1) * 2);
        int at = offset + Integer.BYTES;
        for (int i = 0; i < count; i++) {
            int keyLength = ByteWriter.getInt(value, at);
            int keyAt = keys.length();
            keyType.encodeKey(value, at + Integer.BYTES, keyLength, false, keys);
            int start = at;
            for (int part = 0; part < parts; part++) {
                at += Integer.BYTES + Math.max(ByteWriter.getInt(value, at), 0);
            }
            entries[i] = new Entry(i, start, at - start, keyAt, keys.length() - keyAt);
        }
        byte[] keyBytes = keys.array();
        boolean lastWins = parts > 1;
        Arrays.sort(
                entries,
                (a, b) -> {
                    int order = compareKeys(keyBytes, a, b);
                    return order != 0 ? order : Integer.compare(a.order, b.order);
                });
        int countAt = beginCollection(out);
        int written = 0;
        for (int i = 0; i < count; i++) {
            int neighbour = lastWins ? i + 1 : i - 1;
            boolean repeated =
                    neighbour >= 0
                            && neighbour < count
                            && compareKeys(keyBytes, entries[i], entries[neighbour]) == 0;
            if (!repeated) {
                out.writeBytes(value, entries[i].offset, entries[i].length);
                written++;
            }
        }
        endCollection(out, countAt, written);
    }

    private static int compareKeys(byte[] keys, Entry a, Entry b) {
        return RowKeys.compare(keys, a.keyOffset, a.keyLength, keys, b.keyOffset, b.keyLength);
    }

    /// Whether elements of a set, or keys of a map, rise strictly, so that no sorting is needed.
    public static boolean isSorted(CqlType type, byte[] value, int offset, int length) {
        CqlType keyType =
                switch (type) {
                    case SetType set -> set.element();
                    case MapType map -> map.key();
                    default -> null;
                };
        if (keyType == null) {
            return true;
        }
        boolean isMap = type instanceof MapType;
        Elements elements = new Elements().wrap(type, value, offset, length);
        ByteWriter keys = new ByteWriter();
        ByteWriter previous = new ByteWriter();
        for (boolean first = true; elements.next(); first = false) {
            keys.clear();
            keyType.encodeKey(elements.array(), elements.offset(), elements.length(), false, keys);
            if (!first && compare(previous, keys) >= 0) {
                return false;
            }
            ByteWriter swap = previous;
            previous = keys;
            keys = swap;
            if (isMap) {
                elements.next();
            }
        }
        return true;
    }

    private static int compare(ByteWriter a, ByteWriter b) {
        return RowKeys.compare(a.array(), 0, a.length(), b.array(), 0, b.length());
    }
}
