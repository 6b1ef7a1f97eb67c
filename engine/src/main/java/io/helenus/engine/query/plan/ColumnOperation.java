package io.helenus.engine.query.plan;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.term.Slice;
import io.helenus.engine.query.term.TimeUuids;
import io.helenus.engine.query.term.ValueTerm;
import io.helenus.engine.schema.ColumnSchema;
import io.helenus.engine.storage.mutation.MutationWriter;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.ListType;
import io.helenus.engine.types.MapType;
import io.helenus.engine.types.SetType;
import io.helenus.engine.types.UserType;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowKeys;
import io.helenus.sstable.model.RowWriter;

/// What a statement does to one column of a row. Immutable.
abstract sealed class ColumnOperation {
    final ColumnSchema column;

    ColumnOperation(ColumnSchema column) {
        this.column = column;
    }

    ColumnSchema column() {
        return column;
    }

    /// On a column with a single cell: writes that cell, or nothing if the value is unset.
    abstract static sealed class Simple extends ColumnOperation {
        Simple(ColumnSchema column) {
            super(column);
        }

        abstract void write(Workspace workspace, WriteTimes times, RowWriter row);
    }

    /// On a multi-cell column: adds entries after the row's.
    abstract static non-sealed class Complex extends ColumnOperation {
        Complex(ColumnSchema column) {
            super(column);
        }

        /// `workspace.position` holds the row's position and is left as it was.
        abstract void write(Workspace workspace, WriteTimes times, MutationWriter out);

        /// Adds the header that deletes what is older.
        final void deleteColumn(
                Workspace workspace, long timestamp, int deletionTime, MutationWriter out) {
            ByteWriter position = workspace.position;
            int rowLength = position.length();
            position.writeShort(column.id());
            workspace.value.clear();
            RowWriter.columnDeletion(workspace.value, timestamp, deletionTime);
            out.entry(position, workspace.value);
            position.setLength(rowLength);
        }

        /// Adds an element under the path that `workspace.path` holds.
        final void element(
                Workspace workspace,
                WriteTimes times,
                byte[] value,
                int offset,
                int length,
                MutationWriter out) {
            ByteWriter position = workspace.position;
            ByteWriter path = workspace.path;
            int rowLength = position.length();
            position.writeShort(column.id()).writeBytes(path.array(), 0, path.length());
            int suffix = RowKeys.COLUMN_ID_BYTES + path.length();
            ByteWriter entry = workspace.value.clear();
            if (length < 0) {
                RowWriter.elementTombstone(entry, suffix, times.timestamp, times.deletionTime);
            } else if (times.ttl != 0) {
                RowWriter.expiringElement(
                        entry,
                        suffix,
                        times.timestamp,
                        times.ttl,
                        times.expiry,
                        value,
                        offset,
                        length);
            } else {
                RowWriter.element(entry, suffix, times.timestamp, value, offset, length);
            }
            out.entry(position, entry);
            position.setLength(rowLength);
        }

        /// Adds all elements of a collection's or user type's wire bytes.
        final void elements(
                Workspace workspace, WriteTimes times, Slice whole, MutationWriter out) {
            CqlType type = column.type();
            byte[] array = whole.array();
            int offset = whole.offset();
            int length = whole.length();
            var elements = workspace.elements;
            switch (type) {
                case SetType set -> {
                    elements.wrap(type, array, offset, length);
                    while (elements.next()) {
                        path(workspace, set.element(), array, elements.offset(), elements.length());
                        element(workspace, times, array, offset, 0, out);
                    }
                }
                case MapType map -> {
                    elements.wrap(type, array, offset, length);
                    while (elements.next()) {
                        path(workspace, map.key(), array, elements.offset(), elements.length());
                        elements.next();
                        element(workspace, times, array, elements.offset(), elements.length(), out);
                    }
                }
                case ListType _ -> {
                    elements.wrap(type, array, offset, length);
                    TimeUuids uuids = workspace.evaluation.timeUuids();
                    while (elements.next()) {
                        listPath(workspace, uuids.nextMostSignificant(), uuids.leastSignificant());
                        element(workspace, times, array, elements.offset(), elements.length(), out);
                    }
                }
                case UserType user -> {
                    elements.wrap(type, array, offset, length);
                    for (int field = 0; elements.next(); field++) {
                        if (field >= user.fieldNames().size()) {
                            throw CqlException.invalid(
                                    "Invalid value for %s: more fields than type %s has"
                                            .formatted(column.name(), user.cqlName()));
                        }
                        if (elements.length() >= 0) {
                            fieldPath(workspace, field);
                            element(
                                    workspace,
                                    times,
                                    array,
                                    elements.offset(),
                                    elements.length(),
                                    out);
                        }
                    }
                }
                default ->
                        throw new IllegalStateException(
                                column.name() + " is not a multi-cell column");
            }
        }

        final void path(Workspace workspace, CqlType type, byte[] array, int offset, int length) {
            workspace.path.clear();
            type.encodeKey(array, offset, length, false, workspace.path);
        }

        final void listPath(Workspace workspace, long high, long low) {
            workspace.path.clear().writeLong(high).writeLong(low);
            byte[] uuid = workspace.path.toArray();
            path(workspace, column.type().pathType(), uuid, 0, uuid.length);
        }

        final void fieldPath(Workspace workspace, int field) {
            byte[] number = {(byte) (field >> 8), (byte) field};
            path(workspace, column.type().pathType(), number, 0, number.length);
        }
    }

