package io.helenus.engine.types;

import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/// `map<key, value>`: entries in the order of their keys, each key once.
public final class MapType implements CqlType {
    private static final int WIRE_ID = 0x21;

    private final CqlType key;
    private final CqlType value;
    private final boolean frozen;
    private final MapCodec codec;

    public MapType(CqlType key, CqlType value, boolean frozen) {
        this.key = frozen ? key.freeze() : key;
        this.value = frozen ? value.freeze() : value;
        this.frozen = frozen;
        this.codec = new MapCodec(this.key, this.value);
    }

    public CqlType key() {
        return key;
    }

    public CqlType value() {
        return value;
    }

    @Override
    public String cqlName() {
        String name = "map<" + key.cqlName() + ", " + value.cqlName() + ">";
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
                frozen && !ignoreFreezing,
                "MapType("
                        + key.className(ignoreInside)
                        + ","
                        + value.className(ignoreInside)
                        + ")");
    }

    @Override
    public ValueCodec codec() {
        return codec;
    }

    @Override
    public List<CqlType> subTypes() {
        return List.of(key, value);
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
    public MapType freeze() {
        return frozen ? this : new MapType(key, value, true);
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
        CqlType newKey = key.withUserTypesReplaced(replacement);
        CqlType newValue = value.withUserTypesReplaced(replacement);
        boolean same = newKey.equals(key) && newValue.equals(value);
        return same ? this : new MapType(newKey, newValue, frozen);
    }

    @Override
    public CqlType pathType() {
        return key;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MapType that
                && key.equals(that.key)
                && value.equals(that.value)
                && frozen == that.frozen;
    }

    @Override
    public int hashCode() {
        return Objects.hash(WIRE_ID, key, value, frozen);
    }

    @Override
    public String toString() {
        return cqlName();
    }
}
