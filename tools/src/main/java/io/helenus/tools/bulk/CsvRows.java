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
/// Not a library's: fastcsv, the best of them, knows no escape character, which the files of Cassandra's
/// COPY have, ends at the first malformed record, which is to be rejected and passed by, and does not give
/// back a record as it stood there.
final class CsvRows implements Rows {
    private static final int BUFFER_CHARS = 64 << 10;
    private static final int RECORD_CHARS_MAX =
            36 << 20; // the largest row as a blob in hexadecimals
    private static final int END = -1;

    private final String file;
    private final Reader in;
    private final CsvDialect dialect;
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
    CsvRows(String file, Reader in, CsvDialect dialect) throws IOException {
        this.file = file;
        this.in = in;
        this.dialect = dialect;
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
            if (c == dialect.escape() && dialect.escape() != dialect.quote()) {
                at++;
                c = peek();
                if (c == END) {
                    return;
                }
            }
            field.append((char) c);
            at++;
        }
    }

    /// @return what is wrong with it, null if nothing is
    private @Nullable String quotedField() throws IOException {
        at++; // the quote
        while (true) {
            int c = peek();
            if (c == END) {
                return "a quoted field does not end";
            }
            at++;
            if (c == dialect.escape() && dialect.escape() != dialect.quote()) {
                c = peek();
                if (c == END) {
                    return "a quoted field does not end";
                }
                at++;
            } else if (c == dialect.quote()) {
                if (peek() != dialect.quote()) {
                    return afterQuote();
                }
                at++;
            } else if (c == '\n' || c == '\r' && peek() != '\n') {
                line++;
            }
            field.append((char) c);
        }
    }

    private @Nullable String afterQuote() throws IOException {
        String problem = null;
        int c = peek();
        while (c != END && c != dialect.delimiter() && c != '\n' && c != '\r') {
            problem = "text follows the end of a quoted field";
            at++;
            c = peek();
        }
        return problem;
    }

    private void skipLine() throws IOException {
        recordStart = -1;
        int c = peek();
        while (c != END && c != '\n' && c != '\r') {
            at++;
            c = peek();
        }
        if (c != END) {
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
            if (length >= RECORD_CHARS_MAX) {
                throw new IOException(
                        "%s:%d: a record is longer than %d characters; is a quote missing?"
                                .formatted(file, recordLine, RECORD_CHARS_MAX));
            }
            buffer = Arrays.copyOf(buffer, Math.min(2 * length, RECORD_CHARS_MAX));
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
