package io.helenus.engine.storage;

import io.helenus.engine.types.NativeType;
import io.helenus.sstable.file.ReadMode;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowKeys;
import io.helenus.sstable.model.RowReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads a store's rows, as the query layer does, into the model's values.
final class ModelReads {
    private static final int[] COLUMNS = {
        1,
        2,
        300,
        ModelSchema.MAP,
        ModelSchema.SET,
        ModelSchema.STATIC_SIMPLE,
        ModelSchema.STATIC_MAP
    };
    private static final int[] SLOT_OF_COLUMN = slots();

    private final ModelSchema schema;
    private final RowReader reader = new RowReader();
    private final RowResult result = new RowResult();
    private final Map<String, List<Object>> clusterings = new HashMap<>();
    private final Map<String, Integer> partitions = new HashMap<>();

    /// Rows of a page, and the bound at which the next one begins or ends; null after the last.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Page(List<ModelTable.Shown> rows, byte @Nullable [] resume) {}

    ModelReads(ModelSchema schema, int partitionCount) {
        this.schema = schema;
        for (int i = 0; i < partitionCount; i++) {
            partitions.put(HexFormat.of().formatHex(Cql.partition(i).toArray()), i);
        }
    }

    /// Ids of the table's columns.
    static BitSet columns() {
        BitSet columns = new BitSet();
        for (int column : COLUMNS) {
            columns.set(column);
        }
        return columns;
    }

    private static int[] slots() {
        int[] slots = new int[301];
        Arrays.fill(slots, -1);
        for (int i = 0; i < COLUMNS.length; i++) {
            slots[COLUMNS[i]] = i;
        }
        return slots;
    }

    /// The key's position of a row; remembered, to know it again.
    byte[] position(List<Object> clustering) {
        byte[] position = schema.row(clustering);
        clusterings.put(HexFormat.of().formatHex(position), clustering);
        return position;
    }

    /// Live rows in `[start, end)`, in the direction of travel.
    List<ModelTable.Shown> rows(
            TableStore table,
            ReadContext context,
            byte[] start,
            byte @Nullable [] end,
            boolean reversed,
            long now) {
        return page(table, context, start, end, reversed, now, Integer.MAX_VALUE).rows();
    }

    Page page(
            TableStore table,
            ReadContext context,
            byte[] start,
            byte @Nullable [] end,
            boolean reversed,
            long now,
            int limit) {
        List<ModelTable.Shown> rows = new ArrayList<>();
        byte[] resume = null;
        try (ReadView view = table.read(context)) {
            int endLength = end == null ? 0 : end.length;
            RowCursor cursor =
                    view.cursor(start, 0, start.length, end, 0, endLength, reversed, ReadMode.FILL);
            reader.open(cursor, reversed, SLOT_OF_COLUMN, COLUMNS.length, true, now);
            while (resume == null && reader.next()) {
                if (reader.isLive()) {
                    rows.add(shown());
                    if (rows.size() == limit) {
                        resume = resumption(reversed);
                    }
                }
            }
        }
        return new Page(rows, resume);
    }

    /// Forward: the bound after the row. In reverse, what is left lies before the row's own key.
    private byte[] resumption(boolean reversed) {
        byte[] key =
                Arrays.copyOfRange(
                        reader.keyArray(),
                        reader.keyOffset(),
                        reader.keyOffset() + reader.keyLength());
        if (!reversed) {
            key[key.length - 1] = reader.isStatic() ? RowKeys.BOUND_BEFORE : RowKeys.BOUND_AFTER;
        }
        return key;
    }

    private ModelTable.Shown shown() {
        byte[] key = reader.keyArray();
        int at = reader.keyOffset();
        int prefix = RowKeys.partitionLength(key, at);
        String partition = HexFormat.of().formatHex(key, at, at + prefix);
        String position = HexFormat.of().formatHex(key, at + prefix, at + reader.keyLength());
        List<Object> clustering =
                reader.isStatic() ? null : Objects.requireNonNull(clusterings.get(position));
        Map<Integer, ModelTable.Cell> cells = new TreeMap<>();
        Map<Integer, Map<Integer, ModelTable.Cell>> elements = new TreeMap<>();
        for (int slot = 0; slot < COLUMNS.length; slot++) {
            if (reader.cellLength(slot) >= 0) {
                cells.put(COLUMNS[slot], cell(slot));
            }
            if (reader.elementCount(slot) > 0) {
                elements.put(COLUMNS[slot], elements(slot));
            }
        }
        int number = Objects.requireNonNull(partitions.get(partition));
        return new ModelTable.Shown(number, clustering, cells, elements);
    }

    private ModelTable.Cell cell(int slot) {
        int at = reader.cellOffset(slot);
        return new ModelTable.Cell(
                reader.cellTimestamp(slot),
                false,
                reader.cellTtl(slot),
                Integer.toUnsignedLong(reader.cellExpiry(slot)),
                text(reader.cellArray(), at, reader.cellLength(slot)));
    }

    private Map<Integer, ModelTable.Cell> elements(int slot) {
        Map<Integer, ModelTable.Cell> elements = new TreeMap<>();
        int last = Integer.MIN_VALUE;
        ByteWriter path = new ByteWriter();
        int first = reader.firstElement(slot);
        for (int i = first; i < first + reader.elementCount(slot); i++) {
            path.clear();
            int end =
                    NativeType.INT.decodeKey(
                            reader.elementArray(), reader.pathOffset(i), false, path);
            int key = ByteBuffer.wrap(path.array()).getInt();
            if (end != reader.pathOffset(i) + reader.pathLength(i) || key <= last) {
                throw new AssertionError("element %d after %d".formatted(key, last));
            }
            last = key;
            elements.put(
                    key,
                    new ModelTable.Cell(
                            reader.elementTimestamp(i),
                            false,
                            reader.elementTtl(i),
                            Integer.toUnsignedLong(reader.elementExpiry(i)),
                            text(
                                    reader.elementArray(),
                                    reader.elementOffset(i),
                                    reader.elementLength(i))));
        }
        return elements;
    }

    static byte[] path(int key) {
        byte[] bytes = ByteBuffer.allocate(Integer.BYTES).putInt(key).array();
        ByteWriter out = new ByteWriter();
        NativeType.INT.encodeKey(bytes, 0, bytes.length, false, out);
        return out.toArray();
    }

    private static String text(byte[] array, int offset, int length) {
        return HexFormat.of().formatHex(array, offset, offset + length);
    }

    /// The live simple cells of one row, by the short path of point reads; null if it finds no row.
    @Nullable Map<Integer, ModelTable.Cell> point(
            TableStore table, ReadContext context, byte[] key, long now) {
        try (ReadView view = table.read(context)) {
            if (!view.readRow(key, 0, key.length, null, ReadMode.FILL, result)) {
                return null;
            }
            boolean live =
                    reader.openRow(
                            key,
                            0,
                            key.length,
                            result.array(),
                            result.offset(),
                            result.length(),
                            SLOT_OF_COLUMN,
                            COLUMNS.length,
                            now);
            Map<Integer, ModelTable.Cell> cells = new TreeMap<>();
            for (int slot = 0; slot < COLUMNS.length; slot++) {
                if (reader.cellLength(slot) >= 0) {
                    cells.put(COLUMNS[slot], cell(slot));
                }
            }
            if (live != reader.isLive()) {
                throw new AssertionError("the row is live, or is not");
            }
            return cells;
        }
    }
}
