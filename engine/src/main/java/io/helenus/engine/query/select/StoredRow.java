package io.helenus.engine.query.select;

import io.helenus.engine.query.plan.PartitionKeys;
import io.helenus.engine.query.plan.Spellings;
import io.helenus.engine.query.term.Evaluation;
import io.helenus.engine.query.term.Slice;
import io.helenus.engine.schema.ColumnSchema;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.ElementWriter;
import io.helenus.engine.types.MapType;
import io.helenus.engine.types.SetType;
import io.helenus.engine.types.UserType;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowKeys;
import io.helenus.sstable.model.RowReader;
import java.util.Arrays;

/// The current row of a table in storage. Key columns are taken from the row key, cells from the row
/// reader; values of the static row are copied when it is met and belong to all rows of its partition.
/// Reused; one thread.
final class StoredRow implements RowValues {
    private static final int NO_TTL = -1;

    private final RowReader reader;
    private final Evaluation evaluation;
    private FetchedColumns columns;
    private int partitionColumns;

    private byte[] keyArray = {};
    private int keyOffset;
    private boolean hasRow;

    /// Of clustering columns and multi-cell values, made anew for each row.
    private final ByteWriter scratch = new ByteWriter(128);

    private final ByteWriter statics = new ByteWriter(128);
    private int[] staticOffset = {};
    private int[] staticLength = {};
    private long[] staticTimestamp = {};
    private int[] staticTtl = {};
    private int[] staticExpiry = {};
    private boolean hasStatic;

    StoredRow(RowReader reader, Evaluation evaluation, FetchedColumns columns) {
        this.reader = reader;
        this.evaluation = evaluation;
        this.columns = columns;
    }

    void open(FetchedColumns fetched) {
        columns = fetched;
        partitionColumns = fetched.table().partitionKey().size();
        if (staticOffset.length < fetched.size()) {
            int size = fetched.size();
            staticOffset = new int[size];
            staticLength = new int[size];
            staticTimestamp = new long[size];
            staticTtl = new int[size];
            staticExpiry = new int[size];
        }
        startPartition();
    }

    /// Forgets the static row.
    void startPartition() {
        hasStatic = false;
        hasRow = false;
        if (columns.hasStatics()) {
            Arrays.fill(staticLength, -1);
            statics.clear();
        }
    }

    /// Takes over the static row that the reader is at.
    void takeStatic() {
        hasStatic = reader.isLive();
        for (int i = 0; i < columns.size(); i++) {
            ColumnSchema column = columns.get(i);
            if (!column.isStatic()) {
                continue;
            }
            int at = statics.length();
            int slot = columns.slot(i);
            if (column.isMultiCell()) {
                if (reader.elementCount(slot) == 0) {
                    continue;
                }
                writeElements(column.type(), slot, statics);
            } else {
                int length = reader.cellLength(slot);
                if (length < 0) {
                    continue;
                }
                statics.writeBytes(reader.cellArray(), reader.cellOffset(slot), length);
                staticTimestamp[i] = reader.cellTimestamp(slot);
                staticTtl[i] = reader.cellTtl(slot);
                staticExpiry[i] = reader.cellExpiry(slot);
            }
            staticOffset[i] = at;
            staticLength[i] = statics.length() - at;
        }
    }

    boolean hasStatic() {
        return hasStatic;
    }

    /// The row that the reader is at.
    void atRow() {
        hasRow = true;
        at(reader.keyArray(), reader.keyOffset());
    }

    /// A partition without rows: clustering and regular columns are null.
    void atPartitionOnly(byte[] key, int offset) {
        hasRow = false;
        at(key, offset);
    }

    private void at(byte[] key, int offset) {
        keyArray = key;
        keyOffset = offset;
        scratch.clear();
    }

    @Override
    public Evaluation evaluation() {
        return evaluation;
    }

    @Override
    public void get(int index, Slice out) {
        ColumnSchema column = columns.get(index);
        switch (column.kind()) {
            case PARTITION_KEY -> {
                int key = keyOffset + RowKeys.PARTITION_KEY_OFFSET;
                int length = RowKeys.partitionKeyLength(keyArray, keyOffset);
                int at =
                        PartitionKeys.valueOffset(
                                keyArray, key, column.position(), partitionColumns);
                out.set(
                        keyArray,
                        at,
                        PartitionKeys.valueLength(keyArray, at, length, partitionColumns));
            }
            case CLUSTERING -> clustering(column, out);
            case STATIC -> {
                if (staticLength[index] < 0) {
                    out.setNull();
                } else {
                    out.set(statics.array(), staticOffset[index], staticLength[index]);
                }
            }
            case REGULAR -> regular(index, column, out);
        }
    }

    private void regular(int index, ColumnSchema column, Slice out) {
        int slot = columns.slot(index);
        if (!hasRow) {
            out.setNull();
        } else if (column.isMultiCell()) {
            if (reader.elementCount(slot) == 0) {
                out.setNull();
            } else {
                int at = scratch.length();
                writeElements(column.type(), slot, scratch);
                out.set(scratch.array(), at, scratch.length() - at);
            }
        } else if (reader.cellLength(slot) < 0) {
            out.setNull();
        } else {
            out.set(reader.cellArray(), reader.cellOffset(slot), reader.cellLength(slot));
        }
    }

