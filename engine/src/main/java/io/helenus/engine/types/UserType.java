package io.helenus.engine.types;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/// A type made by CREATE TYPE: named fields, of which each may be null.
public final class UserType implements CqlType {
    private static final int WIRE_ID = 0x30;

    private final String keyspace;
    private final String name;
    private final List<String> fieldNames;
    private final List<CqlType> fieldTypes;
    private final boolean frozen;
    private final TupleCodec codec;

    public UserType(
            String keyspace,
            String name,
            List<String> fieldNames,
            List<? extends CqlType> fieldTypes,
            boolean frozen) {
        if (fieldNames.size() != fieldTypes.size()) {
            throw new IllegalArgumentException(
                    "%s.%s has %d field names and %d field types"
                            .formatted(keyspace, name, fieldNames.size(), fieldTypes.size()));
        }
        this.keyspace = keyspace;
        this.name = name;
        this.fieldNames = List.copyOf(fieldNames);
        this.fieldTypes = List.copyOf(fieldTypes);
        this.frozen = frozen;
        this.codec = new TupleCodec.User(this.fieldNames, this.fieldTypes);
    }

    public String keyspace() {
        return keyspace;
    }

    public String name() {
        return name;
    }

    public List<String> fieldNames() {
        return fieldNames;
    }

    public List<CqlType> fieldTypes() {
        return fieldTypes;
    }

    /// The position of a field, or -1.
    public int fieldIndex(String fieldName) {
        return fieldNames.indexOf(fieldName);
    }

    @Override
    public String cqlName() {
        String plain = Names.maybeQuote(name);
        return frozen ? "frozen<" + plain + ">" : plain;
    }

    @Override
    public int wireId() {
        return WIRE_ID;
    }

    @Override
    public String className(boolean ignoreFreezing) {
        boolean ignoreInside = ignoreFreezing || frozen;
        StringBuilder text = new StringBuilder("UserType(");
        text.append(keyspace).append(',').append(hex(name));
        for (int i = 0; i < fieldNames.size(); i++) {
            text.append(',').append(hex(fieldNames.get(i)));
            text.append(':').append(fieldTypes.get(i).className(ignoreInside));
        }
        text.append(')');
        return Names.frozenClass(frozen && !ignoreFreezing, text.toString());
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public ValueCodec codec() {
        return codec;
    }

    @Override
    public List<CqlType> subTypes() {
        return fieldTypes;
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
    public UserType freeze() {
        return withFrozen(true);
    }

    public UserType withFrozen(boolean frozen) {
        return frozen == this.frozen
                ? this
                : new UserType(keyspace, name, fieldNames, fieldTypes, frozen);
    }

    @Override
    public boolean referencesUserType(String keyspace, String name) {
        return isNamed(keyspace, name) || CqlType.super.referencesUserType(keyspace, name);
    }

    public boolean isNamed(String keyspace, String name) {
        return this.keyspace.equals(keyspace) && this.name.equals(name);
    }

    @Override
    public UserType withUserTypesReplaced(UnaryOperator<UserType> replacement) {
        List<CqlType> replaced =
                fieldTypes.stream().map(type -> type.withUserTypesReplaced(replacement)).toList();
        UserType inner =
                replaced.equals(fieldTypes)
                        ? this
                        : new UserType(keyspace, name, fieldNames, replaced, frozen);
        return replacement.apply(inner).withFrozen(frozen);
    }

    @Override
    public CqlType pathType() {
        return NativeType.SMALLINT;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UserType that
                && keyspace.equals(that.keyspace)
                && name.equals(that.name)
                && fieldNames.equals(that.fieldNames)
                && fieldTypes.equals(that.fieldTypes)
                && frozen == that.frozen;
    }

    @Override
    public int hashCode() {
        return Objects.hash(keyspace, name, fieldNames, fieldTypes, frozen);
    }

    @Override
    public String toString() {
        return cqlName();
    }
}
