package io.helenus.tools;

/// Writes one JSON object on one line.
final class Json {
    private static final int FIRST_PRINTABLE = 0x20;

    private final StringBuilder text = new StringBuilder(256);
    private boolean first = true;

    Json open() {
        text.append('{');
        first = true;
        return this;
    }

    Json close() {
        text.append('}');
        first = false;
        return this;
    }

    /// Begins a member whose value is an object.
    Json object(String name) {
        name(name);
        return open();
    }

    /// Begins a member whose value is an array of objects.
    Json array(String name) {
        name(name);
        text.append('[');
        first = true;
        return this;
    }

    /// Begins an object of an array.
    Json element() {
        if (!first) {
            text.append(',');
        }
        return open();
    }

    Json closeArray() {
        text.append(']');
        first = false;
        return this;
    }

    Json member(String name, String value) {
        name(name);
        string(value);
        return this;
    }

    Json member(String name, long value) {
        name(name);
        text.append(value);
        return this;
    }

    Json member(String name, boolean value) {
        name(name);
        text.append(value);
        return this;
    }

    private void name(String name) {
        if (!first) {
            text.append(',');
        }
        first = false;
        string(name);
        text.append(':');
    }

    private void string(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                case '\r' -> text.append("\\r");
                default -> {
                    if (c < FIRST_PRINTABLE) {
                        text.append("\\u%04x".formatted((int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    /// What was written so far; the next object begins anew.
    String take() {
        String line = text.toString();
        text.setLength(0);
        first = true;
        return line;
    }
}
