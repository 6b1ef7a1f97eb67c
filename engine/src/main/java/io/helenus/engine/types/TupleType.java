package io.helenus.engine.types;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// `tuple<…>`: always frozen, and so is what it is made of.
public final class TupleType implements CqlType {
    private static final int WIRE_ID = 0x31;

    private final List<CqlType> components;
    private final TupleCodec codec;

    public TupleType(List<? extends CqlType> components) {
        this.components = components.stream().map(CqlType::freeze).toList();
        this.codec = new TupleCodec(this.components);
    }

    public List<CqlType> components() {
        return components;
    }

    @Override
    public String cqlName() {
        return components.stream()
                .map(CqlType::cqlName)
                .collect(Collectors.joining(", ", "frozen<tuple<", ">>"));
    }

    @Override
    public int wireId() {
        return WIRE_ID;
    }

    @Override
    public String className(boolean ignoreFreezing) {
        return components.stream()
                .map(type -> type.className(true))
                .collect(Collectors.joining(",", NativeType.PACKAGE + "TupleType(", ")"));
    }

    @Override
    public ValueCodec codec() {
        return codec;
    }

    @Override
    public List<CqlType> subTypes() {
        return components;
    }

    @Override
    public boolean isFrozen() {
        return true;
    }

    @Override
    public CqlType withUserTypesReplaced(UnaryOperator<UserType> replacement) {
        List<CqlType> replaced =
                components.stream().map(type -> type.withUserTypesReplaced(replacement)).toList();
        return replaced.equals(components) ? this : new TupleType(replaced);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TupleType that && components.equals(that.components);
    }

    @Override
    public int hashCode() {
        return components.hashCode();
    }

    @Override
    public String toString() {
        return cqlName();
    }
}
