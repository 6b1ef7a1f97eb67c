package io.helenus.engine.storage;

import io.helenus.engine.types.NativeType;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowKeys;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/// The clustering columns of a random table: their types, values as Java objects, and the order of these
/// as Java compares them. Storage knows that order only through the bytes of keys.
final class ModelSchema {
    /// Ids of columns.
    static final int[] SIMPLE = {1, 2, 300};

    static final int MAP = 4;
    static final int SET = 5;
    static final int STATIC_SIMPLE = 7;
    static final int STATIC_MAP = 8;

    private enum Kind {
        INT(NativeType.INT),
        TEXT(NativeType.TEXT),
        VARINT(NativeType.VARINT),
        DOUBLE(NativeType.DOUBLE),
        BOOLEAN(NativeType.BOOLEAN);

        final NativeType type;

        Kind(NativeType type) {
            this.type = type;
        }

        List<Object> samples() {
            return switch (this) {
                case INT -> List.of(Integer.MIN_VALUE, -1, 0, 1, 77);
                case TEXT -> List.of("", "a", "a\0", "ab", "\uffee", "\ud83d\ude00");
                case VARINT ->
                        List.of(
                                BigInteger.ONE.shiftLeft(70).negate(),
                                BigInteger.valueOf(-129),
                                BigInteger.ZERO,
                                BigInteger.valueOf(255),
                                BigInteger.ONE.shiftLeft(70));
                case DOUBLE -> List.of(Double.NEGATIVE_INFINITY, -0.0, 0.0, 1.5, Double.NaN);
                case BOOLEAN -> List.of(false, true);
            };
        }

        int compare(Object a, Object b) {
            return switch (this) {
                case INT -> Integer.compare((int) a, (int) b);
                case TEXT -> compareCodePoints((String) a, (String) b);
                case VARINT -> ((BigInteger) a).compareTo((BigInteger) b);
                case DOUBLE -> Double.compare((double) a, (double) b);
                case BOOLEAN -> Boolean.compare((boolean) a, (boolean) b);
            };
        }

        byte[] bytes(Object value) {
            return switch (this) {
                case INT -> ByteBuffer.allocate(Integer.BYTES).putInt((int) value).array();
                case TEXT -> ((String) value).getBytes(StandardCharsets.UTF_8);
                case VARINT -> ((BigInteger) value).toByteArray();
                case DOUBLE -> ByteBuffer.allocate(Double.BYTES).putDouble((double) value).array();
                case BOOLEAN -> new byte[] {(byte) ((boolean) value ? 1 : 0)};
            };
        }

        private static int compareCodePoints(String a, String b) {
            int[] left = a.codePoints().toArray();
            int[] right = b.codePoints().toArray();
            for (int i = 0; i < left.length && i < right.length; i++) {
                if (left[i] != right[i]) {
                    return Integer.compare(left[i], right[i]);
                }
            }
            return Integer.compare(left.length, right.length);
        }
    }

    private record Column(Kind kind, boolean descending) {
        int compare(Object a, Object b) {
            return descending ? kind.compare(b, a) : kind.compare(a, b);
        }
    }

    /// One end of a slice or of a range deletion: all values of leading columns, or none.
    record Bound(List<Object> prefix, boolean inclusive) {}

    private final List<Column> columns = new ArrayList<>();

    ModelSchema(Random random) {
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
            columns.add(new Column(kind, random.nextBoolean()));
        }
    }

    List<Object> randomClustering(Random random) {
        return randomPrefix(random, columns.size());
    }

    List<Object> randomPrefix(Random random, int length) {
        List<Object> values = new ArrayList<>();
        for (Column column : columns.subList(0, length)) {
            List<Object> all = column.kind.samples();
            values.add(all.get(random.nextInt(all.size())));
        }
        return values;
    }

    Bound randomBound(Random random) {
        int length = random.nextInt(columns.size() + 1);
        return new Bound(randomPrefix(random, length), random.nextBoolean());
    }

    Comparator<List<Object>> order() {
        return this::compare;
    }

    /// By the columns that both have.
    private int compare(List<Object> a, List<Object> b) {
        for (int i = 0; i < a.size() && i < b.size(); i++) {
            int order = columns.get(i).compare(a.get(i), b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    boolean isIn(List<Object> clustering, Bound start, Bound end) {
        int fromStart = compare(clustering, start.prefix);
        int fromEnd = compare(clustering, end.prefix);
        return (start.inclusive || start.prefix.isEmpty() ? fromStart >= 0 : fromStart > 0)
                && (end.inclusive || end.prefix.isEmpty() ? fromEnd <= 0 : fromEnd < 0);
    }

    // ---- Keys

    byte[] row(List<Object> clustering) {
        return components(clustering).writeByte(RowKeys.ROW_END).toArray();
    }

    byte[] start(Bound bound) {
        boolean before = bound.inclusive || bound.prefix.isEmpty();
        return components(bound.prefix)
                .writeByte(before ? RowKeys.BOUND_BEFORE : RowKeys.BOUND_AFTER)
                .toArray();
    }

    byte[] end(Bound bound) {
        boolean after = bound.inclusive || bound.prefix.isEmpty();
        return components(bound.prefix)
                .writeByte(after ? RowKeys.BOUND_AFTER : RowKeys.BOUND_BEFORE)
                .toArray();
    }

    byte[] after(List<Object> prefix) {
        return components(prefix).writeByte(RowKeys.BOUND_AFTER).toArray();
    }

    private ByteWriter components(List<Object> values) {
        ByteWriter out = new ByteWriter();
        for (int i = 0; i < values.size(); i++) {
            Column column = columns.get(i);
            byte[] bytes = column.kind.bytes(values.get(i));
            column.kind.type.encodeKey(bytes, 0, bytes.length, column.descending, out);
        }
        return out;
    }

    @Override
    public String toString() {
        return columns.toString();
    }
}
