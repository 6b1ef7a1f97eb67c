package io.helenus.engine.types;

import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowKeys;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// How values of collections are stored. Clients may send sets and maps in any order, with repeated
/// elements and keys: they are stored sorted and without, at any depth. And inside of lists, sets
/// and maps, but not of tuples and user types, a padded varint, decimal or duration, a boolean that is not 0
/// or 1 and an IPv4 address in IPv6 get their shortest form; elsewhere they stay as sent.
///
/// Both methods expect a value that its type validates. Stateless.
public final class NormalForm {
    private static final int SCALE_BYTES = Integer.BYTES;
    private static final int IPV6_BYTES = 16;
    private static final int IPV4_BYTES = 4;

    private NormalForm() {}

    /// Whether values of the type can have another form at all. To be asked once per column.
    public static boolean isNeeded(CqlType type) {
        return isNeeded(type, false);
    }

    private static boolean isNeeded(CqlType type, boolean inCollection) {
        if (type instanceof SetType || type instanceof MapType) {
            return true;
        }
        if (type instanceof NativeType nativeType) {
            return inCollection && isRespelled(nativeType);
        }
        boolean inside = isInside(type, inCollection);
        return type.subTypes().stream().anyMatch(part -> isNeeded(part, inside));
    }

    private static boolean isRespelled(NativeType type) {
        return switch (type) {
            case BOOLEAN, DECIMAL, DURATION, INET, VARINT -> true;
            default -> false;
        };
    }

    /// Whether the parts of a value of the type are in a collection, given where the value is.
    private static boolean isInside(CqlType type, boolean inCollection) {
        return type.isCollection() || type instanceof VectorType && inCollection;
    }

    /// Whether [#write] would append the value as it is.
    public static boolean isNormal(CqlType type, byte[] value, int offset, int length) {
        return !isNeeded(type) || isNormal(type, false, value, offset, length);
    }

    private static boolean isNormal(
            CqlType type, boolean inCollection, byte[] value, int offset, int length) {
        if (length <= 0) {
            return true;
        }
        if (type instanceof NativeType nativeType) {
            return !inCollection
                    || !isRespelled(nativeType)
                    || shortForm(nativeType, value, offset, length) == null;
        }
        if (type instanceof CustomType) {
            return true;
        }
        boolean inside = isInside(type, inCollection);
        boolean isMap = type instanceof MapType;
        boolean isKeyed = isMap || type instanceof SetType;
        Elements elements = new Elements().wrap(type, value, offset, length);
        ByteWriter key = new ByteWriter();
        ByteWriter previous = new ByteWriter();
        for (int i = 0; elements.next(); i++) {
            CqlType part = partType(type, i);
            int partOffset = elements.offset();
            int partLength = elements.length();
            if (!isNormal(part, inside, value, partOffset, partLength)) {
                return false;
            }
            if (isKeyed && (i % 2 == 0 || !isMap)) {
                key.clear();
                part.encodeKey(value, partOffset, partLength, false, key);
                if (i > 0 && compare(previous, key) >= 0) {
                    return false;
                }
                ByteWriter swap = previous;
                previous = key;
                key = swap;
            }
        }
        return true;
    }

    private static int compare(ByteWriter a, ByteWriter b) {
        return RowKeys.compare(a.array(), 0, a.length(), b.array(), 0, b.length());
    }

    private static CqlType partType(CqlType type, int part) {
        return switch (type) {
            case ListType list -> list.element();
            case SetType set -> set.element();
            case MapType map -> part % 2 == 0 ? map.key() : map.value();
            case TupleType tuple -> tuple.components().get(part);
            case UserType user -> user.fieldTypes().get(part);
            case VectorType vector -> vector.element();
            case NativeType _, CustomType _ ->
                    throw new IllegalArgumentException(type.cqlName() + " has no elements");
        };
    }

    /// Appends the value as it is stored. Of equal elements the first stays; of entries with equal
    /// keys the first key and the last value.
    public static void write(CqlType type, byte[] value, int offset, int length, ByteWriter out) {
        write(type, false, value, offset, length, out);
    }

    private static void write(
            CqlType type,
            boolean inCollection,
            byte[] value,
            int offset,
            int length,
            ByteWriter out) {
        if (length <= 0 || !isNeeded(type, inCollection)) {
            out.writeBytes(value, offset, Math.max(length, 0));
            return;
        }
        boolean inside = isInside(type, inCollection);
        switch (type) {
            case SetType set -> writeSorted(set, set.element(), value, offset, length, out);
            case MapType map -> writeSorted(map, map.key(), value, offset, length, out);
            case ListType _ -> {
                out.writeInt(Elements.count(value, offset, length));
                writeParts(type, inside, value, offset, length, out);
            }
            case VectorType vector -> writeVector(vector, inside, value, offset, length, out);
            case TupleType _, UserType _ -> writeParts(type, inside, value, offset, length, out);
            case NativeType nativeType -> {
                byte[] shortForm = shortForm(nativeType, value, offset, length);
                if (shortForm == null) {
                    out.writeBytes(value, offset, length);
                } else {
                    out.writeBytes(shortForm);
                }
            }
            case CustomType _ -> out.writeBytes(value, offset, length);
        }
    }

