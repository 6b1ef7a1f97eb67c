package io.helenus.engine.schema;

import io.helenus.cql.ast.Property;
import io.helenus.engine.error.CqlException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The `name = value` pairs of a WITH clause, read by kind. Its errors are in Cassandra's words.
final class Properties {
    private sealed interface Value {}

    private record Text(String text) implements Value {}

    private record Entries(Map<String, String> map) implements Value {}

    private final Map<String, Value> values = new LinkedHashMap<>();

    static Properties of(List<Property> properties) {
        Properties result = new Properties();
        for (Property property : properties) {
            String name = property.name().text().toLowerCase(Locale.ROOT);
            Value value =
                    switch (property.value()) {
                        case Property.Scalar(var literal) -> new Text(literal.text());
                        case Property.Word(String word) -> new Text(word);
                        case Property.MapValue(var entries) -> new Entries(toMap(entries));
                    };
            if (result.values.putIfAbsent(name, value) != null) {
                throw CqlException.syntax("Multiple definitions for property '" + name + "'");
            }
        }
        return result;
    }

    /// Properties that were valid once: texts and maps.
    static Properties ofStored(Map<String, Object> stored) {
        Properties result = new Properties();
        stored.forEach((name, value) -> {
            if (value instanceof Map<?, ?> map) {
                Map<String, String> texts = new LinkedHashMap<>();
                map.forEach((key, text) -> texts.put(key.toString(), text.toString()));
                result.values.put(name, new Entries(texts));
            } else {
                result.values.put(name, new Text(value.toString()));
            }
        });
        return result;
    }

    private static Map<String, String> toMap(List<Property.Entry> entries) {
        Map<String, String> map = new LinkedHashMap<>();
        for (Property.Entry entry : entries) {
            map.put(entry.key().text(), entry.value().text());
        }
        return map;
    }

    /// Refuses a name that is not among these.
    void requireKnown(Set<String> known) {
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                throw CqlException.syntax("Unknown property '" + name + "'");
            }
        }
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    @Nullable String text(String name) {
        return switch (values.get(name)) {
            case null -> null;
            case Text(String text) -> text;
            case Entries _ ->
                    throw CqlException.syntax(
                            "Invalid value for property '%s'. It should be a string"
                                    .formatted(name));
        };
    }

    @Nullable Map<String, String> map(String name) {
        return switch (values.get(name)) {
            case null -> null;
            case Entries(Map<String, String> map) -> map;
            case Text _ ->
                    throw CqlException.syntax(
                            "Invalid value for property '%s'. It should be a map.".formatted(name));
        };
    }

    boolean bool(String name, boolean otherwise) {
        String text = text(name);
        if (text == null) {
            return otherwise;
        }
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "1", "true", "yes" -> true;
            case "0", "false", "no" -> false;
            default ->
                    throw CqlException.syntax(
                            ("Invalid boolean value %s for '%s'. Positive values can be '1', 'true'"
                                            + " or 'yes'. Negative values can be '0', 'false' or"
                                            + " 'no'.")
                                    .formatted(text, name));
        };
    }

    /// A table id.
    @Nullable UUID uuid(String name) {
        String text = text(name);
        try {
            return text == null ? null : UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw CqlException.config("Invalid table id");
        }
    }

    int integer(String name, int otherwise) {
        String text = text(name);
        if (text == null) {
            return otherwise;
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw CqlException.syntax("Invalid integer value %s for '%s'".formatted(text, name));
        }
    }

    double number(String name, double otherwise) {
        String text = text(name);
        if (text == null) {
            return otherwise;
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw CqlException.syntax("Invalid double value %s for '%s'".formatted(text, name));
        }
    }
}
