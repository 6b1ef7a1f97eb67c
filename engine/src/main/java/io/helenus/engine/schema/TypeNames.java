package io.helenus.engine.schema;

import io.helenus.cql.ast.TypeName;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.InvalidValueException;
import io.helenus.engine.types.ListType;
import io.helenus.engine.types.MapType;
import io.helenus.engine.types.MarshalClassParser;
import io.helenus.engine.types.NativeType;
import io.helenus.engine.types.SetType;
import io.helenus.engine.types.TupleType;
import io.helenus.engine.types.UserType;
import io.helenus.engine.types.VectorType;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// Types as written in a statement → types, by Cassandra's rules of nesting and freezing.
public final class TypeNames {
    private final KeyspaceSchema keyspace;

    /// @param keyspace whose user types the statement may use
    public TypeNames(KeyspaceSchema keyspace) {
        this.keyspace = keyspace;
    }

    /// @throws CqlException if it is no type that may stand in a definition
    public CqlType resolve(TypeName name) {
        return switch (name) {
            case TypeName.Native(var type) -> ofNative(type);
            case TypeName.ListOf list -> collection(list, list.element(), list.element(), false);
            case TypeName.SetOf set -> collection(set, set.element(), set.element(), false);
            case TypeName.MapOf map -> collection(map, map.key(), map.value(), false);
            case TypeName.TupleOf tuple -> tuple(tuple);
            case TypeName.VectorOf(TypeName element, int dimensions) -> vector(element, dimensions);
            case TypeName.Frozen(TypeName inner) -> frozen(inner);
            case TypeName.UserDefined(var userType) -> {
                requireSameKeyspace(name);
                UserType found = keyspace.type(userType.name().text());
                if (found == null) {
                    throw CqlException.invalid(
                            "Unknown type %s.%s".formatted(keyspace.name(), userType.name()));
                }
                yield found;
            }
            case TypeName.Custom(String className) -> custom(className);
        };
    }

    private static CqlType ofNative(io.helenus.cql.ast.NativeType type) {
        if (type == io.helenus.cql.ast.NativeType.VARCHAR) {
            return NativeType.TEXT;
        }
        return Objects.requireNonNull(NativeType.byName(type.cqlName()), type.cqlName());
    }

    private CqlType frozen(TypeName inner) {
        return switch (inner) {
            case TypeName.ListOf list -> collection(list, list.element(), list.element(), true);
            case TypeName.SetOf set -> collection(set, set.element(), set.element(), true);
            case TypeName.MapOf map -> collection(map, map.key(), map.value(), true);
            default -> resolve(inner).freeze();
        };
    }

    /// @param key of a map; the element of a list or set
    private CqlType collection(TypeName name, TypeName key, TypeName value, boolean frozen) {
        boolean isMap = name instanceof TypeName.MapOf;
        String shown = text(frozen ? new TypeName.Frozen(name) : name);
        if (isCounter(value) || isCounter(key)) {
            throw CqlException.invalid("Counters are not allowed inside collections: " + shown);
        }
        if (!frozen) {
            requireFrozen(isMap ? List.of(key, value) : List.of(value), shown);
        }
        UnaryOperator<TypeName> nested = frozen ? TypeNames::freeze : UnaryOperator.identity();
        CqlType valueType = resolve(nested.apply(value));
        if (name instanceof TypeName.ListOf) {
            return new ListType(valueType, frozen);
        }
        boolean ofDurations = isDuration(key);
        if (ofDurations) {
            throw CqlException.invalid(
                    isMap
                            ? "Durations are not allowed as map keys: " + shown
                            : "Durations are not allowed inside sets: " + shown);
        }
        return isMap
                ? new MapType(resolve(nested.apply(key)), valueType, frozen)
                : new SetType(valueType, frozen);
    }

    private static void requireFrozen(List<TypeName> parts, String shown) {
        for (TypeName part : parts) {
            switch (part) {
                case TypeName.ListOf _, TypeName.SetOf _, TypeName.MapOf _ ->
                        throw CqlException.invalid(
                                "Non-frozen collections are not allowed inside collections: "
                                        + shown);
                case TypeName.UserDefined _ ->
                        throw CqlException.invalid(
                                "Non-frozen UDTs are not allowed inside collections: " + shown);
                default -> {}
            }
        }
    }

    /// What is inside of something frozen is frozen, said or not.
    private static TypeName freeze(TypeName name) {
        return switch (name) {
            case TypeName.ListOf _, TypeName.SetOf _, TypeName.MapOf _, TypeName.UserDefined _ ->
                    new TypeName.Frozen(name);
            default -> name;
        };
    }

    private CqlType tuple(TypeName.TupleOf tuple) {
        if (tuple.elements().stream().anyMatch(TypeNames::isCounter)) {
            throw CqlException.invalid("Counters are not allowed inside tuples");
        }
        return new TupleType(
                tuple.elements().stream().map(TypeNames::freeze).map(this::resolve).toList());
    }

