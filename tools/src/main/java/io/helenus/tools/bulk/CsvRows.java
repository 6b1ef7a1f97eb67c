package io.helenus.tools.bulk;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads CSV: RFC 4180 with any delimiter and quote, with lines that end in LF, CR LF or CR, and
/// quotes within quotes either doubled or escaped. Empty lines are passed over. One thread.
///
/// A quote that is never closed would make one field of the rest of the file. A record whose quote is
/// not closed within a number of characters, or before the end, or is followed by text in a later line,
/// ends with the line in which the quote opened; it is none, and the next line begins another.
///
/// Not a library's: fastcsv, the best of them, knows no escape character, which the files of Cassandra's
/// COPY have, ends at the first malformed record, which is to be rejected and passed by, and does not give
/// back a record as it stood there.
final class CsvRows implements Rows {
    private static final int BUFFER_CHARS = 64 << 10;
    private static final int END = -1;

    private final String file;
    private final Reader in;
    private final CsvDialect dialect;
    private final int fieldCharsMax;
    private final int recordCharsMax;
    private char[] buffer = new char[BUFFER_CHARS];
    private int at;
    private int end;
    private int recordStart = -1; // -1 between records
    private long line = 1;
    private long recordLine = 1;
    private final StringBuilder field = new StringBuilder();
    private final List<String> fields = new ArrayList<>();
    private boolean[] quoted = new boolean[16];

    /// @param file its name, for messages
    /// @param fieldCharsMax of a field in quotes; after as many one of them is taken to be missing
    /// @param recordCharsMax of a record; one that is longer ends the reading
    CsvRows(String file, Reader in, CsvDialect dialect, int fieldCharsMax, int recordCharsMax)
            throws IOException {
        this.file = file;
        this.in = in;
        this.dialect = dialect;
        this.fieldCharsMax = fieldCharsMax;
        this.recordCharsMax = recordCharsMax;
        if (peek() == '\uFEFF') {
            at++; // a byte order mark
        }
    }

    @Override
    public @Nullable RawRow next() throws IOException {
        while (true) {
            int c = peek();
            if (c == END) {
                return null;
            }
            if (c == '\n' || c == '\r') {
                endLine(take());
                continue;
            }
            if (dialect.comment() != 0 && c == dialect.comment()) {
                skipLine();
                continue;
            }
            return record();
        }
    }

    @Override
    public long line() {
        return line;
    }

    private RawRow record() throws IOException {
        recordLine = line;
        fields.clear();
        recordStart = at;
        String problem = null;
        boolean more = true;
        while (more) {
            boolean isQuoted = peek() == dialect.quote();
            field.setLength(0);
            if (isQuoted) {
                String wrong = quotedField();
                problem = problem == null ? wrong : problem;
            } else {
                plainField();
            }
            if (fields.size() == quoted.length) {
                quoted = Arrays.copyOf(quoted, 2 * quoted.length);
            }
            quoted[fields.size()] = isQuoted;
            fields.add(field.toString());
            more = peek() == dialect.delimiter();
            if (more) {
                at++;
            }
        }
        String raw = new String(buffer, recordStart, at - recordStart);
        recordStart = -1;
        if (peek() != END) {
            endLine(take());
        }
        return new RawRow(
                file,
                recordLine,
                raw,
                fields.toArray(String[]::new),
                Arrays.copyOf(quoted, fields.size()),
                problem);
    }

    private void plainField() throws IOException {
        while (true) {
            int c = peek();
            if (c == END || c == dialect.delimiter() || c == '\n' || c == '\r') {
                return;
            }
            at++;
            if (isEscape(c)) {
                c = peek();
                if (c == END) {
                    return;
                }
                at++;
                countLine(c);
            }
            field.append((char) c);
        }
    }

    private boolean isEscape(int c) {
        return c == dialect.escape() && dialect.escape() != dialect.quote();
    }

    /// Counts the line that a character within a field ends, after it was passed.
    private void countLine(int c) throws IOException {
        if (c == '\n' || c == '\r' && peek() != '\n') {
            line++;
        }
    }

    /// @return what is wrong with it, null if nothing is
    private @Nullable String quotedField() throws IOException {
        long opened = line;
        int lineEnd = -1; // of the line in which it opens, from the record's start
        at++; // the quote
        while (true) {
            int c = peek();
            if (c == END) {
                endWithLine(opened, lineEnd);
                return "the quote that opens in line %d is not closed".formatted(opened);
            }
            at++;
            if (isEscape(c)) {
                c = peek();
                if (c == END) {
                    continue;
                }
                at++;
            } else if (c == dialect.quote()) {
                if (peek() != dialect.quote()) {
                    return afterQuote(opened, lineEnd);
                }
                at++;
            }
            if (lineEnd < 0 && (c == '\n' || c == '\r')) {
                lineEnd = at - 1 - recordStart;
            }
            if (field.length() == fieldCharsMax) {
                endWithLine(opened, lineEnd);
                return "the quote that opens in line %d is not closed within %d characters (--max-field)"
                        .formatted(opened, fieldCharsMax);
            }
            countLine(c);
            field.append((char) c);
        }
    }

    /// Text that follows a quote in a later line shows that it is the first quote of another field, and
    /// that the one before was never closed.
    private @Nullable String afterQuote(long opened, int lineEnd) throws IOException {
        if (isFieldEnd(peek())) {
            return null;
        }
        if (line == opened) {
            while (!isFieldEnd(peek())) {
                at++;
            }
            return "text follows the end of a quoted field";
        }
        long closed = line;
        endWithLine(opened, lineEnd);
        return "the quote that opens in line %d is not closed before line %d, where text follows it"
                .formatted(opened, closed);
    }

    private boolean isFieldEnd(int c) {
        return c == END || c == dialect.delimiter() || c == '\n' || c == '\r';
    }

    /// Lets the record end with the line in which a quote opened that is missing its other one, so that
    /// the lines after it are read as what they are.
    private void endWithLine(long opened, int lineEnd) throws IOException {
        if (lineEnd < 0) {
            toLineEnd();
            return;
        }
        at = recordStart + lineEnd;
        line = opened;
    }

    private void toLineEnd() throws IOException {
        int c = peek();
        while (c != END && c != '\n' && c != '\r') {
            at++;
            c = peek();
        }
    }

    private void skipLine() throws IOException {
        recordStart = -1;
        toLineEnd();
        if (peek() != END) {
            endLine(take());
        }
    }

    private void endLine(int c) throws IOException {
        line++;
        if (c == '\r' && peek() == '\n') {
            at++;
        }
    }

    private int take() {
        return buffer[at++];
    }

    private int peek() throws IOException {
        return at < end || fill() ? buffer[at] : END;
    }

    /// Keeps the record that is being read in one piece.
    private boolean fill() throws IOException {
        int kept = recordStart >= 0 ? recordStart : at;
        int length = end - kept;
        if (length == buffer.length) {
            if (length >= recordCharsMax) {
                throw Rows.tooLong(file, recordLine, recordCharsMax);
            }
            buffer = Arrays.copyOf(buffer, Math.min(2 * length, recordCharsMax));
        }
        if (kept > 0) {
            System.arraycopy(buffer, kept, buffer, 0, length);
            at -= kept;
            end -= kept;
            recordStart = recordStart >= 0 ? 0 : -1;
        }
        int read = in.read(buffer, end, buffer.length - end);
        if (read <= 0) {
            return false;
        }
        end += read;
        return true;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
