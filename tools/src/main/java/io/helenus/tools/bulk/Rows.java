package io.helenus.tools.bulk;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Records of an input, one after another. One thread.
interface Rows extends AutoCloseable {
    /// @return the next record, or null at the end of the input
    /// @throws IOException if the input cannot be read on
    @Nullable RawRow next() throws IOException;

    /// The line that is to be read next, counted from 1.
    long line();

    /// What ends the reading at a record that memory is not enough for.
    static IOException tooLong(String file, long line, int charsMax) {
        return new IOException(
                "%s:%d: a record is longer than %d characters; with more --memory it may be"
                        .formatted(file, line, charsMax));
    }

    @Override
    void close() throws IOException;
}