    private CqlType vector(TypeName element, int dimensions) {
        if (dimensions <= 0) {
            throw CqlException.invalid(
                    "vectors may only have positive dimensions; given " + dimensions);
        }
        if (isCounter(element)) {
            throw CqlException.invalid("Counters are not allowed inside vectors");
        }
        return new VectorType(resolve(freeze(element)), dimensions);
    }

    private CqlType custom(String className) {
        CqlType type;
        try {
            type = MarshalClassParser.parse(className);
        } catch (InvalidValueException e) {
            throw CqlException.syntax(
                    "Error setting type %s: %s".formatted(className, e.getMessage()));
        }
        CqlType known =
                type.withUserTypesReplaced(user -> {
                    UserType ours = keyspace.type(user.name());
                    if (ours == null || !user.keyspace().equals(keyspace.name())) {
                        throw CqlException.invalid(
                                "Unknown type %s.%s".formatted(user.keyspace(), user.name()));
                    }
                    return ours;
                });
        if (known.isCounter()) {
            throw CqlException.invalid("Counters are not supported as a custom type");
        }
        return known;
    }

    private void requireSameKeyspace(TypeName name) {
        if (name instanceof TypeName.UserDefined(var userType)) {
            var other = userType.keyspace();
            if (other != null && !other.text().equals(keyspace.name())) {
                throw CqlException.invalid(
                        ("Statement on keyspace %s cannot refer to a user type in keyspace %s; user"
                                        + " types can only be used in the keyspace they are"
                                        + " defined in")
                                .formatted(keyspace.name(), other));
            }
        }
    }

    /// Refuses `frozen<…>` around what cannot be frozen. Asked before anything is looked up.
    static void checkFreezing(TypeName name) {
        if (name instanceof TypeName.Frozen(TypeName inner)
                && (inner instanceof TypeName.Native || inner instanceof TypeName.Custom)) {
            throw CqlException.syntax(
                    "frozen<> is only allowed on collections, tuples, and user-defined types (got "
                            + text(inner)
                            + ")");
        }
        parts(name).forEach(TypeNames::checkFreezing);
    }

    private static List<TypeName> parts(TypeName name) {
        return switch (name) {
            case TypeName.ListOf(TypeName element) -> List.of(element);
            case TypeName.SetOf(TypeName element) -> List.of(element);
            case TypeName.MapOf(TypeName key, TypeName value) -> List.of(key, value);
            case TypeName.TupleOf(List<TypeName> elements) -> elements;
            case TypeName.VectorOf(TypeName element, _) -> List.of(element);
            case TypeName.Frozen(TypeName inner) -> List.of(inner);
            case TypeName.Native _, TypeName.UserDefined _, TypeName.Custom _ -> List.of();
        };
    }

    static boolean isCounter(TypeName name) {
        return name instanceof TypeName.Native(var type)
                && type == io.helenus.cql.ast.NativeType.COUNTER;
    }

    private static boolean isDuration(TypeName name) {
        return name instanceof TypeName.Native(var type)
                && type == io.helenus.cql.ast.NativeType.DURATION;
    }

    static boolean isUserType(TypeName name) {
        return name instanceof TypeName.UserDefined;
    }

    /// The type as written, as error messages show it.
    static String text(TypeName name) {
        return switch (name) {
            case TypeName.Native(var type) -> ofNative(type).cqlName();
            case TypeName.ListOf(TypeName element) -> "list<" + text(element) + ">";
            case TypeName.SetOf(TypeName element) -> "set<" + text(element) + ">";
            case TypeName.MapOf(TypeName key, TypeName value) ->
                    "map<" + text(key) + ", " + text(value) + ">";
            case TypeName.TupleOf(List<TypeName> elements) ->
                    elements.stream()
                            .map(TypeNames::text)
                            .collect(Collectors.joining(", ", "tuple<", ">"));
            case TypeName.VectorOf(TypeName element, int dimensions) ->
                    "vector<" + text(element) + ", " + dimensions + ">";
            case TypeName.Frozen(TypeName inner) -> "frozen<" + text(inner) + ">";
            case TypeName.UserDefined(var userType) -> userType.toString();
            case TypeName.Custom(String className) -> "'" + className + "'";
        };
    }

    /// The type with each user type spelled out as a tuple of its fields, as a dropped column keeps
    /// it: the definitions may go.
    static CqlType expanded(CqlType type) {
        return switch (type) {
            case UserType user ->
                    new TupleType(user.fieldTypes().stream().map(TypeNames::expanded).toList());
            case ListType list -> new ListType(expanded(list.element()), list.isFrozen());
            case SetType set -> new SetType(expanded(set.element()), set.isFrozen());
            case MapType map ->
                    new MapType(expanded(map.key()), expanded(map.value()), map.isFrozen());
            case TupleType tuple ->
                    new TupleType(tuple.components().stream().map(TypeNames::expanded).toList());
            case VectorType vector ->
                    new VectorType(expanded(vector.element()), vector.dimension());
            default -> type;
        };
    }
}
