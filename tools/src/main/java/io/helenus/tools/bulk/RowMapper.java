package io.helenus.tools.bulk;

import io.helenus.engine.query.BoundValues;
import io.helenus.engine.schema.ColumnSchema;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.NativeType;
import io.helenus.sstable.model.ByteWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Makes the values of a statement of a record. Reused; one thread.
final class RowMapper implements ValueReader.Fields {
    private static final int MISSING = Integer.MIN_VALUE;

    /// As [RowPlan] has them.
    static final int ROW_STATEMENT = 0;

    static final int STATIC_STATEMENT = 1;

    private final RowPlan plan;
    private final boolean mayBeStatic;
    private final String nullMarker;
    private final boolean deletesNulls;
    private final ValueReader reader;
    private final BoundValues values = new BoundValues();
    private final ByteWriter bytes = new ByteWriter(1024);
    private final int[] offsets;
    private final int[] lengths;
    private int begun; // of the value that is being read
    private int statement;

    RowMapper(RowPlan plan, String nullMarker, boolean deletesNulls, TimeFormats formats) {
        this.plan = plan;
        mayBeStatic = plan.hasStaticStatement();
        this.nullMarker = nullMarker;
        this.deletesNulls = deletesNulls;
        reader = new ValueReader(formats);
        offsets = new int[plan.columns().size()];
        lengths = new int[plan.columns().size()];
    }

    /// The values of a record, good until the next call.
    BoundValues map(RawRow record) throws BadRowException {
        String problem = record.problem();
        if (problem != null) {
            throw new BadRowException(problem);
        }
        bytes.clear();
        Arrays.fill(lengths, MISSING);
        if (plan.fieldCount() > 0) {
            mapFields(record);
        } else {
            reader.readObject(record.text(), bytes, this);
        }
        boolean isStatic = mayBeStatic && isStatic();
        statement = isStatic ? STATIC_STATEMENT : ROW_STATEMENT;
        values.reset(bytes.array());
        for (int i = 0; i < lengths.length; i++) {
            if (!isStatic || RowPlan.isOfPartition(plan.columns().get(i))) {
                values.add(offsets[i], length(i));
            }
        }
        return values;
    }

    /// Which statement the values are of that [#map] returned last.
    int statement() {
        return statement;
    }

    /// Whether only partition key and static columns are there.
    private boolean isStatic() {
        boolean anyStatic = false;
        for (int i = 0; i < lengths.length; i++) {
            if (lengths[i] < 0) {
                continue;
            }
            ColumnSchema column = plan.columns().get(i);
            if (!RowPlan.isOfPartition(column)) {
                return false;
            }
            anyStatic |= column.isStatic();
        }
        return anyStatic;
    }

    private int length(int index) throws BadRowException {
        int length = lengths[index];
        if (length >= 0) {
            return length;
        }
        ColumnSchema column = plan.columns().get(index);
        if (column.isPrimaryKey()) {
            throw new BadRowException(
                    "column %s is of the primary key and %s"
                            .formatted(column.name(), length == MISSING ? "missing" : "null"));
        }
        return length != MISSING && deletesNulls ? BoundValues.NULL : BoundValues.UNSET;
    }

    private void mapFields(RawRow record) throws BadRowException {
        if (record.fieldCount() != plan.fieldCount()) {
            throw new BadRowException(
                    "it has %d fields instead of %d"
                            .formatted(record.fieldCount(), plan.fieldCount()));
        }
        for (int i = 0; i < record.fieldCount(); i++) {
            int index = plan.columnOf(i);
            String field = record.field(i);
            if (index < 0) {
                continue;
            }
            ColumnSchema column = plan.columns().get(index);
            offsets[index] = bytes.length();
            if (field.equals(nullMarker) && !isText(column.type(), record.isQuoted(i))) {
                lengths[index] = BoundValues.NULL;
                continue;
            }
            try {
                reader.read(column.type(), field, bytes);
            } catch (BadRowException e) {
                throw new BadRowException("column %s: %s".formatted(column.name(), e.getMessage()));
            }
            lengths[index] = bytes.length() - offsets[index];
        }
    }

    /// Quotes make a text of what would be null; a number is null with quotes, too.
    private static boolean isText(CqlType type, boolean quoted) {
        return quoted && (type == NativeType.TEXT || type == NativeType.ASCII);
    }

    @Override
    public @Nullable CqlType type(String name) throws BadRowException {
        int index = plan.index(name);
        if (index < 0) {
            if (plan.ignoresOthers()) {
                return null;
            }
            throw new BadRowException(
                    "%s has no column %s; --columns says which to take"
                            .formatted(plan.table(), name));
        }
        if (lengths[index] != MISSING) {
            throw new BadRowException("column %s is there twice".formatted(name));
        }
        begun = bytes.length();
        return plan.columns().get(index).type();
    }

    @Override
    public void value(String name, boolean isNull) {
        int index = plan.index(name);
        offsets[index] = begun;
        lengths[index] = isNull ? BoundValues.NULL : bytes.length() - begun;
    }
}