    private void clustering(ColumnSchema column, Slice out) {
        if (!hasRow) {
            out.setNull();
            return;
        }
        if (reader.spellingLength() >= 0) {
            byte[] array = reader.cellArray();
            int at = Spellings.lengthOffset(array, reader.spellingOffset(), column.position());
            out.set(array, at + Integer.BYTES, ByteWriter.getInt(array, at));
            return;
        }
        int at = keyOffset + RowKeys.partitionLength(keyArray, keyOffset);
        for (int i = 0; i < column.position(); i++) {
            ColumnSchema before = columns.table().clustering().get(i);
            at = before.type().skipKey(keyArray, at, before.descending());
        }
        if (CqlType.isNullKey(keyArray, at)) {
            out.setNull();
            return;
        }
        int start = scratch.length();
        column.type().decodeKey(keyArray, at, column.descending(), scratch);
        out.set(scratch.array(), start, scratch.length() - start);
    }

    /// The wire bytes of a multi-cell column.
    private void writeElements(CqlType type, int slot, ByteWriter out) {
        int first = reader.firstElement(slot);
        int count = reader.elementCount(slot);
        byte[] array = reader.elementArray();
        if (type instanceof UserType user) {
            writeFields(user, first, count, out);
            return;
        }
        out.writeInt(count);
        for (int i = first; i < first + count; i++) {
            if (type instanceof SetType || type instanceof MapType) {
                int lengthAt = out.length();
                out.writeInt(0);
                type.pathType().decodeKey(array, reader.pathOffset(i), false, out);
                out.setInt(lengthAt, out.length() - lengthAt - Integer.BYTES);
            }
            if (!(type instanceof SetType)) {
                ElementWriter.write(out, array, reader.elementOffset(i), reader.elementLength(i));
            }
        }
    }

    private void writeFields(UserType type, int first, int count, ByteWriter out) {
        byte[] array = reader.elementArray();
        ByteWriter number = new ByteWriter(Short.BYTES);
        int element = first;
        int present = -1;
        for (int field = 0; field < type.fieldNames().size(); field++) {
            if (present < field && element < first + count) {
                number.clear();
                type.pathType().decodeKey(array, reader.pathOffset(element), false, number);
                present = ByteWriter.getUnsignedShort(number.array(), 0);
            }
            if (present == field) {
                ElementWriter.write(
                        out, array, reader.elementOffset(element), reader.elementLength(element));
                element++;
            } else {
                out.writeInt(-1);
            }
        }
    }

    @Override
    public void write(int index, ByteWriter out) {
        ColumnSchema column = columns.get(index);
        switch (column.kind()) {
            case REGULAR -> {
                if (column.isMultiCell()) {
                    writeMultiCell(index, column, out);
                    return;
                }
                int slot = columns.slot(index);
                int length = hasRow ? reader.cellLength(slot) : -1;
                out.writeInt(length);
                if (length > 0) {
                    out.writeBytes(reader.cellArray(), reader.cellOffset(slot), length);
                }
            }
            case PARTITION_KEY, STATIC -> {
                Slice slice = evaluation.scratch();
                get(index, slice);
                out.writeInt(slice.length());
                if (slice.length() > 0) {
                    out.writeBytes(slice.array(), slice.offset(), slice.length());
                }
            }
            case CLUSTERING -> writeClustering(column, out);
        }
    }

    private void writeMultiCell(int index, ColumnSchema column, ByteWriter out) {
        int slot = columns.slot(index);
        if (!hasRow || reader.elementCount(slot) == 0) {
            out.writeInt(-1);
            return;
        }
        int lengthAt = out.length();
        out.writeInt(0);
        writeElements(column.type(), slot, out);
        out.setInt(lengthAt, out.length() - lengthAt - Integer.BYTES);
    }

    private void writeClustering(ColumnSchema column, ByteWriter out) {
        Slice slice = evaluation.scratch();
        clustering(column, slice);
        out.writeInt(slice.length());
        if (slice.length() > 0) {
            out.writeBytes(slice.array(), slice.offset(), slice.length());
        }
    }

    @Override
    public boolean hasCell(int index) {
        return columns.get(index).isStatic()
                ? staticLength[index] >= 0
                : hasRow && reader.cellLength(columns.slot(index)) >= 0;
    }

    @Override
    public long writeTime(int index) {
        return columns.get(index).isStatic()
                ? staticTimestamp[index]
                : reader.cellTimestamp(columns.slot(index));
    }

    @Override
    public int timeToLive(int index) {
        boolean isStatic = columns.get(index).isStatic();
        int slot = columns.slot(index);
        int ttl = isStatic ? staticTtl[index] : reader.cellTtl(slot);
        if (ttl == 0) {
            return NO_TTL;
        }
        long expiry =
                Integer.toUnsignedLong(isStatic ? staticExpiry[index] : reader.cellExpiry(slot));
        return (int) Math.max(0, expiry - evaluation.nowSeconds());
    }
}
