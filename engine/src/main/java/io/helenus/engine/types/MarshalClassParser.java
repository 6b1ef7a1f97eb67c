package io.helenus.engine.types;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Reads Cassandra's marshal class names, such as
/// `org.apache.cassandra.db.marshal.ListType(org.apache.cassandra.db.marshal.Int32Type)`. The
/// package may be left out.
public final class MarshalClassParser {
    private static final int DEPTH_MAX = 100;

    private static final Map<String, NativeType> NATIVES =
            Arrays.stream(NativeType.values())
                    .collect(
                            Collectors.toUnmodifiableMap(
                                    type -> type.className().substring(NativeType.PACKAGE.length()),
                                    type -> type));

    /// Other names of native types.
    private static final Map<String, NativeType> ALIASES =
            Map.of(
                    "DateType", NativeType.TIMESTAMP,
                    "LegacyTimeUUIDType", NativeType.TIMEUUID);

    /// Classes that CQL has no name for; their values are bytes to us.
    private static final Set<String> OPAQUE =
            Set.of("LexicalUUIDType", "CompositeType", "DynamicCompositeType");

    private final String text;
    private int at;
    private int depth;

    private MarshalClassParser(String text) {
        this.text = text;
    }

    /// @throws InvalidValueException if there is no such class
    public static CqlType parse(String className) {
        MarshalClassParser parser = new MarshalClassParser(className);
        CqlType type = parser.type();
        if (parser.at != className.length()) {
            throw parser.error();
        }
        return type;
    }

    private CqlType type() {
        if (++depth > DEPTH_MAX) {
            throw error();
        }
        String full = token();
        String name =
                full.startsWith(NativeType.PACKAGE)
                        ? full.substring(NativeType.PACKAGE.length())
                        : full;
        CqlType type = named(full, name);
        depth--;
        return type;
    }

    private CqlType named(String full, String name) {
        NativeType nativeType = NATIVES.getOrDefault(name, ALIASES.get(name));
        if (nativeType != null) {
            return nativeType;
        }
        if (OPAQUE.contains(name)) {
            return opaque(name);
        }
        return switch (name) {
            case "UserType" -> userType();
            case "VectorType" -> vector();
            case "ListType" -> new ListType(parameters(1).getFirst(), false);
            case "SetType" -> new SetType(parameters(1).getFirst(), false);
            case "FrozenType" -> parameters(1).getFirst().freeze();
            case "ReversedType" -> parameters(1).getFirst();
            case "TupleType" -> new TupleType(parameters(0));
            case "MapType" -> {
                List<CqlType> types = parameters(2);
                yield new MapType(types.getFirst(), types.getLast(), false);
            }
            default ->
                    throw new InvalidValueException(
                            "Unable to find abstract-type class '" + full + "'");
        };
    }

    /// @param count how many there must be, or 0 for any number
    private List<CqlType> parameters(int count) {
        List<CqlType> types = new ArrayList<>();
        expect('(');
        do {
            types.add(type());
        } while (take(','));
        expect(')');
        if (count != 0 && types.size() != count) {
            throw error();
        }
        return types;
    }

    private CqlType vector() {
        expect('(');
        CqlType element = type();
        expect(',');
        String dimension = token();
        expect(')');
        try {
            return new VectorType(element, Integer.parseInt(dimension));
        } catch (NumberFormatException e) {
            throw error();
        }
    }

    private CqlType userType() {
        expect('(');
        String keyspace = token();
        expect(',');
        String name = hexToken();
        List<String> fieldNames = new ArrayList<>();
        List<CqlType> fieldTypes = new ArrayList<>();
        while (take(',')) {
            fieldNames.add(hexToken());
            expect(':');
            fieldTypes.add(type());
        }
        expect(')');
        return new UserType(keyspace, name, fieldNames, fieldTypes, false);
    }

    /// A class whose parameters are types, or types with an alias before each.
    private CqlType opaque(String name) {
        StringBuilder className = new StringBuilder(NativeType.PACKAGE).append(name);
        if (take('(')) {
            char separator = '(';
            do {
                className.append(separator);
                int aliasEnd = text.indexOf("=>", at);
                if (aliasEnd == at + 1) {
                    className.append(text, at, aliasEnd + 2);
                    at = aliasEnd + 2;
                }
                className.append(type().className());
                separator = ',';
            } while (take(','));
            expect(')');
            className.append(')');
        }
        return new CustomType(className.toString());
    }

    private String hexToken() {
        try {
            return new String(HexFormat.of().parseHex(token()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw error();
        }
    }

    private String token() {
        skipSpace();
        int start = at;
        while (at < text.length() && "(),: ".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
    }

    private void expect(char c) {
        if (!take(c)) {
            throw error();
        }
    }

    private boolean take(char c) {
        skipSpace();
        if (at == text.length() || text.charAt(at) != c) {
            return false;
        }
        at++;
        skipSpace();
        return true;
    }

    private void skipSpace() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private InvalidValueException error() {
        return new InvalidValueException(
                "Cannot parse class name '%s' at position %d".formatted(text, at));
    }
}
