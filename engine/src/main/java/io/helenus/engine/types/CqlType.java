package io.helenus.engine.types;

import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowKeys;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A CQL type: its names, its wire format, its literals and its order. Immutable, compared by
/// value, shared by all threads.
///
/// Values are slices of bytes in the native protocol's format (v3 and later). What encodes or
/// formats expects bytes that [#validate] accepts; a null value is a null array or a negative
/// length.
public sealed interface CqlType
        permits NativeType, CollectionType, TupleType, UserType, VectorType, CustomType {
    int NO_WIDTH = -1;
    int ANY_WIDTH = -2;

    /// As `system_schema.columns.type` shows it.
    String cqlName();

    /// The option id of the native protocol's newest version. 0 means that [#className] follows as a
    /// string.
    int wireId();

    /// The option id in a version of the protocol: types that it does not know are custom ones.
    default int wireId(int protocolVersion) {
        return wireId();
    }

    /// Cassandra's marshal class, as on the wire and in old schema tables.
    /// @param ignoreFreezing whether `FrozenType(…)` is left out: inside of frozen types it is
    String className(boolean ignoreFreezing);

    default String className() {
        return className(false);
    }

    /// What the type does with bytes. Its methods are this package's own.
    ValueCodec codec();

    /// Elements, key and value, fields: the types that a value of this one is made of.
    default List<CqlType> subTypes() {
        return List.of();
    }

    /// Whether a column of the type has a cell per element.
    default boolean isMultiCell() {
        return false;
    }

    /// Whether the type's name carries `frozen<…>`.
    default boolean isFrozen() {
        return false;
    }

    default CqlType freeze() {
        return this;
    }

    /// A list, set or map.
    default boolean isCollection() {
        return false;
    }

    default boolean isCounter() {
        return this == NativeType.COUNTER;
    }

    /// Bytes of every value that is not empty, or -1. This is Cassandra's view, which decides the
    /// layout of vectors: smallint, tinyint, date and time count as variable.
    default int fixedLength() {
        return -1;
    }

    /// Whether zero bytes are a value (other than null).
    default boolean isEmptyAllowed() {
        return true;
    }

    /// Whether zero bytes say nothing that null would not say: true of numbers, uuids and the like.
    default boolean isEmptyMeaningless() {
        return false;
    }

    default boolean referencesDuration() {
        for (CqlType type : subTypes()) {
            if (type.referencesDuration()) {
                return true;
            }
        }
        return false;
    }

    default boolean referencesCounter() {
        for (CqlType type : subTypes()) {
            if (type.referencesCounter()) {
                return true;
            }
        }
        return false;
    }

    default boolean referencesUserType(String keyspace, String name) {
        for (CqlType type : subTypes()) {
            if (type.referencesUserType(keyspace, name)) {
                return true;
            }
        }
        return false;
    }

    /// This type with every user type in it, inner ones first, replaced by what the function
    /// returns. Each stays frozen or not, as it was.
    default CqlType withUserTypesReplaced(UnaryOperator<UserType> replacement) {
        return this;
    }

    /// The type of the cell paths of a multi-cell column: time uuids for lists, elements for sets,
    /// keys for maps, field positions for user types.
    default CqlType pathType() {
        throw new IllegalStateException(cqlName() + " has no cell paths");
    }

    /// Checks a value that is not null. Natives allocate nothing.
    /// @throws InvalidValueException if the bytes are no value of this type
    default void validate(byte[] value, int offset, int length) {
        codec().validate(value, offset, length);
    }

    /// The number of bytes that is all that [#validate] asks for, [#ANY_WIDTH] if it takes any bytes, else
    /// [#NO_WIDTH]. Values of other lengths may be valid, too.
    default int plainWidth() {
        return codec().plainWidth();
    }

    default void validate(byte[] value) {
        codec().validate(value, 0, value.length);
    }

    /// Whether a constant of the kind may stand where this type is expected.
    default boolean accepts(LiteralKind kind) {
        return false;
    }

    /// As [#parseLiteral(LiteralKind, String, LongSupplier)] where nobody has a clock: the timestamp
    /// `now` is refused.
    default byte[] parseLiteral(LiteralKind kind, String text) {
        return parseLiteral(
                kind,
                text,
                () -> {
                    throw new InvalidValueException("'now' is not a constant here");
                });
    }

    /// The bytes of a constant.
    /// @param text as in the statement, without the quotes of a string
    /// @param clockMillis what the timestamp `now` means
    /// @throws InvalidValueException if the text is not one of this type
    default byte[] parseLiteral(LiteralKind kind, String text, LongSupplier clockMillis) {
        throw new InvalidValueException(
                "Invalid %s constant (%s) for type %s".formatted(kind, text, cqlName()));
    }

    /// The value as a CQL literal.
    default String format(byte @Nullable [] value, int offset, int length) {
        if (value == null || length < 0) {
            return "null";
        }
        StringBuilder out = new StringBuilder();
        codec().format(out, value, offset, length);
        return out.toString();
    }

    default String format(byte @Nullable [] value) {
        return format(value, 0, value == null ? -1 : value.length);
    }

    /// Appends the value as a component of a row key: a tag and a prefix-free payload. See the
    /// package for the payloads.
    default void encodeKey(
            byte @Nullable [] value, int offset, int length, boolean descending, ByteWriter out) {
        if (value == null || length < 0) {
            out.writeByte(RowKeys.TAG_ABSENT);
            return;
        }
        codec().encodeKey(value, offset, length, descending, out);
    }

    /// Where the component that starts at `at` ends.
    default int skipKey(byte[] key, int at, boolean descending) {
        if (key[at] != RowKeys.TAG_VALUE) {
            return at + 1;
        }
        return codec().skipPayload(key, at + 1, ValueCodec.mask(descending));
    }

    /// Appends the bytes of the component's value, and returns where the component ends. Nothing
    /// is appended for null and for the empty value; [#isNullKey] tells them apart.
    default int decodeKey(byte[] key, int at, boolean descending, ByteWriter out) {
        if (key[at] != RowKeys.TAG_VALUE) {
            return at + 1;
        }
        return codec().readPayload(key, at + 1, ValueCodec.mask(descending), out);
    }

    static boolean isNullKey(byte[] key, int at) {
        return key[at] == RowKeys.TAG_ABSENT;
    }

    /// Whether the value comes back from its key byte by byte. If not, the row must keep its bytes.
    default boolean keyIsCanonical(byte @Nullable [] value, int offset, int length) {
        return value == null || length <= 0 || codec().isCanonical(value, offset, length);
    }

    /// The type's order, for small sets in memory: it encodes both.
    default int compare(byte @Nullable [] a, byte @Nullable [] b) {
        ByteWriter keys = new ByteWriter();
        encodeKey(a, 0, a == null ? -1 : a.length, false, keys);
        int aLength = keys.length();
        encodeKey(b, 0, b == null ? -1 : b.length, false, keys);
        int bLength = keys.length() - aLength;
        return RowKeys.compare(keys.array(), 0, aLength, keys.array(), aLength, bLength);
    }
}
