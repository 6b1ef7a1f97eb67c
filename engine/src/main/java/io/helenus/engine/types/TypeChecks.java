package io.helenus.engine.types;

import org.jspecify.annotations.Nullable;

/// Which types may be made of which, and which may be keys, with Cassandra's words for the refusal.
public final class TypeChecks {
    private TypeChecks() {}

    /// What is wrong with a type as written in a statement, before anything in it was frozen by
    /// what surrounds it; null if nothing is.
    public static @Nullable String refusal(CqlType type) {
        for (CqlType part : type.subTypes()) {
            String refusal = refusal(part);
            if (refusal != null) {
                return refusal;
            }
        }
        return switch (type) {
            case ListType list -> elementRefusal(type, list.element());
            case SetType set -> {
                String refusal = elementRefusal(type, set.element());
                boolean isDuration = set.element() == NativeType.DURATION;
                yield refusal == null && isDuration
                        ? "Durations are not allowed inside sets: " + type
                        : refusal;
            }
            case MapType map -> mapRefusal(map);
            case TupleType tuple ->
                    tuple.components().contains(NativeType.COUNTER)
                            ? "Counters are not allowed inside tuples"
                            : null;
            case VectorType vector ->
                    vector.element().isCounter() ? "Counters are not allowed inside vectors" : null;
            case UserType user ->
                    user.fieldTypes().contains(NativeType.COUNTER)
                            ? "A user type cannot contain counters"
                            : null;
            case NativeType _, CustomType _ -> null;
        };
    }

    private static @Nullable String mapRefusal(MapType map) {
        if (map.key() == NativeType.DURATION) {
            return "Durations are not allowed as map keys: " + map;
        }
        String refusal = elementRefusal(map, map.key());
        return refusal != null ? refusal : elementRefusal(map, map.value());
    }

    private static @Nullable String elementRefusal(CqlType type, CqlType element) {
        if (element.isCounter()) {
            return "Counters are not allowed inside collections: " + type;
        }
        if (!element.isMultiCell()) {
            return null;
        }
        return element instanceof UserType
                ? "Non-frozen UDTs are not allowed inside collections: " + type
                : "Non-frozen collections are not allowed inside collections: " + type;
    }

    /// Why a primary key column may not have the type, or null if it may.
    public static @Nullable String keyRefusal(CqlType type, String column) {
        if (type instanceof UserType user && user.isMultiCell()) {
            return "Invalid non-frozen user-defined type \"%s.%s\" for PRIMARY KEY column '%s'"
                    .formatted(user.keyspace(), user.name(), column);
        }
        if (type.isMultiCell()) {
            return "Invalid non-frozen collection type %s for PRIMARY KEY column '%s'"
                    .formatted(type, column);
        }
        if (type.referencesCounter()) {
            return "counter type is not supported for PRIMARY KEY column '%s'".formatted(column);
        }
        if (type.referencesDuration()) {
            return "duration type is not supported for PRIMARY KEY column '%s'".formatted(column);
        }
        return null;
    }
}
