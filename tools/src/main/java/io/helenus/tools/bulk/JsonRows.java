package io.helenus.tools.bulk;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/// Reads JSON objects: one on each line, or as the elements of one array. Only finds where they begin
/// and end. One thread.
final class JsonRows implements Rows {
    private static final int RECORD_CHARS_MAX = 36 << 20;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final String file;
    private final BufferedReader in;
    private final char comment;
    private final boolean isArray;
    private final StringBuilder text = new StringBuilder();
    private long line = 1;

    /// @param comment begins lines that are passed over; 0 for none
    JsonRows(String file, Reader reader, char comment) throws IOException {
        this.file = file;
        this.comment = comment;
        in = new BufferedReader(reader, 1 << 16);
        int first = peek();
        while (first == BYTE_ORDER_MARK || Character.isWhitespace(first)) {
            take();
            first = peek();
        }
        isArray = first == '[';
        if (isArray) {
            take();
        }
    }

    private int peek() throws IOException {
        in.mark(1);
        int c = in.read();
        in.reset();
        return c;
    }

    private int take() throws IOException {
        int c = in.read();
        if (c == '\n') {
            line++;
        }
        return c;
    }

    @Override
    public @Nullable RawRow next() throws IOException {
        return isArray ? nextElement() : nextLine();
    }

    @Override
    public long line() {
        return line;
    }

    private @Nullable RawRow nextLine() throws IOException {
        while (true) {
            String found = in.readLine();
            if (found == null) {
                return null;
            }
            long at = line++;
            boolean isComment = comment != 0 && !found.isEmpty() && found.charAt(0) == comment;
            if (!isComment && !found.isBlank()) {
                return new RawRow(file, at, found);
            }
        }
    }

    private @Nullable RawRow nextElement() throws IOException {
        int c = take();
        while (c == ',' || Character.isWhitespace(c)) {
            c = take();
        }
        if (c == ']') {
            return null;
        }
        if (c < 0) {
            throw new IOException("%s:%d: the array does not end".formatted(file, line));
        }
        if (c != '{') {
            throw new IOException(
                    "%s:%d: an array of objects is expected, here is '%c'"
                            .formatted(file, line, (char) c));
        }
        long first = line;
        text.setLength(0);
        text.append('{');
        int depth = 1;
        boolean inString = false;
        while (depth > 0) {
            c = take();
            if (c < 0 || text.length() >= RECORD_CHARS_MAX) {
                throw new IOException("%s:%d: an object does not end".formatted(file, first));
            }
            text.append((char) c);
            if (inString) {
                if (c == '\\') {
                    text.append((char) take());
                } else if (c == '"') {
                    inString = false;
                }
            } else if (c == '"') {
                inString = true;
            } else if (c == '{' || c == '[') {
                depth++;
            } else if (c == '}' || c == ']') {
                depth--;
            }
        }
        return new RawRow(file, first, text.toString());
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
