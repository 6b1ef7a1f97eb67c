package io.helenus.engine.types;

import java.util.List;
import java.util.function.UnaryOperator;

/// `list<element>`.
public final class ListType implements CqlType {
    private static final int WIRE_ID = 0x20;

    private final CqlType element;
    private final boolean frozen;
    private final ListCodec codec;

    public ListType(CqlType element, boolean frozen) {
        this.element = frozen ? element.freeze() : element;
        this.frozen = frozen;
        this.codec = ListCodec.list(this.element);
    }

    public CqlType element() {
        return element;
    }

    @Override
    public String cqlName() {
        String name = "list<" + element.cqlName() + ">";
        return frozen ? "frozen<" + name + ">" : name;
    }

    @Override
    public int wireId() {
        return WIRE_ID;
    }

    @Override
    public String className(boolean ignoreFreezing) {
        boolean ignoreInside = ignoreFreezing || frozen;
        return Names.frozenClass(
                frozen && !ignoreFreezing, "ListType(" + element.className(ignoreInside) + ")");
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
    public boolean isMultiCell() {
        return !frozen;
    }

    @Override
    public boolean isFrozen() {
        return frozen;
    }

    @Override
    public ListType freeze() {
        return frozen ? this : new ListType(element, true);
    }

    @Override
    public boolean isCollection() {
        return true;
    }

    @Override
    public boolean isEmptyAllowed() {
        return false;
    }

    @Override
    public CqlType withUserTypesReplaced(UnaryOperator<UserType> replacement) {
        CqlType replaced = element.withUserTypesReplaced(replacement);
        return replaced.equals(element) ? this : new ListType(replaced, frozen);
    }

    @Override
    public CqlType pathType() {
        return NativeType.TIMEUUID;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ListType that
                && element.equals(that.element)
                && frozen == that.frozen;
    }

    @Override
    public int hashCode() {
        return 31 * element.hashCode() + 0x20 + Boolean.hashCode(frozen);
    }

    @Override
    public String toString() {
        return cqlName();
    }
}
