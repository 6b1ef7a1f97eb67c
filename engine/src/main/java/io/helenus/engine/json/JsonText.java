package io.helenus.engine.json;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// Writes and reads JSON (RFC 8259). One thread per object.
final class JsonText {
    private static final int DEPTH_MAX = 64;
    private static final int FIRST_PRINTABLE = 0x20;
    private static final int HEX = 16;
    private static final int HEX_DIGITS = 4;

    private final String text;
    private int at;

    private JsonText(String text) {
        this.text = text;
    }

    static String write(Json value) {
        StringBuilder out = new StringBuilder(256);
        write(out, value, -1);
        return out.toString();
    }

    static String writePretty(Json value) {
        StringBuilder out = new StringBuilder(256);
        write(out, value, 0);
        return out.toString();
    }

    /// The text itself of a text, else as JSON.
    static String plain(Json value) {
        return value instanceof Json.Text text ? text.value() : value.text();
    }

    /// @param indent of the line that the value begins in, or -1 for no lines at all
    private static void write(StringBuilder out, Json value, int indent) {
        switch (value) {
            case Json.Text(String string) -> quote(out, string);
            case Json.Whole(long number) -> out.append(number);
            case Json.Real(double number) -> out.append(number);
            case Json.Bool(boolean bool) -> out.append(bool);
            case Json.Nothing _ -> out.append("null");
            case Json.Items(List<Json> items) -> writeItems(out, items, indent);
            case Json.Members members -> writeMembers(out, members, indent);
        }
    }

    private static void writeItems(StringBuilder out, List<Json> items, int indent) {
        out.append('[');
        int inner = indent < 0 ? -1 : indent + 1;
        for (int i = 0; i < items.size(); i++) {
            out.append(i == 0 ? "" : ",");
            newLine(out, inner);
            write(out, items.get(i), inner);
        }
        if (!items.isEmpty()) {
            newLine(out, indent);
        }
        out.append(']');
    }

    private static void writeMembers(StringBuilder out, Json.Members members, int indent) {
        out.append('{');
        int inner = indent < 0 ? -1 : indent + 1;
        Iterator<Map.Entry<String, Json>> entries = members.values().entrySet().iterator();
        boolean any = entries.hasNext();
        while (entries.hasNext()) {
            Map.Entry<String, Json> entry = entries.next();
            newLine(out, inner);
            quote(out, entry.getKey());
            out.append(indent < 0 ? ":" : ": ");
            write(out, entry.getValue(), inner);
            out.append(entries.hasNext() ? "," : "");
        }
        if (any) {
            newLine(out, indent);
        }
        out.append('}');
    }

    private static void newLine(StringBuilder out, int indent) {
        if (indent >= 0) {
            out.append('\n').repeat("  ", indent);
        }
    }

    static void quote(StringBuilder out, String string) {
        out.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < FIRST_PRINTABLE) {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    static Json parse(String text) {
        JsonText parser = new JsonText(text);
        Json value = parser.value(0);
        parser.skipBlanks();
        if (parser.at < text.length()) {
            throw parser.wrong("nothing more");
        }
        return value;
    }

    private IllegalArgumentException wrong(String expected) {
        String found =
                at < text.length() ? "'" + text.charAt(at) + "' stands there" : "the text ends";
        return new IllegalArgumentException(
                "no JSON: expected %s at character %d, but %s".formatted(expected, at + 1, found));
    }

    private void skipBlanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean take(char wanted) {
        skipBlanks();
        if (at < text.length() && text.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private void require(char wanted) {
        if (!take(wanted)) {
            throw wrong("'" + wanted + "'");
        }
    }

    private Json value(int depth) {
        if (depth > DEPTH_MAX) {
            throw wrong("at most %d levels".formatted(DEPTH_MAX));
        }
        if (take('{')) {
            return members(depth);
        }
        if (take('[')) {
            return items(depth);
        }
        if (take('"')) {
            return new Json.Text(string());
        }
        if (word("true")) {
            return new Json.Bool(true);
        }
        if (word("false")) {
            return new Json.Bool(false);
        }
        return word("null") ? new Json.Nothing() : number();
    }

    private boolean word(String word) {
        boolean found = text.startsWith(word, at);
        at += found ? word.length() : 0;
        return found;
    }

    private Json.Members members(int depth) {
        Json.Members members = Json.object();
        if (take('}')) {
            return members;
        }
        do {
            require('"');
            int start = at;
            String name = string();
            if (members.get(name) != null) {
                at = start;
                throw wrong("a name other than '%s', which came before".formatted(name));
            }
            require(':');
            members.put(name, value(depth + 1));
        } while (take(','));
        require('}');
        return members;
    }

    private Json.Items items(int depth) {
        List<Json> items = new ArrayList<>();
        if (take(']')) {
            return new Json.Items(items);
        }
        do {
            items.add(value(depth + 1));
        } while (take(','));
        require(']');
        return new Json.Items(items);
    }

    private String string() {
        StringBuilder out = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return out.toString();
            }
            if (c < FIRST_PRINTABLE) {
                break;
            }
            at++;
            out.append(c == '\\' ? escaped() : c);
        }
        throw wrong("the end of a string");
    }

    private char escaped() {
        if (at == text.length()) {
            throw wrong("an escaped character");
        }
        char c = text.charAt(at++);
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> {
                at--;
                throw wrong("an escaped character");
            }
        };
    }

    private char unicode() {
        int value = 0;
        for (int i = 0; i < HEX_DIGITS; i++) {
            int digit = at < text.length() ? Character.digit(text.charAt(at), HEX) : -1;
            if (digit < 0) {
                throw wrong("four hexadecimal digits");
            }
            value = value * HEX + digit;
            at++;
        }
        return (char) value;
    }

    private Json number() {
        int start = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String number = text.substring(start, at);
        try {
            if (number.matches("-?(0|[1-9][0-9]*)")) {
                return new Json.Whole(Long.parseLong(number));
            }
            if (number.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
                return new Json.Real(Double.parseDouble(number));
            }
        } catch (IllegalArgumentException e) {
            // Too large: reported below.
            at = start;
            IllegalArgumentException wrong = wrong("a number that 64 bits can hold");
            wrong.initCause(e);
            throw wrong;
        }
        at = start;
        throw wrong("a value");
    }
}
