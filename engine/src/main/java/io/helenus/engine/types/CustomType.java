package io.helenus.engine.types;

import java.util.function.LongSupplier;

/// A Java class of Cassandra's as type, such as `'org.apache.cassandra.db.marshal.LexicalUUIDType'`.
/// Its values are bytes and sort as such.
public final class CustomType implements CqlType {
    private final String className;

    public CustomType(String className) {
        this.className = className;
    }

    @Override
    public String cqlName() {
        return "'" + className + "'";
    }

    @Override
    public int wireId() {
        return 0;
    }

    @Override
    public String className(boolean ignoreFreezing) {
        return className;
    }

    @Override
    public ValueCodec codec() {
        return NativeType.BLOB.codec();
    }

    /// Any constant may be given to a custom type, but only blobs have a meaning for us.
    @Override
    public boolean accepts(LiteralKind kind) {
        return kind == LiteralKind.HEX;
    }

    @Override
    public byte[] parseLiteral(LiteralKind kind, String text, LongSupplier clockMillis) {
        return accepts(kind)
                ? NativeType.BLOB.parseLiteral(kind, text, clockMillis)
                : CqlType.super.parseLiteral(kind, text, clockMillis);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CustomType that && className.equals(that.className);
    }

    @Override
    public int hashCode() {
        return className.hashCode();
    }

    @Override
    public String toString() {
        return cqlName();
    }
}
