package io.helenus.tools.bulk;

import io.helenus.engine.json.Json;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.CustomType;
import io.helenus.engine.types.Elements;
import io.helenus.engine.types.ListType;
import io.helenus.engine.types.MapType;
import io.helenus.engine.types.Names;
import io.helenus.engine.types.NativeType;
import io.helenus.engine.types.SetType;
import io.helenus.engine.types.TupleType;
import io.helenus.engine.types.UserType;
import io.helenus.engine.types.VectorType;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Turns values into texts that [ValueReader] turns back (see the package). Stateless.
final class ValueWriter {
    private static final String EMPTY = "0x";
    private static final int DATE_CHARS = "2024-05-01".length();
    private static final int ISO_CHARS = "2024-05-01T10:00:00.000Z".length();

    private final boolean json;

    /// @param json whether literals are JSON's; else they are CQL's
    ValueWriter(boolean json) {
        this.json = json;
    }

    /// The text of a field of CSV.
    String field(CqlType type, byte[] value) {
        if (type == NativeType.TEXT || type == NativeType.ASCII) {
            return new String(value, StandardCharsets.UTF_8);
        }
        StringBuilder out = new StringBuilder();
        if (isScalar(type)) {
            out.append(plain(type, value, 0, value.length));
        } else {
            write(type, value, 0, value.length, out);
        }
        return out.toString();
    }

    private static boolean isScalar(CqlType type) {
        return type instanceof NativeType || type instanceof CustomType;
    }

    /// A scalar without quotes.
    private String plain(CqlType type, byte[] value, int offset, int length) {
        if (length == 0) {
            return EMPTY;
        }
        String literal = type.format(value, offset, length);
        boolean isQuoted = literal.length() > 1 && literal.charAt(0) == '\'';
        String text =
                isQuoted ? literal.substring(1, literal.length() - 1).replace("''", "'") : literal;
        return !json && type == NativeType.TIMESTAMP ? asCopy(text) : text;
    }

    /// A timestamp as COPY of Cassandra's cqlsh writes it. Of one with `T` and `Z`, COPY FROM takes the
    /// date, and no time.
    private static String asCopy(String iso) {
        boolean isUsual = iso.length() == ISO_CHARS && iso.charAt(DATE_CHARS) == 'T';
        return isUsual
                ? iso.substring(0, DATE_CHARS)
                        + ' '
                        + iso.substring(DATE_CHARS + 1, ISO_CHARS - 1)
                        + "+0000"
                : iso;
    }

    /// Appends a literal.
    ///
    /// @param length negative for null
    void write(CqlType type, byte[] value, int offset, int length, StringBuilder out) {
        if (length < 0) {
            out.append("null");
            return;
        }
        switch (type) {
            case ListType list -> sequence(type, list.element(), "[]", value, offset, length, out);
            case VectorType vector ->
                    sequence(type, vector.element(), "[]", value, offset, length, out);
            case SetType set ->
                    sequence(type, set.element(), json ? "[]" : "{}", value, offset, length, out);
            case MapType map -> map(map, value, offset, length, out);
            case TupleType tuple ->
                    components(type, tuple.components(), value, offset, length, out);
            case UserType user -> fields(user, value, offset, length, out);
            case NativeType _, CustomType _ -> scalar(type, value, offset, length, out);
        }
    }

    private void scalar(CqlType type, byte[] value, int offset, int length, StringBuilder out) {
        boolean isText = type == NativeType.TEXT || type == NativeType.ASCII;
        String text =
                isText
                        ? new String(value, offset, length, StandardCharsets.UTF_8)
                        : plain(type, value, offset, length);
        if (json) {
            if (isBare(type, text)) {
                out.append(text);
            } else {
                Json.quote(out, text);
            }
            return;
        }
        boolean isQuoted =
                isText
                        || type == NativeType.INET
                        || type == NativeType.DATE
                        || type == NativeType.TIME
                        || type == NativeType.TIMESTAMP;
        if (isQuoted && (isText || length > 0)) {
            out.append('\'').append(text.replace("'", "''")).append('\'');
        } else {
            out.append(text);
        }
    }

    /// Whether JSON writes it without quotes.
    private static boolean isBare(CqlType type, String text) {
        if (!(type instanceof NativeType nativeType) || text.equals(EMPTY)) {
            return false;
        }
        return switch (nativeType) {
            case TINYINT, SMALLINT, INT, BIGINT, COUNTER, VARINT, DECIMAL, BOOLEAN -> true;
            case FLOAT, DOUBLE -> !text.endsWith("N") && !text.endsWith("y"); // NaN, Infinity
            default -> false;
        };
    }

    private void sequence(
            CqlType type,
            CqlType element,
            String brackets,
            byte[] value,
            int offset,
            int length,
            StringBuilder out) {
        out.append(brackets.charAt(0));
        Elements elements = new Elements().wrap(type, value, offset, length);
        boolean isFirst = true;
        while (elements.next()) {
            out.append(isFirst ? "" : ", ");
            isFirst = false;
            write(element, elements.array(), elements.offset(), elements.length(), out);
        }
        out.append(brackets.charAt(1));
    }

    private void map(MapType map, byte[] value, int offset, int length, StringBuilder out) {
        out.append('{');
        Elements elements = new Elements().wrap(map, value, offset, length);
        boolean isFirst = true;
        while (elements.next()) {
            out.append(isFirst ? "" : ", ");
            isFirst = false;
            key(map.key(), elements, out);
            out.append(": ");
            boolean _ = elements.next();
            write(map.value(), elements.array(), elements.offset(), elements.length(), out);
        }
        out.append('}');
    }

    /// A key of an object in JSON is a string, whatever it is.
    private void key(CqlType type, Elements at, StringBuilder out) {
        int start = out.length();
        write(type, at.array(), at.offset(), at.length(), out);
        if (json && (out.length() == start || out.charAt(start) != '"')) {
            String literal = out.substring(start);
            out.setLength(start);
            Json.quote(out, literal);
        }
    }

    private void components(
            CqlType type,
            List<CqlType> components,
            byte[] value,
            int offset,
            int length,
            StringBuilder out) {
        out.append(json ? '[' : '(');
        Elements elements = new Elements().wrap(type, value, offset, length);
        boolean isFirst = true;
        for (CqlType component : components) {
            if (!elements.next()) {
                break; // components at the end that are not there
            }
            out.append(isFirst ? "" : ", ");
            isFirst = false;
            write(component, elements.array(), elements.offset(), elements.length(), out);
        }
        out.append(json ? ']' : ')');
    }

    private void fields(UserType user, byte[] value, int offset, int length, StringBuilder out) {
        out.append('{');
        Elements elements = new Elements().wrap(user, value, offset, length);
        for (int i = 0; i < user.fieldNames().size() && elements.next(); i++) {
            out.append(i == 0 ? "" : ", ");
            String name = user.fieldNames().get(i);
            if (json || !Names.isLowerCaseWord(name)) {
                Json.quote(out, name);
            } else {
                out.append(name);
            }
            out.append(": ");
            write(
                    user.fieldTypes().get(i),
                    elements.array(),
                    elements.offset(),
                    elements.length(),
                    out);
        }
        out.append('}');
    }
}
