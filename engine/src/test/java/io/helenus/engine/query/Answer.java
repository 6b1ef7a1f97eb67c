package io.helenus.engine.query;

import io.helenus.engine.query.result.ResultKind;
import io.helenus.engine.query.result.ResultReader;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.InvalidValueException;
import io.helenus.engine.types.NativeType;
import io.helenus.sstable.model.ByteWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The body of a RESULT message, or an error, as lines to compare.
final class Answer {
    private static final int HAS_MORE_PAGES = 0x0002;

    private final List<String> lines;
    private final boolean isRows;
    private final byte @Nullable [] pagingState;

    private Answer(List<String> lines, boolean isRows, byte @Nullable [] pagingState) {
        this.lines = List.copyOf(lines);
        this.isRows = isRows;
        this.pagingState = pagingState;
    }

    List<String> lines() {
        return lines;
    }

    boolean isRows() {
        return isRows;
    }

    /// Null after the last page.
    byte @Nullable [] pagingState() {
        return pagingState;
    }

    static Answer error(int code, String message) {
        return new Answer(
                List.of("! %04x %s".formatted(code, message.replace("\n", "\\n"))), false, null);
    }

    static Answer of(byte[] body) {
        ResultReader reader = new ResultReader(body, 0);
        int kind = reader.int32();
        List<String> lines = new ArrayList<>();
        switch (kind) {
            case ResultKind.VOID -> lines.add("done");
            case ResultKind.ROWS -> {
                return rows(body, reader);
            }
            case ResultKind.SET_KEYSPACE -> lines.add("use " + reader.string());
            case ResultKind.SCHEMA_CHANGE ->
                    lines.add("%s %s".formatted(reader.string(), reader.string()));
            default -> throw new IllegalArgumentException("Result kind " + kind);
        }
        return new Answer(lines, false, null);
    }

    private static Answer rows(byte[] body, ResultReader reader) {
        byte[] state = null;
        if ((ByteWriter.getInt(body, Integer.BYTES) & HAS_MORE_PAGES) != 0) {
            int at = 3 * Integer.BYTES;
            int length = ByteWriter.getInt(body, at);
            state = Arrays.copyOfRange(body, at + Integer.BYTES, at + Integer.BYTES + length);
        }
        List<String> columns = new ArrayList<>();
        List<CqlType> types = new ArrayList<>();
        reader.metadata((name, type) -> {
            columns.add(name + " " + type.cqlName());
            types.add(type);
        });
        List<String> lines = new ArrayList<>();
        lines.add(String.join(", ", columns));
        int count = reader.int32();
        for (int i = 0; i < count; i++) {
            List<String> values = new ArrayList<>();
            for (CqlType type : types) {
                values.add(text(type, reader.bytes()));
            }
            lines.add(": " + String.join(", ", values));
        }
        return new Answer(lines, true, state);
    }

    private static String text(CqlType type, byte @Nullable [] value) {
        if (value == null) {
            return "null";
        }
        boolean mayBeEmpty =
                type == NativeType.TEXT || type == NativeType.ASCII || type == NativeType.BLOB;
        if (value.length == 0 && !mayBeEmpty) {
            return "<empty>";
        }
        try {
            return type.format(value, 0, value.length).replace("\n", "\\n");
        } catch (InvalidValueException e) {
            return "<invalid 0x" + HexFormat.of().formatHex(value) + ">";
        }
    }
}
