package io.helenus.engine.types;

import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;

/// What lists, sets and maps share. One that is not frozen has a cell per element, whose path tells
/// which; in a frozen one everything inside is frozen, too, and it is one value.
public abstract sealed class CollectionType implements CqlType permits ListType, SetType, MapType {
    private final String name;
    private final String className;
    private final int wireId;
    private final boolean frozen;
    private final List<CqlType> parts;

    /// @param name as CQL has it
    /// @param className without its package
    /// @param parts frozen if the collection is
    CollectionType(String name, String className, int wireId, boolean frozen, CqlType... parts) {
        this.name = name;
        this.className = className;
        this.wireId = wireId;
        this.frozen = frozen;
        this.parts = List.of(parts);
    }

    static CqlType inside(CqlType part, boolean frozen) {
        return frozen ? part.freeze() : part;
    }

    /// The same collection of other parts.
    abstract CollectionType of(List<CqlType> newParts, boolean newFrozen);

    @Override
    public final String cqlName() {
        StringJoiner names = new StringJoiner(", ", name + "<", ">");
        parts.forEach(part -> names.add(part.cqlName()));
        return frozen ? "frozen<" + names + ">" : names.toString();
    }

    @Override
    public final int wireId() {
        return wireId;
    }

    @Override
    public final String className(boolean ignoreFreezing) {
        boolean ignoreInside = ignoreFreezing || frozen;
        StringJoiner names = new StringJoiner(",", className + "(", ")");
        parts.forEach(part -> names.add(part.className(ignoreInside)));
        return Names.frozenClass(frozen && !ignoreFreezing, names.toString());
    }

    @Override
    public final List<CqlType> subTypes() {
        return parts;
    }

    @Override
    public final boolean isMultiCell() {
        return !frozen;
    }

    @Override
    public final boolean isFrozen() {
        return frozen;
    }

    @Override
    public final CqlType freeze() {
        return frozen ? this : of(parts, true);
    }

    @Override
    public final boolean isCollection() {
        return true;
    }

    @Override
    public final boolean isEmptyAllowed() {
        return false;
    }

    @Override
    public final CqlType withUserTypesReplaced(UnaryOperator<UserType> replacement) {
        List<CqlType> replaced =
                parts.stream().map(part -> part.withUserTypesReplaced(replacement)).toList();
        return replaced.equals(parts) ? this : of(replaced, frozen);
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof CollectionType that
                && wireId == that.wireId
                && frozen == that.frozen
                && parts.equals(that.parts);
    }

    @Override
    public final int hashCode() {
        return Objects.hash(wireId, frozen, parts);
    }

    @Override
    public final String toString() {
        return cqlName();
    }
}