    /// `column = value`; null deletes.
    static final class SetSimple extends Simple {
        private final ValueTerm value;

        SetSimple(ColumnSchema column, ValueTerm value) {
            super(column);
            this.value = value;
        }

        @Override
        void write(Workspace workspace, WriteTimes times, RowWriter row) {
            Slice slice = workspace.slice;
            value.evaluate(workspace.evaluation, slice);
            if (slice.isUnset()) {
                return;
            }
            if (slice.isNull()) {
                row.tombstone(column.id(), times.timestamp, times.deletionTime);
            } else if (times.ttl != 0) {
                row.expiringCell(
                        column.id(),
                        times.timestamp,
                        times.ttl,
                        times.expiry,
                        slice.array(),
                        slice.offset(),
                        slice.length());
            } else {
                row.cell(
                        column.id(),
                        times.timestamp,
                        slice.array(),
                        slice.offset(),
                        slice.length());
            }
        }
    }

    /// `DELETE column`
    static final class DeleteSimple extends Simple {
        DeleteSimple(ColumnSchema column) {
            super(column);
        }

        @Override
        void write(Workspace workspace, WriteTimes times, RowWriter row) {
            row.tombstone(column.id(), times.timestamp, times.deletionTime);
        }
    }

    /// `column = value` of a multi-cell column: what is older goes, then the elements.
    static final class SetComplex extends Complex {
        private final ValueTerm value;

        SetComplex(ColumnSchema column, ValueTerm value) {
            super(column);
            this.value = value;
        }

        @Override
        void write(Workspace workspace, WriteTimes times, MutationWriter out) {
            Slice slice = workspace.slice;
            value.evaluate(workspace.evaluation, slice);
            if (slice.isUnset()) {
                return;
            }
            // One less, so that the new elements are newer than the deletion.
            deleteColumn(workspace, times.timestamp - 1, times.deletionTime, out);
            if (slice.hasBytes()) {
                elements(workspace, times, slice, out);
            }
        }
    }

    /// `DELETE column` of a multi-cell column.
    static final class DeleteComplex extends Complex {
        DeleteComplex(ColumnSchema column) {
            super(column);
        }

        @Override
        void write(Workspace workspace, WriteTimes times, MutationWriter out) {
            deleteColumn(workspace, times.timestamp, times.deletionTime, out);
        }
    }

    /// `column = column + value` of a list, set or map.
    static final class AddElements extends Complex {
        private final ValueTerm value;

        AddElements(ColumnSchema column, ValueTerm value) {
            super(column);
            this.value = value;
        }

        @Override
        void write(Workspace workspace, WriteTimes times, MutationWriter out) {
            Slice slice = workspace.slice;
            value.evaluate(workspace.evaluation, slice);
            if (slice.hasBytes()) {
                elements(workspace, times, slice, out);
            }
        }
    }

    /// `column = value + column` of a list: paths with times before a date that no append has, the
    /// later prepended the earlier.
    static final class PrependElements extends Complex {
        /// 2010-01-01, in 100-nanosecond steps since 1970.
        private static final long REFERENCE_STEPS = 12_623_040_000_000_000L;

        private final ValueTerm value;

        PrependElements(ColumnSchema column, ValueTerm value) {
            super(column);
            this.value = value;
        }

