package io.helenus.engine;

import io.helenus.engine.query.result.ResultKind;
import io.helenus.engine.query.result.ResultReader;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.JavaValues;
import io.helenus.sstable.model.ByteWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// The rows of a statement executed in this process; none for a statement that returns no rows.
/// Immutable.
public final class EmbeddedResult {
    /// A column of a result, or a bind marker.
    public record Column(String name, CqlType type) {}

    /// One row: values by column.
    public final class Row {
        private final byte[] @Nullable [] values;

        private Row(byte[] @Nullable [] values) {
            this.values = values;
        }

        /// The value as a Java object: `Integer`, `Long`, `Short`, `Byte`, `Boolean`, `Float`, `Double`,
        /// `BigInteger`, `BigDecimal`, `String`, `UUID`, `Instant` (timestamp), `LocalDate`, `LocalTime`,
        /// `InetAddress`, `ByteBuffer` (blob, and types without a Java class of their own), `List`
        /// (list, tuple, user type, vector), `Set`, `Map`; or null.
        public @Nullable Object get(String column) {
            return get(index(column));
        }

        public @Nullable Object get(int index) {
            byte[] value = values[index];
            return value == null ? null : JavaValues.decode(columns.get(index).type(), value);
        }

        /// The bytes on the wire, or null.
        public byte @Nullable [] bytes(String column) {
            byte[] value = values[index(column)];
            return value == null ? null : value.clone();
        }

        @Override
        public String toString() {
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < values.length; i++) {
                Column column = columns.get(i);
                texts.add(column.name() + "=" + column.type().format(values[i]));
            }
            return texts.toString();
        }
    }

    private final List<Column> columns;
    private final List<Row> rows;

    EmbeddedResult(byte[] body) {
        List<Column> found = new ArrayList<>();
        List<Row> read = new ArrayList<>();
        if (ByteWriter.getInt(body, 0) == ResultKind.ROWS) {
            ResultReader reader = new ResultReader(body, Integer.BYTES);
            reader.metadata((name, type) -> found.add(new Column(name, type)));
            int count = reader.int32();
            for (int i = 0; i < count; i++) {
                byte[] @Nullable [] values = new byte[found.size()][];
                for (int c = 0; c < values.length; c++) {
                    values[c] = reader.bytes();
                }
                read.add(new Row(values));
            }
        }
        columns = List.copyOf(found);
        rows = List.copyOf(read);
    }

    static List<Column> markers(ByteWriter preparedBody) {
        List<Column> found = new ArrayList<>();
        ResultReader reader = new ResultReader(preparedBody.toArray(), Integer.BYTES);
        reader.skipString(); // the statement's id
        reader.skipString(); // the metadata's id
        reader.markers((name, type) -> found.add(new Column(name, type)));
        return found;
    }

    public List<Column> columns() {
        return columns;
    }

    public List<Row> rows() {
        return rows;
    }

    /// The only row.
    public Row one() {
        if (rows.size() != 1) {
            throw new NoSuchElementException(
                    "The result has %d rows, not one".formatted(rows.size()));
        }
        return rows.getFirst();
    }

    private int index(String name) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new NoSuchElementException(
                "The result has no column %s, only %s".formatted(name, columns));
    }
}
