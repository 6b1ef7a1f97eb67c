package io.helenus.engine.query.plan;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.term.Evaluation;
import io.helenus.engine.query.term.Slice;
import io.helenus.engine.query.term.ValueTerm;
import io.helenus.engine.schema.ColumnSchema;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.Elements;
import io.helenus.engine.types.MapType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One condition that is checked row by row: what ALLOW FILTERING permits.
public final class RowFilter {
    /// What is compared, and how.
    enum Operator {
        EQ,
        LT,
        LE,
        GT,
        GE,
        IN,
        CONTAINS,
        CONTAINS_KEY,
        ELEMENT
    }

    private final ColumnSchema column;
    private final Operator operator;
    private final @Nullable ValueTerm value;
    private final @Nullable InTerm values;
    private final @Nullable ValueTerm key;

    private RowFilter(
            ColumnSchema column,
            Operator operator,
            @Nullable ValueTerm value,
            @Nullable InTerm values,
            @Nullable ValueTerm key) {
        this.column = column;
        this.operator = operator;
        this.value = value;
        this.values = values;
        this.key = key;
    }

    static RowFilter compare(ColumnSchema column, Operator operator, ValueTerm value) {
        return new RowFilter(column, operator, value, null, null);
    }

    static RowFilter in(ColumnSchema column, InTerm values) {
        return new RowFilter(column, Operator.IN, null, values, null);
    }

    static RowFilter element(ColumnSchema column, ValueTerm key, ValueTerm value) {
        return new RowFilter(column, Operator.ELEMENT, value, null, key);
    }

    public ColumnSchema column() {
        return column;
    }

    /// The condition with the values of one request.
    public Check bind(Evaluation evaluation) {
        Slice scratch = new Slice();
        if (values != null) {
            List<byte[]> all = values.evaluate(evaluation, scratch, column.name());
            return new Check(column, operator, all, null);
        }
        ValueTerm term = value;
        if (term == null) {
            throw new IllegalStateException("A comparison has no value");
        }
        term.evaluate(evaluation, scratch);
        byte[] bound = required(scratch, key == null ? "value" : "map value");
        byte[] boundKey = null;
        if (key != null) {
            key.evaluate(evaluation, scratch);
            boundKey = required(scratch, "map key");
        }
        return new Check(column, operator, List.of(bound), boundKey);
    }

    private byte[] required(Slice slice, String what) {
        byte[] copy = slice.copy();
        if (copy == null) {
            throw CqlException.invalid(
                    slice.isUnset()
                            ? "Unsupported unset %s for column %s".formatted(what, column.name())
                            : "Unsupported null %s for column %s".formatted(what, column.name()));
        }
        return copy;
    }

    /// A condition with its values.
    public static final class Check {
        private final ColumnSchema column;
        private final Operator operator;
        private final List<byte[]> values;
        private final byte @Nullable [] key;

        private Check(
                ColumnSchema column,
                Operator operator,
                List<byte[]> values,
                byte @Nullable [] key) {
            this.column = column;
            this.operator = operator;
            this.values = values;
            this.key = key;
        }

        public ColumnSchema column() {
            return column;
        }

        /// Whether a row's value, null if it has none, meets the condition. Collections come as
        /// their bytes on the wire.
        public boolean accepts(byte @Nullable [] actual) {
            if (actual == null) {
                return false;
            }
            CqlType type = column.type();
            byte[] first = values.isEmpty() ? new byte[0] : values.getFirst();
            return switch (operator) {
                case EQ -> type.compare(actual, first) == 0;
                case LT -> type.compare(actual, first) < 0;
                case LE -> type.compare(actual, first) <= 0;
                case GT -> type.compare(actual, first) > 0;
                case GE -> type.compare(actual, first) >= 0;
                case IN -> isAny(type, actual);
                case CONTAINS -> contains(actual, first, type instanceof MapType ? 1 : 0);
                case CONTAINS_KEY -> contains(actual, first, 0);
                case ELEMENT -> hasElement(actual, first);
            };
        }

        private boolean isAny(CqlType type, byte[] actual) {
            for (byte[] value : values) {
                if (type.compare(actual, value) == 0) {
                    return true;
                }
            }
            return false;
        }

        /// @param skip parts before the one to look at: 1 for the values of a map
        private boolean contains(byte[] actual, byte[] wanted, int skip) {
            CqlType part = column.type().subTypes().get(skip);
            boolean map = column.type() instanceof MapType;
            Elements elements = new Elements().wrap(column.type(), actual, 0, actual.length);
            for (int i = 0; elements.next(); i++) {
                if ((!map || i % 2 == skip) && part.compare(elements.toBytes(), wanted) == 0) {
                    return true;
                }
            }
            return false;
        }

        private boolean hasElement(byte[] actual, byte[] wanted) {
            CqlType keyType = column.type().subTypes().getFirst();
            CqlType valueType = column.type().subTypes().getLast();
            Elements elements = new Elements().wrap(column.type(), actual, 0, actual.length);
            while (elements.next()) {
                boolean found = keyType.compare(elements.toBytes(), key) == 0;
                elements.next();
                if (found) {
                    byte[] value = elements.toBytes();
                    return Arrays.equals(value, wanted) || valueType.compare(value, wanted) == 0;
                }
            }
            return false;
        }
    }
}
