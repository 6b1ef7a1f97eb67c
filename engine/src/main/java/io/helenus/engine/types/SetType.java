package io.helenus.engine.types;

import java.util.List;
import java.util.function.UnaryOperator;

/// `set<element>`: elements in their order, each once.
public final class SetType implements CqlType {
    private static final int WIRE_ID = 0x22;

    private final CqlType element;
    private final boolean frozen;
    private final ListCodec codec;

    public SetType(CqlType element, boolean frozen) {
        this.element = frozen ? element.freeze() : element;
        this.frozen = frozen;
        this.codec = ListCodec.set(this.element);
    }

    public CqlType element() {
        return element;
    }

    @Override
    public String cqlName() {
        String name = "set<" + element.cqlName() + ">";
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
                frozen && !ignoreFreezing, "SetType(" + element.className(ignoreInside) + ")");
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
    public SetType freeze() {
        return frozen ? this : new SetType(element, true);
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
        return replaced.equals(element) ? this : new SetType(replaced, frozen);
    }

    @Override
    public CqlType pathType() {
        return element;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SetType that
                && element.equals(that.element)
                && frozen == that.frozen;
    }

    @Override
    public int hashCode() {
        return 31 * element.hashCode() + 0x22 + Boolean.hashCode(frozen);
    }

    @Override
    public String toString() {
        return cqlName();
    }
}
