package io.helenus.engine.query;

import io.helenus.engine.query.plan.ListSource;
import io.helenus.engine.query.select.RowAccess;
import io.helenus.engine.schema.ColumnSchema;
import io.helenus.engine.storage.TableStore;
import io.helenus.sstable.file.ReadMode;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Lists as they are stored now. For one statement; on a thread that may wait for a disk.
final class ListReader implements ListSource {
    private final Worker worker;
    private final TableStore store;
    private final long nowSeconds;

    ListReader(Worker worker, TableStore store, long nowSeconds) {
        this.worker = worker;
        this.store = store;
        this.nowSeconds = nowSeconds;
    }

    @Override
    public List<Element> read(ByteWriter partition, ByteWriter position, ColumnSchema column) {
        int[] slots = new int[column.id() + 1];
        Arrays.fill(slots, -1);
        slots[column.id()] = 0;
        byte[] start = key(partition, position);
        byte[] end = start.clone();
        end[end.length - 1]++; // past the row's elements, whose keys begin with the row's
        List<Element> elements = new ArrayList<>();
        RowReader reader = new RowReader();
        try (RowAccess rows = worker.rows(store, null, ReadMode.FILL);
                RowCursor cursor = rows.cursor(start, 0, start.length, end, 0, end.length, false)) {
            reader.open(cursor, false, slots, 1, true, nowSeconds);
            while (reader.next()) {
                byte[] array = reader.elementArray();
                int first = reader.firstElement(0);
                for (int i = first; i < first + reader.elementCount(0); i++) {
                    elements.add(
                            new Element(
                                    copy(array, reader.pathOffset(i), reader.pathLength(i)),
                                    copy(array, reader.elementOffset(i), reader.elementLength(i))));
                }
            }
        }
        return elements;
    }

    private static byte[] key(ByteWriter partition, ByteWriter position) {
        return new ByteWriter(partition.length() + position.length())
                .writeBytes(partition.array(), 0, partition.length())
                .writeBytes(position.array(), 0, position.length())
                .toArray();
    }

    private static byte[] copy(byte[] array, int offset, int length) {
        return Arrays.copyOfRange(array, offset, offset + length);
    }
}
