package io.helenus.engine.query.plan;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.term.Slice;
import io.helenus.engine.query.term.ValueTerm;
import io.helenus.engine.schema.ColumnSchema;
import io.helenus.engine.storage.mutation.MutationWriter;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.Elements;
import io.helenus.sstable.model.ByteWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a statement does to elements of a list that it names by index or value: these have to be
/// found by reading the list first. Immutable.
abstract class ListOperation extends ColumnOperation.Complex {
    ListOperation(ColumnSchema column) {
        super(column);
    }

    final List<ListSource.Element> elements(Workspace workspace) {
        ListSource lists = workspace.lists;
        if (lists == null) {
            throw new IllegalStateException("Nobody reads the list " + column.name());
        }
        return lists.read(workspace.partition, workspace.position, column);
    }

    /// The element at the index that the term says.
    final ListSource.Element elementAt(int index, Workspace workspace, String what) {
        List<ListSource.Element> elements = elements(workspace);
        if (elements.isEmpty()) {
            throw CqlException.invalid("Attempted to %s a list which is null".formatted(what));
        }
        if (index < 0 || index >= elements.size()) {
            throw CqlException.invalid(
                    "List index %d out of bound, list has size %d"
                            .formatted(index, elements.size()));
        }
        return elements.get(index);
    }

    static int index(Workspace workspace, ValueTerm term) {
        Slice slice = workspace.slice;
        term.evaluate(workspace.evaluation, slice);
        if (slice.length() != Integer.BYTES) {
            throw CqlException.invalid(
                    slice.isUnset()
                            ? "Invalid unset value for list index"
                            : "Invalid null value for list index");
        }
        return ByteWriter.getInt(slice.array(), slice.offset());
    }

    final void write(
            Workspace workspace,
            WriteTimes times,
            ListSource.Element element,
            byte @Nullable [] value,
            MutationWriter out) {
        workspace.path.clear().writeBytes(element.path());
        byte[] bytes = value == null ? element.value() : value;
        element(workspace, times, bytes, 0, value == null ? -1 : value.length, out);
    }

    /// `column[index] = value`; null deletes the element.
    static final class SetElement extends ListOperation {
        private final ValueTerm index;
        private final ValueTerm value;

        SetElement(ColumnSchema column, ValueTerm index, ValueTerm value) {
            super(column);
            this.index = index;
            this.value = value;
        }

        @Override
        void write(Workspace workspace, WriteTimes times, MutationWriter out) {
            int at = index(workspace, index);
            Slice slice = workspace.slice;
            value.evaluate(workspace.evaluation, slice);
            boolean unset = slice.isUnset();
            byte[] bytes = slice.copy();
            ListSource.Element element = elementAt(at, workspace, "set an element on");
            if (!unset) {
                write(workspace, times, element, bytes, out);
            }
        }
    }

    /// `DELETE column[index]`
    static final class DeleteElement extends ListOperation {
        private final ValueTerm index;

        DeleteElement(ColumnSchema column, ValueTerm index) {
            super(column);
            this.index = index;
        }

        @Override
        void write(Workspace workspace, WriteTimes times, MutationWriter out) {
            int at = index(workspace, index);
            write(workspace, times, elementAt(at, workspace, "delete an element from"), null, out);
        }
    }

    /// `column = column - value`: all elements that equal one of the value's.
    static final class Discard extends ListOperation {
        private final ValueTerm value;

        Discard(ColumnSchema column, ValueTerm value) {
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
            List<byte[]> unwanted = new ArrayList<>();
            Elements given =
                    new Elements()
                            .wrap(column.type(), slice.array(), slice.offset(), slice.length());
            while (given.next()) {
                unwanted.add(given.toBytes());
            }
            CqlType type = column.type().subTypes().getFirst();
            for (ListSource.Element element : elements(workspace)) {
                if (unwanted.stream().anyMatch(v -> type.compare(v, element.value()) == 0)) {
                    write(workspace, times, element, null, out);
                }
            }
        }
    }
}
