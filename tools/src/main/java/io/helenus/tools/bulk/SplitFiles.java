package io.helenus.tools.bulk;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Cuts rows into files of about equal size, at the ends of rows; each begins with the header. One
/// thread.
final class SplitFiles implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 << 10;

    private final Path directory;
    private final String name;
    private final String ending;
    private final byte[] header;
    private final char quote;
    private final long fileBytes;
    private @Nullable OutputStream out;
    private long written; // to the file that is open
    private int files;

    /// @param name that of each file begins with
    /// @param quote within which the end of a line is none of a row; 0 for none
    /// @param fileBytes size at which a file is ended, with the row that it is in
    SplitFiles(
            Path directory, String name, String ending, byte[] header, char quote, long fileBytes) {
        this.directory = directory;
        this.name = name;
        this.ending = ending;
        this.header = header;
        this.quote = quote;
        this.fileBytes = fileBytes;
    }

    /// Adds whole rows.
    void append(InputStream rows) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        boolean inQuotes = false;
        int length = rows.read(buffer);
        while (length >= 0) {
            int from = 0;
            for (int i = 0; i < length; i++) {
                if (buffer[i] == quote) {
                    inQuotes = !inQuotes; // one that is doubled changes nothing
                } else if (buffer[i] == '\n'
                        && !inQuotes
                        && written + (i + 1 - from) >= fileBytes) {
                    write(buffer, from, i + 1);
                    from = i + 1;
                    endFile();
                }
            }
            write(buffer, from, length);
            length = rows.read(buffer);
        }
    }

    private void write(byte[] bytes, int from, int to) throws IOException {
        if (from < to) {
            open().write(bytes, from, to - from);
            written += to - from;
        }
    }

    private OutputStream open() throws IOException {
        OutputStream open = out;
        if (open == null) {
            String file = String.format(Locale.ROOT, "%s-%05d%s", name, ++files, ending);
            open = new BufferedOutputStream(Files.newOutputStream(directory.resolve(file)));
            out = open;
            open.write(header);
            written = header.length;
        }
        return open;
    }

    private void endFile() throws IOException {
        OutputStream open = out;
        out = null;
        written = 0;
        if (open != null) {
            open.close();
        }
    }

    /// Ends the last file; if there were no rows, there is one with the header.
    int finish() throws IOException {
        if (files == 0) {
            var _ = open();
        }
        endFile();
        return files;
    }

    @Override
    public void close() throws IOException {
        endFile();
    }
}
