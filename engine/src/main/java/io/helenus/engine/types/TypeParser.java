package io.helenus.engine.types;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads types from text: CQL (`frozen<map<text, int>>`) and Cassandra's marshal classes. Used
/// when schema is read back; the types of statements come from the syntax tree.
public final class TypeParser {
    private static final int DEPTH_MAX = 100;

    private final String text;
    private final UserTypes userTypes;
    private int at;
    private int depth;

    /// Finds user types by name.
    @FunctionalInterface
    public interface UserTypes {
        UserTypes NONE = (keyspace, name) -> null;

        /// @param keyspace null if the text names none
        @Nullable UserType find(@Nullable String keyspace, String name);
    }

    private TypeParser(String text, UserTypes userTypes) {
        this.text = text;
        this.userTypes = userTypes;
    }

    /// @throws InvalidValueException if the text is no type, or names an unknown one
    public static CqlType parse(String text, UserTypes userTypes) {
        TypeParser parser = new TypeParser(text, userTypes);
        CqlType type = parser.type();
        parser.skipSpace();
        if (parser.at != text.length()) {
            throw parser.error("the end");
        }
        return type;
    }

    public static CqlType parse(String text) {
        return parse(text, UserTypes.NONE);
    }

    private CqlType type() {
        if (++depth > DEPTH_MAX) {
            throw new InvalidValueException(
                    "Type is nested more than %d deep: %s".formatted(DEPTH_MAX, text));
        }
        skipSpace();
        CqlType type = peek() == '\'' ? custom() : named();
        depth--;
        return type;
    }

    private CqlType custom() {
        int end = text.indexOf('\'', at + 1);
        if (end < 0) {
            throw error("a closing quote");
        }
        String className = text.substring(at + 1, end);
        at = end + 1;
        try {
            return MarshalClassParser.parse(className);
        } catch (InvalidValueException e) {
            throw new InvalidValueException(
                    "Error setting type " + className + ": " + e.getMessage(), e);
        }
    }

    private CqlType named() {
        boolean quoted = peek() == '"';
        String name = name();
        skipSpace();
        if (!quoted && peek() == '<') {
            return generic(name);
        }
        if (peek() == '.') {
            at++;
            return userType(name, name());
        }
        NativeType nativeType = quoted ? null : NativeType.byName(name);
        if (nativeType != null) {
            return nativeType;
        }
        UserType userType = userTypes.find(null, name);
        if (userType == null && name.equals("empty")) {
            return NativeType.EMPTY; // only schema that is read back has it
        }
        return userType != null ? userType : userType(null, name);
    }

    private CqlType generic(String name) {
        expect('<');
        CqlType first = name.equals("tuple") ? tuple() : type();
        CqlType result =
                switch (name) {
                    case "frozen" -> frozen(first);
                    case "tuple" -> first;
                    case "list" -> new ListType(first, false);
                    case "set" -> new SetType(first, false);
                    case "map" -> {
                        expect(',');
                        yield new MapType(first, type(), false);
                    }
                    case "vector" -> {
                        expect(',');
                        yield new VectorType(first, number());
                    }
                    default -> throw new InvalidValueException("Unknown type " + name + "<…>");
                };
        expect('>');
        return result;
    }

    private static CqlType frozen(CqlType type) {
        if (type instanceof NativeType || type instanceof CustomType) {
            throw new InvalidValueException(
                    "frozen<> is only allowed on collections, tuples, and user-defined types (got %s)"
                            .formatted(type));
        }
        return type.freeze();
    }

    private CqlType tuple() {
        List<CqlType> components = new ArrayList<>();
        do {
            components.add(type());
            skipSpace();
        } while (take(','));
        return new TupleType(components);
    }

    private CqlType userType(@Nullable String keyspace, String name) {
        UserType type = userTypes.find(keyspace, name);
        if (type == null) {
            throw new InvalidValueException(
                    "Unknown type " + (keyspace == null ? name : keyspace + "." + name));
        }
        return type;
    }

    private String name() {
        skipSpace();
        if (peek() == '"') {
            return quotedName();
        }
        int start = at;
        while (Character.isLetterOrDigit(peek()) || peek() == '_') {
            at++;
        }
        if (at == start) {
            throw error("a type");
        }
        return text.substring(start, at).toLowerCase(Locale.ROOT);
    }

    private String quotedName() {
        StringBuilder name = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '"') {
                name.append(c);
            } else if (peek() == '"') {
                name.append(c);
                at++;
            } else {
                return name.toString();
            }
        }
        throw error("a closing quote");
    }

    private int number() {
        skipSpace();
        int start = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        try {
            return Integer.parseInt(text, start, at, 10);
        } catch (NumberFormatException e) {
            throw error("a number");
        }
    }

    private void expect(char c) {
        skipSpace();
        if (!take(c)) {
            throw error("'" + c + "'");
        }
    }

    private boolean take(char c) {
        if (peek() != c) {
            return false;
        }
        at++;
        return true;
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private void skipSpace() {
        while (Character.isWhitespace(peek())) {
            at++;
        }
    }

    private InvalidValueException error(String expected) {
        return new InvalidValueException(
                "Expected %s at position %d of type '%s'".formatted(expected, at, text));
    }
}