    private static void writeParts(
            CqlType type, boolean inside, byte[] value, int offset, int length, ByteWriter out) {
        Elements elements = new Elements().wrap(type, value, offset, length);
        for (int i = 0; elements.next(); i++) {
            int lengthAt = out.length();
            out.writeInt(elements.length());
            if (!elements.isNull()) {
                write(partType(type, i), inside, value, elements.offset(), elements.length(), out);
                out.setInt(lengthAt, out.length() - lengthAt - Integer.BYTES);
            }
        }
    }

    private static void writeVector(
            VectorType type, boolean inside, byte[] value, int offset, int length, ByteWriter out) {
        Elements elements = new Elements().wrap(type, value, offset, length);
        ByteWriter part = new ByteWriter();
        while (elements.next()) {
            part.clear();
            write(type.element(), inside, value, elements.offset(), elements.length(), part);
            ElementWriter.writeToVector(type, out, part.array(), 0, part.length());
        }
    }

    /// Where an element or an entry's key and value lie, with their lengths before them, and where
    /// the encoded key does.
    private record Entry(int order, int key, int value, int end, int sortKey, int sortKeyEnd) {}

    private static void writeSorted(
            CqlType type, CqlType keyType, byte[] value, int offset, int length, ByteWriter out) {
        ByteWriter parts = new ByteWriter(length);
        writeParts(type, true, value, offset, length, parts);
        byte[] bytes = parts.array();
        Entry[] entries = new Entry[Elements.count(value, offset, length)];
        ByteWriter keys = new ByteWriter(2 * length);
        int at = 0;
        for (int i = 0; i < entries.length; i++) {
            int keyAt = at;
            int sortKeyAt = keys.length();
            int keyLength = ByteWriter.getInt(bytes, at);
            keyType.encodeKey(bytes, at + Integer.BYTES, keyLength, false, keys);
            at = partEnd(bytes, at);
            int valueAt = at;
            if (type instanceof MapType) {
                at = partEnd(bytes, at);
            }
            entries[i] = new Entry(i, keyAt, valueAt, at, sortKeyAt, keys.length());
        }
        byte[] keyBytes = keys.array();
        Arrays.sort(
                entries,
                (a, b) -> {
                    int order = compareKeys(keyBytes, a, b);
                    return order != 0 ? order : Integer.compare(a.order, b.order);
                });
        writeDistinct(entries, keyBytes, bytes, out);
    }

    private static int partEnd(byte[] bytes, int at) {
        return at + Integer.BYTES + Math.max(ByteWriter.getInt(bytes, at), 0);
    }

    private static void writeDistinct(Entry[] entries, byte[] keys, byte[] bytes, ByteWriter out) {
        int countAt = ElementWriter.beginCollection(out);
        int written = 0;
        for (int i = 0; i < entries.length; ) {
            Entry first = entries[i];
            Entry last = first;
            for (i++; i < entries.length && compareKeys(keys, first, entries[i]) == 0; i++) {
                last = entries[i];
            }
            out.writeBytes(bytes, first.key, first.value - first.key);
            out.writeBytes(bytes, last.value, last.end - last.value);
            written++;
        }
        ElementWriter.endCollection(out, countAt, written);
    }

    private static int compareKeys(byte[] keys, Entry a, Entry b) {
        return Arrays.compareUnsigned(keys, a.sortKey, a.sortKeyEnd, keys, b.sortKey, b.sortKeyEnd);
    }

    /// The shortest spelling, or null if the value has it.
    private static byte @Nullable [] shortForm(
            NativeType type, byte[] value, int offset, int length) {
        return switch (type) {
            case BOOLEAN ->
                    NativeType.BOOLEAN.keyIsCanonical(value, offset, length)
                            ? null
                            : new byte[] {1};
            case VARINT -> withoutPadding(value, offset, 0, length);
            case DECIMAL ->
                    length == SCALE_BYTES
                            ? null
                            : withoutPadding(value, offset, SCALE_BYTES, length);
            case INET ->
                    isMappedIpv4(value, offset, length)
                            ? Arrays.copyOfRange(
                                    value, offset + length - IPV4_BYTES, offset + length)
                            : null;
            case DURATION -> {
                byte[] shortForm = CqlDuration.of(value, offset).toBytes();
                boolean same =
                        Arrays.equals(
                                shortForm, 0, shortForm.length, value, offset, offset + length);
                yield same ? null : shortForm;
            }
            default -> null;
        };
    }

    private static byte @Nullable [] withoutPadding(
            byte[] value, int offset, int head, int length) {
        int padding = VarintCodec.padding(value, offset + head, length - head);
        if (padding == 0) {
            return null;
        }
        byte[] result = new byte[length - padding];
        System.arraycopy(value, offset, result, 0, head);
        System.arraycopy(value, offset + head + padding, result, head, result.length - head);
        return result;
    }

    private static boolean isMappedIpv4(byte[] value, int offset, int length) {
        if (length != IPV6_BYTES) {
            return false;
        }
        int marker = offset + IPV6_BYTES - IPV4_BYTES - 2;
        for (int i = offset; i < marker; i++) {
            if (value[i] != 0) {
                return false;
            }
        }
        return value[marker] == -1 && value[marker + 1] == -1;
    }
}
