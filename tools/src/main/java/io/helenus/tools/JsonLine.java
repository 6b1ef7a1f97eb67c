package io.helenus.tools;

import io.helenus.engine.json.Json;

/// Writes one JSON object on one line.
final class JsonLine {
    private final StringBuilder text = new StringBuilder(256);
    private boolean first = true;

    JsonLine open() {
        text.append('{');
        first = true;
        return this;
    }

    JsonLine close() {
        text.append('}');
        first = false;
        return this;
    }

    /// Begins a member whose value is an object.
    JsonLine object(String name) {
        name(name);
        return open();
    }

    /// Begins a member whose value is an array of objects.
    JsonLine array(String name) {
        name(name);
        text.append('[');
        first = true;
        return this;
    }

    /// Begins an object of an array.
    JsonLine element() {
        if (!first) {
            text.append(',');
        }
        return open();
    }

    JsonLine closeArray() {
        text.append(']');
        first = false;
        return this;
    }

    JsonLine member(String name, String value) {
        name(name);
        Json.quote(text, value);
        return this;
    }

    JsonLine member(String name, long value) {
        name(name);
        text.append(value);
        return this;
    }

    JsonLine member(String name, boolean value) {
        name(name);
        text.append(value);
        return this;
    }

    private void name(String name) {
        if (!first) {
            text.append(',');
        }
        first = false;
        Json.quote(text, name);
        text.append(':');
    }

    /// What was written so far; the next object begins anew.
    String take() {
        String line = text.toString();
        text.setLength(0);
        first = true;
        return line;
    }
}