        @Override
        void write(Workspace workspace, WriteTimes times, MutationWriter out) {
            Slice slice = workspace.slice;
            value.evaluate(workspace.evaluation, slice);
            if (!slice.hasBytes()) {
                return;
            }
            var elements = workspace.elements;
            TimeUuids uuids = workspace.evaluation.timeUuids();
            elements.wrap(column.type(), slice.array(), slice.offset(), slice.length());
            int count = 0;
            while (elements.next()) {
                count++;
            }
            long last = uuids.nextSteps(count);
            elements.wrap(column.type(), slice.array(), slice.offset(), slice.length());
            for (int i = 0; elements.next(); i++) {
                // The whole block lies before all that was prepended earlier, in its own order.
                long steps = 2 * REFERENCE_STEPS - last + i;
                listPath(workspace, TimeUuids.mostSignificant(steps), uuids.leastSignificant());
                element(
                        workspace,
                        times,
                        elements.array(),
                        elements.offset(),
                        elements.length(),
                        out);
            }
        }
    }

    /// `column[key] = value` of a map.
    static final class SetMapEntry extends Complex {
        private final ValueTerm key;
        private final ValueTerm value;

        SetMapEntry(ColumnSchema column, ValueTerm key, ValueTerm value) {
            super(column);
            this.key = key;
            this.value = value;
        }

        @Override
        void write(Workspace workspace, WriteTimes times, MutationWriter out) {
            Slice slice = workspace.slice;
            value.evaluate(workspace.evaluation, slice);
            if (slice.isUnset()) {
                return;
            }
            byte[] array = slice.array();
            int offset = slice.offset();
            int length = slice.length();
            keyPath(workspace, key);
            element(workspace, times, array, offset, length, out);
        }

        private void keyPath(Workspace workspace, ValueTerm term) {
            keyPath(this, workspace, term, "map key");
        }

        static void keyPath(Complex operation, Workspace workspace, ValueTerm term, String what) {
            Slice slice = workspace.slice;
            term.evaluate(workspace.evaluation, slice);
            if (!slice.hasBytes()) {
                throw CqlException.invalid(
                        (slice.isUnset() ? "Invalid unset " : "Invalid null ") + what);
            }
            operation.path(
                    workspace,
                    operation.column.type().pathType(),
                    slice.array(),
                    slice.offset(),
                    slice.length());
        }
    }

    /// `column.field = value` of a user type.
    static final class SetField extends Complex {
        private final int field;
        private final ValueTerm value;

        SetField(ColumnSchema column, int field, ValueTerm value) {
            super(column);
            this.field = field;
            this.value = value;
        }

        @Override
        void write(Workspace workspace, WriteTimes times, MutationWriter out) {
            Slice slice = workspace.slice;
            value.evaluate(workspace.evaluation, slice);
            if (slice.isUnset()) {
                return;
            }
            fieldPath(workspace, field);
            element(workspace, times, slice.array(), slice.offset(), slice.length(), out);
        }
    }

    /// `DELETE column[key]` of a map or set.
    static final class DeleteElement extends Complex {
        private final ValueTerm key;

        DeleteElement(ColumnSchema column, ValueTerm key) {
            super(column);
            this.key = key;
        }

        @Override
        void write(Workspace workspace, WriteTimes times, MutationWriter out) {
            SetMapEntry.keyPath(
                    this,
                    workspace,
                    key,
                    column.type() instanceof MapType ? "map key" : "set element");
            element(workspace, times, workspace.path.array(), 0, -1, out);
        }
    }

    /// `DELETE column.field`
    static final class DeleteField extends Complex {
        private final int field;

        DeleteField(ColumnSchema column, int field) {
            super(column);
            this.field = field;
        }

        @Override
        void write(Workspace workspace, WriteTimes times, MutationWriter out) {
            fieldPath(workspace, field);
            element(workspace, times, workspace.path.array(), 0, -1, out);
        }
    }

    /// `column = column - value`: the elements of a set, or the keys of a map, that a set names.
    static final class RemoveElements extends Complex {
        private final ValueTerm value;
        private final SetType valueType;

        RemoveElements(ColumnSchema column, ValueTerm value, SetType valueType) {
            super(column);
            this.value = value;
            this.valueType = valueType;
        }

        @Override
        void write(Workspace workspace, WriteTimes times, MutationWriter out) {
            Slice slice = workspace.slice;
            value.evaluate(workspace.evaluation, slice);
            if (!slice.hasBytes()) {
                return;
            }
            byte[] array = slice.array();
            var elements = workspace.elements;
            elements.wrap(valueType, array, slice.offset(), slice.length());
            while (elements.next()) {
                path(workspace, valueType.element(), array, elements.offset(), elements.length());
                element(workspace, times, array, 0, -1, out);
            }
        }
    }
}
