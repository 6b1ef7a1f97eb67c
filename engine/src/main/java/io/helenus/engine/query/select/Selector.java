package io.helenus.engine.query.select;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.function.ScalarFunction;
import io.helenus.engine.query.term.Slice;
import io.helenus.engine.query.term.ValueTerm;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.Elements;
import io.helenus.engine.types.MapType;
import io.helenus.engine.types.NativeType;
import io.helenus.engine.types.UserType;
import io.helenus.sstable.model.ByteWriter;
import java.util.List;

/// One item of a select list, computed for each row. Immutable.
public abstract sealed class Selector {
    private final CqlType type;

    Selector(CqlType type) {
        this.type = type;
    }

    final CqlType type() {
        return type;
    }

    /// Puts the value for the current row into `out`; good until the next row.
    abstract void evaluate(RowValues row, Slice out);

    /// Whether an aggregate is a part of it: then it has a value only for all rows together.
    boolean isAggregated() {
        return false;
    }

    /// Writes the value as the protocol's `[bytes]`.
    void write(RowValues row, Slice scratch, ByteWriter out) {
        evaluate(row, scratch);
        int length = scratch.hasBytes() ? scratch.length() : -1;
        out.writeInt(length);
        if (length > 0) {
            out.writeBytes(scratch.array(), scratch.offset(), length);
        }
    }

    static final class Column extends Selector {
        private final int index;

        Column(int index, CqlType type) {
            super(type);
            this.index = index;
        }

        @Override
        void evaluate(RowValues row, Slice out) {
            row.get(index, out);
        }

        @Override
        void write(RowValues row, Slice scratch, ByteWriter out) {
            row.write(index, out);
        }
    }

    /// A literal or bind marker.
    static final class Value extends Selector {
        private final ValueTerm term;

        Value(ValueTerm term, CqlType type) {
            super(type);
            this.term = term;
        }

        @Override
        void evaluate(RowValues row, Slice out) {
            term.evaluate(row.evaluation(), out);
        }
    }

    static final class Call extends Selector {
        private final ScalarFunction function;
        private final List<Selector> arguments;

        Call(ScalarFunction function, List<Selector> arguments) {
            super(function.returnType());
            this.function = function;
            this.arguments = List.copyOf(arguments);
        }

        @Override
        void evaluate(RowValues row, Slice out) {
            Slice[] values = new Slice[arguments.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = new Slice();
                arguments.get(i).evaluate(row, values[i]);
            }
            function.execute(row.evaluation(), values, out);
        }

        @Override
        boolean isAggregated() {
            return arguments.stream().anyMatch(Selector::isAggregated);
        }
    }

    /// `WRITETIME(column)`: microseconds, null if there is no cell.
    static final class WriteTime extends Selector {
        private final int index;

        WriteTime(int index) {
            super(NativeType.BIGINT);
            this.index = index;
        }

        @Override
        void evaluate(RowValues row, Slice out) {
            if (!row.hasCell(index)) {
                out.setNull();
                return;
            }
            ByteWriter arena = row.evaluation().arena();
            int at = arena.length();
            arena.writeLong(row.writeTime(index));
            out.set(arena.array(), at, Long.BYTES);
        }
    }

    /// `TTL(column)`: seconds left, null if there is no cell or it does not expire.
    static final class TimeToLive extends Selector {
        private final int index;

        TimeToLive(int index) {
            super(NativeType.INT);
            this.index = index;
        }

        @Override
        void evaluate(RowValues row, Slice out) {
            int left = row.hasCell(index) ? row.timeToLive(index) : -1;
            if (left < 0) {
                out.setNull();
                return;
            }
            ByteWriter arena = row.evaluation().arena();
            int at = arena.length();
            arena.writeInt(left);
            out.set(arena.array(), at, Integer.BYTES);
        }
    }

    /// `value.field` of a user type.
    static final class Field extends Selector {
        private final Selector of;
        private final int field;

        Field(Selector of, UserType type, int field) {
            super(type.fieldTypes().get(field));
            this.of = of;
            this.field = field;
        }

        @Override
        void evaluate(RowValues row, Slice out) {
            of.evaluate(row, out);
            if (!out.hasBytes()) {
                return;
            }
            Elements elements = new Elements().wrapTuple(out.array(), out.offset(), out.length());
            for (int i = 0; i <= field; i++) {
                if (!elements.next()) {
                    out.setNull();
                    return;
                }
            }
            set(elements, out);
        }

        @Override
        boolean isAggregated() {
            return of.isAggregated();
        }
    }

    /// `value[key]` of a map, or of a set, whose value is then the element itself.
    static final class Element extends Selector {
        private final Selector of;
        private final ValueTerm key;

        Element(Selector of, ValueTerm key) {
            super(of.type().subTypes().getLast());
            this.of = of;
            this.key = key;
        }

        @Override
        void evaluate(RowValues row, Slice out) {
            key.evaluate(row.evaluation(), out);
            byte[] wanted = out.copy();
            if (wanted == null) {
                throw CqlException.invalid("Invalid null value for element selection");
            }
            of.evaluate(row, out);
            if (!out.hasBytes()) {
                return;
            }
            CqlType keyType = of.type().subTypes().getFirst();
            boolean map = of.type() instanceof MapType;
            Elements elements =
                    new Elements().wrap(of.type(), out.array(), out.offset(), out.length());
            while (elements.next()) {
                boolean found = keyType.compare(elements.toBytes(), wanted) == 0;
                if (map) {
                    elements.next();
                }
                if (found) {
                    set(elements, out);
                    return;
                }
            }
            out.setNull();
        }

        @Override
        boolean isAggregated() {
            return of.isAggregated();
        }
    }

    private static void set(Elements elements, Slice out) {
        if (elements.isNull()) {
            out.setNull();
        } else {
            out.set(elements.array(), elements.offset(), elements.length());
        }
    }

    /// The result of an aggregate, by its number in the statement.
    static final class Aggregated extends Selector {
        private final int index;

        Aggregated(CqlType type, int index) {
            super(type);
            this.index = index;
        }

        @Override
        void evaluate(RowValues row, Slice out) {
            row.aggregate(index, out);
        }

        @Override
        boolean isAggregated() {
            return true;
        }
    }
}
