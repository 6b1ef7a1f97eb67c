package io.helenus.engine.types;

import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/// `vector<element, dimension>`. Clients know it as a custom type whose class name they parse.
public final class VectorType implements CqlType {
    private final CqlType element;
    private final int dimension;
    private final VectorCodec codec;

    public VectorType(CqlType element, int dimension) {
        if (dimension <= 0) {
            throw new InvalidValueException(
                    "vectors may only have positive dimensions; given " + dimension);
        }
        this.element = element;
        this.dimension = dimension;
        this.codec = new VectorCodec(this.element, dimension);
    }

    public CqlType element() {
        return element;
    }

    public int dimension() {
        return dimension;
    }

    /// Bytes of each element, or -1 if a length precedes each.
    public int elementLength() {
        return element.fixedLength();
    }

    @Override
    public String cqlName() {
        return cqlName(element, dimension);
    }

    static String cqlName(CqlType element, int dimension) {
        return "vector<" + element.cqlName() + ", " + dimension + ">";
    }

    @Override
    public int wireId() {
        return 0;
    }

    @Override
    public String className(boolean ignoreFreezing) {
        return "%sVectorType(%s , %d)"
                .formatted(NativeType.PACKAGE, element.className(ignoreFreezing), dimension);
    }

    @Override
    public ValueCodec codec() {
        return codec;
    }

    @Override
    public List<CqlType> subTypes() {
        return List.of(element);
    }

    @Override
    public int fixedLength() {
        return elementLength() < 0 ? -1 : elementLength() * dimension;
    }

    @Override
    public boolean isEmptyAllowed() {
        return false;
    }

    /// As Cassandra has it: vectors of durations may be keys.
    @Override
    public boolean referencesDuration() {
        return false;
    }

    @Override
    public CqlType withUserTypesReplaced(UnaryOperator<UserType> replacement) {
        CqlType replaced = element.withUserTypesReplaced(replacement);
        return replaced.equals(element) ? this : new VectorType(replaced, dimension);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VectorType that
                && element.equals(that.element)
                && dimension == that.dimension;
    }

    @Override
    public int hashCode() {
        return Objects.hash(element, dimension);
    }

    @Override
    public String toString() {
        return cqlName();
    }
}
