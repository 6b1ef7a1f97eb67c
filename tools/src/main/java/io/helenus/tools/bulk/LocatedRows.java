package io.helenus.tools.bulk;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Says of which file, and about where, an input cannot be read on. One thread.
final class LocatedRows implements Rows {
    private final String file;
    private final Rows rows;

    LocatedRows(String file, Rows rows) {
        this.file = file;
        this.rows = rows;
    }

    @Override
    public @Nullable RawRow next() throws IOException {
        try {
            return rows.next();
        } catch (UnreadableException e) {
            throw new IOException(
                    "%s: cannot be read on after line %d: %s"
                            .formatted(file, rows.line(), e.getMessage()),
                    e);
        }
    }

    @Override
    public long line() {
        return rows.line();
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
