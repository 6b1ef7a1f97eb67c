package io.helenus.tools.bulk;

import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.CustomType;
import io.helenus.engine.types.ElementWriter;
import io.helenus.engine.types.InvalidValueException;
import io.helenus.engine.types.ListType;
import io.helenus.engine.types.LiteralKind;
import io.helenus.engine.types.MapType;
import io.helenus.engine.types.NativeType;
import io.helenus.engine.types.SetType;
import io.helenus.engine.types.TupleType;
import io.helenus.engine.types.UserType;
import io.helenus.engine.types.VectorType;
import io.helenus.sstable.model.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns texts into values, led by the type that is expected: literals of CQL and JSON alike (see the
/// package). Reused; one thread.
final class ValueReader {
    private static final String HEX_PREFIX = "0x";
    private static final String NULL = "null";
    private static final String NULL_OF_COPY = "None"; // in tuples that cqlsh has written
    private static final char END = 0;

    private final TimeFormats formats;
    private final ByteWriter part = new ByteWriter(64);
    private String text = "";
    private int at;

    ValueReader(TimeFormats formats) {
        this.formats = formats;
    }

    /// Appends the value of a whole text: a field of CSV that is not null.
    ///
    /// @throws BadRowException if it is none of the type
    void read(CqlType type, String field, ByteWriter out) throws BadRowException {
        if (type instanceof NativeType || type instanceof CustomType) {
            scalar(type, field, out);
            return;
        }
        begin(field);
        if (!value(type, out)) {
            throw wrong("a value");
        }
        end();
    }

    // ---- Objects of JSON

    /// Takes the fields of an object, one after another.
    interface Fields {
        /// What the field's value is; null to pass over it.
        @Nullable CqlType type(String name) throws BadRowException;

        /// Its value was appended, unless it is null.
        void value(String name, boolean isNull) throws BadRowException;
    }

    /// Reads a JSON object.
    ///
    /// @throws BadRowException if it is none
    void readObject(String object, ByteWriter out, Fields fields) throws BadRowException {
        begin(object);
        expect('{');
        boolean more = !accept('}');
        while (more) {
            if (peek() != '"') {
                throw wrong("the name of a column in double quotes");
            }
            String name = string();
            expect(':');
            CqlType type = fields.type(name);
            if (type == null) {
                skipValue();
            } else {
                try {
                    fields.value(name, !value(type, out));
                } catch (BadRowException e) {
                    throw new BadRowException("column %s: %s".formatted(name, e.getMessage()));
                }
            }
            more = accept(',');
            if (!more) {
                expect('}');
            }
        }
        end();
    }

    private void skipValue() throws BadRowException {
        char c = peek();
        if (c == '"' || c == '\'') {
            String _ = string();
            return;
        }
        if (c != '{' && c != '[') {
            String _ = token();
            return;
        }
        at++;
        int depth = 1;
        while (depth > 0) {
            c = peek();
            if (c == END) {
                throw wrong("the end of a value");
            }
            if (c == '"') {
                String _ = string();
                continue;
            }
            at++;
            if (c == '{' || c == '[') {
                depth++;
            } else if (c == '}' || c == ']') {
                depth--;
            }
        }
    }

    // ---- Words of the text

    private void begin(String whole) {
        text = whole;
        at = 0;
    }

    private void end() throws BadRowException {
        if (peek() != END) {
            throw wrong("the end");
        }
    }

    /// The next character that is no space; 0 at the end.
    private char peek() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : END;
    }

    private boolean accept(char expected) {
        if (peek() == expected) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char expected) throws BadRowException {
        if (!accept(expected)) {
            throw wrong("'" + expected + "'");
        }
    }

    private BadRowException wrong(String expected) {
        char c = peek();
        return new BadRowException(
                "%s is expected at character %d, %s"
                        .formatted(
                                expected,
                                at + 1,
                                c == END ? "the text ends there" : "there is '" + c + "'"));
    }

    /// A string in single or double quotes.
    private String string() throws BadRowException {
        char quote = text.charAt(at++);
        int start = at;
        int simple = text.indexOf(quote, at);
        boolean isSimple =
                simple >= 0
                        && (quote == '\''
                                ? simple + 1 >= text.length() || text.charAt(simple + 1) != quote
                                : text.lastIndexOf('\\', simple) < start);
        if (isSimple) {
            at = simple + 1;
            return text.substring(start, simple);
        }
        StringBuilder out = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == quote) {
                boolean isDoubled = quote == '\'' && at < text.length() && text.charAt(at) == quote;
                if (!isDoubled) {
                    return out.toString();
                }
                at++;
            } else if (c == '\\' && quote == '"') {
                c = escaped();
            }
            out.append(c);
        }
        throw new BadRowException("a string does not end");
    }

    private char escaped() throws BadRowException {
        char c = at < text.length() ? text.charAt(at++) : END;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> {
                if (at + 4 > text.length()) {
                    throw wrong("four hexadecimal digits");
                }
                try {
                    char code = (char) Integer.parseInt(text, at, at + 4, 16);
                    at += 4;
                    yield code;
                } catch (NumberFormatException e) {
                    throw wrong("four hexadecimal digits");
                }
            }
            default -> throw wrong("an escape of JSON");
        };
    }

    /// What stands without quotes.
    private String token() throws BadRowException {
        char first = peek();
        int start = at;
        while (at < text.length() && ",:[]{}()\"'".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String found = text.substring(start, at).strip();
        if (found.isEmpty()) {
            throw wrong(first == END ? "a value" : "something else");
        }
        return found;
    }

    // ---- Values

    /// Appends a value.
    ///
    /// @return false if it is null
    private boolean value(CqlType type, ByteWriter out) throws BadRowException {
        char c = peek();
        boolean isScalar = type instanceof NativeType || type instanceof CustomType;
        if (c == '"' || c == '\'') {
            String string = string();
            if (isScalar) {
                scalar(type, string, out);
            } else {
                nested(type, string, out);
            }
            return true;
        }
        if (c != '[' && c != '{' && c != '(') {
            String token = token();
            if (token.equalsIgnoreCase(NULL) || token.equals(NULL_OF_COPY)) {
                return false;
            }
            if (!isScalar || type == NativeType.TEXT || type == NativeType.ASCII) {
                throw new BadRowException(
                        "%s is no %s%s"
                                .formatted(
                                        token,
                                        type.cqlName(),
                                        isScalar ? ": it must be in quotes" : ""));
            }
            scalar(type, token, out);
            return true;
        }
        switch (type) {
            case ListType list -> elements(list.element(), out, "[");
            case SetType set -> elements(set.element(), out, "{[");
            case MapType map -> entries(map, out);
            case TupleType tuple -> components(tuple, out);
            case UserType user -> fields(user, out);
            case VectorType vector -> vector(vector, out);
            case NativeType _, CustomType _ -> throw wrong("a value of type " + type.cqlName());
        }
        return true;
    }

    /// A key of a map in JSON is a string, whatever its type is.
    private void nested(CqlType type, String string, ByteWriter out) throws BadRowException {
        String outer = text;
        int outerAt = at;
        begin(string);
        if (!value(type, out)) {
            throw wrong("a value");
        }
        end();
        text = outer;
        at = outerAt;
    }

    /// Opens a bracket that is one of these.
    ///
    /// @return the one that closes it
    private char open(String brackets) throws BadRowException {
        char c = peek();
        if (brackets.indexOf(c) < 0) {
            throw wrong("'" + brackets.charAt(0) + "'");
        }
        at++;
        return switch (c) {
            case '[' -> ']';
            case '{' -> '}';
            default -> ')';
        };
    }

    private boolean next(char close) throws BadRowException {
        if (accept(',')) {
            return true;
        }
        expect(close);
        return false;
    }

    /// Appends a length and a value.
    ///
    /// @return false if it is null
    private boolean sized(CqlType type, ByteWriter out) throws BadRowException {
        int at = out.length();
        out.writeInt(-1);
        boolean present = value(type, out);
        if (present) {
            out.setInt(at, out.length() - at - Integer.BYTES);
        }
        return present;
    }

    private void element(CqlType type, ByteWriter out) throws BadRowException {
        if (!sized(type, out)) {
            throw new BadRowException("null is not supported inside collections");
        }
    }

    private void elements(CqlType type, ByteWriter out, String brackets) throws BadRowException {
        char close = open(brackets);
        int begin = ElementWriter.beginCollection(out);
        int count = 0;
        boolean more = !accept(close);
        while (more) {
            element(type, out);
            count++;
            more = next(close);
        }
        ElementWriter.endCollection(out, begin, count);
    }

    private void entries(MapType map, ByteWriter out) throws BadRowException {
        char close = open("{");
        int begin = ElementWriter.beginCollection(out);
        int count = 0;
        boolean more = !accept(close);
        while (more) {
            element(map.key(), out);
            expect(':');
            element(map.value(), out);
            count++;
            more = next(close);
        }
        ElementWriter.endCollection(out, begin, count);
    }

    private void components(TupleType tuple, ByteWriter out) throws BadRowException {
        char close = open("([");
        boolean more = !accept(close);
        int count = 0;
        while (more) {
            if (count == tuple.components().size()) {
                throw new BadRowException(
                        "%s has %d components, here are more".formatted(tuple.cqlName(), count));
            }
            boolean _ = sized(tuple.components().get(count++), out);
            more = next(close);
        }
    }

    private void fields(UserType user, ByteWriter out) throws BadRowException {
        char close = open("{");
        List<CqlType> types = user.fieldTypes();
        @Nullable ByteWriter[] values = new @Nullable ByteWriter[types.size()];
        int last = -1;
        boolean more = !accept(close);
        while (more) {
            char c = peek();
            String name = c == '"' || c == '\'' ? string() : token();
            int index = user.fieldIndex(name);
            if (index < 0) {
                throw new BadRowException("%s has no field %s".formatted(user.cqlName(), name));
            }
            expect(':');
            ByteWriter field = new ByteWriter(32);
            char next = peek(); // cqlsh's COPY leaves out what is null
            if (next != ',' && next != close && value(types.get(index), field)) {
                values[index] = field;
            }
            last = Math.max(last, index);
            more = next(close);
        }
        for (int i = 0; i <= last; i++) {
            ByteWriter field = values[i];
            ElementWriter.write(out, field == null ? null : field.toArray());
        }
    }

    private void vector(VectorType vector, ByteWriter out) throws BadRowException {
        char close = open("[");
        int count = 0;
        boolean more = !accept(close);
        while (more) {
            ByteWriter element = vector.elementLength() >= 0 ? part.clear() : new ByteWriter(32);
            if (!value(vector.element(), element)) {
                throw new BadRowException("null is not supported inside vectors");
            }
            try {
                ElementWriter.writeToVector(vector, out, element.array(), 0, element.length());
            } catch (InvalidValueException e) {
                throw new BadRowException(String.valueOf(e.getMessage()));
            }
            count++;
            more = next(close);
        }
        if (count != vector.dimension()) {
            throw new BadRowException(
                    "%s has %d elements, here are %d"
                            .formatted(vector.cqlName(), vector.dimension(), count));
        }
    }

    /// Appends a value that is not made of others.
    private void scalar(CqlType type, String given, ByteWriter out) throws BadRowException {
        if (type == NativeType.TEXT) {
            out.writeBytes(given.getBytes(StandardCharsets.UTF_8));
            return;
        }
        try {
            if (type == NativeType.ASCII) {
                out.writeBytes(type.parseLiteral(LiteralKind.STRING, given));
                return;
            }
            String stripped = given.strip();
            if (stripped.isEmpty()) {
                throw new BadRowException("an empty text is no " + type.cqlName());
            }
            boolean isHex = stripped.regionMatches(true, 0, HEX_PREFIX, 0, 2);
            if (type == NativeType.BLOB || type instanceof CustomType) {
                if (!isHex) {
                    throw new BadRowException(
                            "'%s' is no %s: it must begin with 0x"
                                    .formatted(shortened(given), type.cqlName()));
                }
                out.writeBytes(NativeType.BLOB.parseLiteral(LiteralKind.HEX, stripped));
                return;
            }
            if (isHex && stripped.length() == 2 && type.isEmptyAllowed()) {
                return; // no bytes
            }
            if (formats.write(type, stripped, out)) {
                return;
            }
            out.writeBytes(type.parseLiteral(kind(type), stripped));
        } catch (InvalidValueException e) {
            throw new BadRowException(shortened(String.valueOf(e.getMessage())));
        }
    }

    /// As what kind of constant CQL has values of the type without quotes.
    private static LiteralKind kind(CqlType type) {
        if (!(type instanceof NativeType nativeType)) {
            return LiteralKind.STRING;
        }
        return switch (nativeType) {
            case TINYINT, SMALLINT, INT, BIGINT, COUNTER, VARINT -> LiteralKind.INTEGER;
            case FLOAT, DOUBLE, DECIMAL -> LiteralKind.FLOAT;
            case BOOLEAN -> LiteralKind.BOOLEAN;
            case UUID, TIMEUUID -> LiteralKind.UUID;
            case DURATION -> LiteralKind.DURATION;
            default -> LiteralKind.STRING;
        };
    }

    private static String shortened(String message) {
        return message.length() <= 200 ? message : message.substring(0, 200) + "…";
    }
}
