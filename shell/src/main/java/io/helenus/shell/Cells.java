package io.helenus.shell;

import io.helenus.shell.CqlClient.Page;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Single cells of the tables that the shell itself reads. A column that is not there has no values.
final class Cells {
    private Cells() {}

    static @Nullable ByteBuffer bytes(Page page, List<@Nullable ByteBuffer> row, String column) {
        int index = page.indexOf(column);
        return index < 0 ? null : row.get(index);
    }

    static @Nullable String text(Page page, List<@Nullable ByteBuffer> row, String column) {
        ByteBuffer bytes = bytes(page, row, column);
        return bytes == null ? null : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    static @Nullable Integer number(Page page, List<@Nullable ByteBuffer> row, String column) {
        ByteBuffer bytes = bytes(page, row, column);
        return bytes == null || bytes.remaining() != Integer.BYTES
                ? null
                : bytes.getInt(bytes.position());
    }

    /// Milliseconds since 1970.
    static @Nullable Long timestamp(Page page, List<@Nullable ByteBuffer> row, String column) {
        ByteBuffer bytes = bytes(page, row, column);
        return bytes == null || bytes.remaining() != Long.BYTES
                ? null
                : bytes.getLong(bytes.position());
    }
}
