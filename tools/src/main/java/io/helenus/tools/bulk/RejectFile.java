package io.helenus.tools.bulk;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where records go that are no rows: each after a line that begins with `#` and says where it stood
/// and what is wrong with it. Read again with `--comment #`, the file is an input. It is made when the
/// first record comes. Any thread.
final class RejectFile implements AutoCloseable {
    private final Path path;
    private final Charset charset;
    private final String header;
    private @Nullable Writer writer;
    private long count;
    private String first = "";

    /// @param header the names of the columns, if records are CSV with a header, else empty
    RejectFile(Path path, Charset charset, String header) {
        this.path = path;
        this.charset = charset;
        this.header = header;
    }

    Path path() {
        return path;
    }

    synchronized long count() {
        return count;
    }

    /// Place and reason of the one that came first; empty if there is none.
    synchronized String first() {
        return first;
    }

    /// @return how many there are with this one
    synchronized long add(RawRow record, String reason) throws IOException {
        try {
            write(record, reason);
        } catch (IOException e) {
            throw FileFailures.named(path, e);
        }
        return ++count;
    }

    private void write(RawRow record, String reason) throws IOException {
        Writer open = writer;
        if (open == null) {
            // What a reason has and the charset has not becomes a question mark.
            open = new BufferedWriter(new OutputStreamWriter(Files.newOutputStream(path), charset));
            writer = open;
            if (!header.isEmpty()) {
                open.write(header);
                open.write('\n');
            }
        }
        String explained = "%s: %s".formatted(record.place(), reason.replaceAll("\\R", " "));
        if (first.isEmpty()) {
            first = explained;
        }
        open.write("# " + explained + "\n");
        open.write(record.fieldCount() == 0 ? record.text().replace('\n', ' ') : record.text());
        open.write('\n');
    }

    @Override
    public synchronized void close() throws IOException {
        Writer open = writer;
        writer = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw FileFailures.named(path, e);
            }
        }
    }
}
