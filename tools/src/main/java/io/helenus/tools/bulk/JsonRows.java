package io.helenus.tools.bulk;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/// Reads JSON objects: one on each line, or as the elements of one array. Only finds where they begin
/// and end. One thread.
final class JsonRows implements Rows {
    private static final int BUFFER_CHARS = 64 << 10;
    private static final int END = -1;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final String file;
    private final Reader in;
    private final char[] buffer = new char[BUFFER_CHARS];
    private int at;
    private int end;
    private final char comment;
    private final int recordCharsMax;
    private final boolean isArray;
    private final StringBuilder text = new StringBuilder();
    private long line = 1;

    /// @param comment begins lines that are passed over; 0 for none
    /// @param recordCharsMax of a record; one that is longer ends the reading
    JsonRows(String file, Reader reader, char comment, int recordCharsMax) throws IOException {
        this.file = file;
        this.comment = comment;
        this.recordCharsMax = recordCharsMax;
        in = reader;
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
        return at < end || fill() ? buffer[at] : END;
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }

    private int take() throws IOException {
        int c = peek();
        if (c != END) {
            at++;
        }
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
        while (peek() != END) {
            long first = line;
            String found = readLine();
            boolean isComment = comment != 0 && !found.isEmpty() && found.charAt(0) == comment;
            if (!isComment && !found.isBlank()) {
                return new RawRow(file, first, found);
            }
        }
        return null;
    }

    /// The next line without its end, which is LF, CR LF or CR.
    private String readLine() throws IOException {
        text.setLength(0);
        while (peek() != END && peek() != '\n' && peek() != '\r') {
            int from = at;
            while (at < end && buffer[at] != '\n' && buffer[at] != '\r') {
                at++;
            }
            if (text.length() + (at - from) > recordCharsMax) {
                throw Rows.tooLong(file, line, recordCharsMax);
            }
            text.append(buffer, from, at - from);
        }
        boolean isReturn = peek() == '\r';
        if (isReturn) {
            at++;
            line++;
        }
        if (peek() == '\n') { // a line's end by itself, or the second half of one
            at++;
            line += isReturn ? 0 : 1;
        }
        return text.toString();
    }

    private @Nullable RawRow nextElement() throws IOException {
        int c = take();
        while (c == ',' || Character.isWhitespace(c)) {
            c = take();
        }
        if (c == ']') {
            requireEnd();
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
            if (c < 0) {
                throw new IOException("%s:%d: an object does not end".formatted(file, first));
            }
            if (text.length() >= recordCharsMax) {
                throw Rows.tooLong(file, first, recordCharsMax);
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

    /// What follows the array would be lost.
    private void requireEnd() throws IOException {
        int c = take();
        while (Character.isWhitespace(c)) {
            c = take();
        }
        if (c != END) {
            throw new IOException(
                    "%s:%d: the array has ended, and here is '%c'".formatted(file, line, (char) c));
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
