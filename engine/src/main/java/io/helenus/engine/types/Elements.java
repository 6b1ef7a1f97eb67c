package io.helenus.engine.types;

import io.helenus.sstable.model.ByteWriter;
import org.jspecify.annotations.Nullable;

/// Walks the parts of a collection, tuple, user type or vector as slices, in the order in which
/// they lie in the value. Reusable, allocates nothing, belongs to one thread.
///
/// ```
/// elements.wrap(type, value, offset, length);
/// while (elements.next()) { use(elements.array(), elements.offset(), elements.length()); }
/// ```
///
/// The parts of a map are key, value, key, value. A value must be one that its type validates.
public final class Elements {
    private static final byte[] NOTHING = {};

    private byte[] array = NOTHING;
    private int end;
    private int nextAt;
    private int left;
    private int offset;
    private int length;
    private @Nullable VectorType vector;

    public Elements wrap(CqlType type, byte[] value, int offset, int length) {
        return switch (type) {
            case ListType _, SetType _ -> wrapCollection(value, offset, length);
            case MapType _ -> wrapMap(value, offset, length);
            case TupleType _, UserType _ -> wrapTuple(value, offset, length);
            case VectorType vectorType -> wrapVector(vectorType, value, offset, length);
            case NativeType _, CustomType _ ->
                    throw new IllegalArgumentException(type.cqlName() + " has no elements");
        };
    }

    /// A list or a set.
    public Elements wrapCollection(byte[] value, int offset, int length) {
        return reset(value, offset, length, count(value, offset, length), Integer.BYTES, null);
    }

    public Elements wrapMap(byte[] value, int offset, int length) {
        return reset(value, offset, length, 2 * count(value, offset, length), Integer.BYTES, null);
    }

    /// Components in order; those missing at the end are null and not walked.
    public Elements wrapTuple(byte[] value, int offset, int length) {
        return reset(value, offset, length, Integer.MAX_VALUE, 0, null);
    }

    public Elements wrapVector(VectorType type, byte[] value, int offset, int length) {
        return reset(value, offset, length, type.dimension(), 0, type);
    }

    private Elements reset(
            byte[] value, int offset, int length, int parts, int skip, @Nullable VectorType type) {
        this.array = value;
        this.end = offset + length;
        this.nextAt = offset + skip;
        this.left = parts;
        this.vector = type;
        return this;
    }

    /// Elements of a list or set, entries of a map. Cassandra also calls zero bytes empty.
    public static int count(byte[] value, int offset, int length) {
        return length < Integer.BYTES ? 0 : Math.max(ByteWriter.getInt(value, offset), 0);
    }

    /// Moves to the next part. False after the last one.
    public boolean next() {
        if (left == 0 || nextAt >= end) {
            return false;
        }
        left--;
        if (vector == null) {
            length = ByteWriter.getInt(array, nextAt);
            offset = nextAt + Integer.BYTES;
        } else if (vector.elementLength() >= 0) {
            length = vector.elementLength();
            offset = nextAt;
        } else {
            length = (int) VInts.readUnsigned(array, nextAt);
            offset = nextAt + VInts.length(array[nextAt]);
        }
        nextAt = offset + Math.max(length, 0);
        return true;
    }

    public byte[] array() {
        return array;
    }

    public int offset() {
        return offset;
    }

    /// Negative for null.
    public int length() {
        return length;
    }

    public boolean isNull() {
        return length < 0;
    }

    /// A copy of the part, or null.
    public byte @Nullable [] toBytes() {
        return length < 0 ? null : java.util.Arrays.copyOfRange(array, offset, offset + length);
    }

    void format(ValueCodec codec, StringBuilder out) {
        if (length < 0) {
            out.append("null");
        } else {
            codec.format(out, array, offset, length);
        }
    }

    static int checkedCount(byte[] value, int offset, int length, String what) {
        if (length < Integer.BYTES) {
            throw notEnough(what);
        }
        int count = ByteWriter.getInt(value, offset);
        if (count < 0) {
            throw new InvalidValueException("The data cannot be deserialized as a " + what);
        }
        return count;
    }

    static int checkedLength(byte[] value, int at, int end, String what) {
        if (end - at < Integer.BYTES) {
            throw notEnough(what);
        }
        int size = ByteWriter.getInt(value, at);
        if (size < 0) {
            throw new InvalidValueException("Null value read when not allowed");
        }
        if (size > end - at - Integer.BYTES) {
            throw notEnough(what);
        }
        return size;
    }

    static void checkEnd(int at, int end, String what) {
        if (at != end) {
            throw new InvalidValueException("Unexpected extraneous bytes after " + what + " value");
        }
    }

    private static InvalidValueException notEnough(String what) {
        return new InvalidValueException("Not enough bytes to read a " + what);
    }
}
