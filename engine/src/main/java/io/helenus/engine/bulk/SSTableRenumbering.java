package io.helenus.engine.bulk;

import io.helenus.engine.schema.ColumnSchema;
import io.helenus.engine.schema.SchemaHeader;
import io.helenus.engine.schema.TableSchema;
import io.helenus.sstable.cache.BlockCache;
import io.helenus.sstable.file.ReadMode;
import io.helenus.sstable.file.SSTableCursor;
import io.helenus.sstable.file.SSTableReader;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.CellView;
import io.helenus.sstable.model.ElementView;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowCursor.Kind;
import io.helenus.sstable.model.RowView;
import io.helenus.sstable.model.RowWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Writes an SSTable again for a table with the same columns, which were declared in another order.
/// Cells and elements name their columns by numbers that follow from that order, and are sorted by
/// them, so all of it is sorted again. The same file becomes the same bytes each time. One use, one
/// thread.
public final class SSTableRenumbering {
    private static final long CACHE_BYTES = 1 << 20;
    private static final int UNKNOWN = -1;
    private static final int BUFFERS = 2;

    private final BulkEnvironment environment;
    private final TableSchema target;
    private final long memoryBytes;
    private int[] numbers = {};

    private final RowView row = new RowView();
    private final RowWriter rowWriter = new RowWriter();
    private final ElementView element = new ElementView();
    private final ByteWriter key = new ByteWriter(256);
    private final ByteWriter value = new ByteWriter(256);

    /// @param target with the numbers that the file shall have
    /// @param memoryBytes for entries that wait to be sorted
    public SSTableRenumbering(BulkEnvironment environment, TableSchema target, long memoryBytes) {
        this.environment = environment;
        this.target = target;
        this.memoryBytes = memoryBytes;
    }

    /// @param directory for the new file; does not exist yet, or is empty
    /// @return the new files
    /// @throws IOException if the file has range deletions, or columns that the table does not have
    public List<BulkSummary.File> run(Path source, Path directory) throws IOException {
        BlockCache cache = new BlockCache(CACHE_BYTES, Runnable::run);
        try (SSTableReader reader = SSTableReader.open(environment.files(), source, cache)) {
            numbers = numbers(source, SchemaHeader.decode(reader.schemaHeader()));
            BulkTasks tasks = new BulkTasks(environment.executor(), directory);
            try (BulkDirectory output = BulkDirectory.create(environment.files(), directory);
                    SortingSink sink =
                            new SortingSink(
                                    new BulkFiles(environment, output, target, Long.MAX_VALUE),
                                    tasks,
                                    BUFFERS,
                                    memoryBytes / BUFFERS,
                                    environment.threads())) {
                try {
                    fill(sink, reader);
                    return output.publish(sink.finish());
                } finally {
                    sink.abandon();
                    tasks.awaitIdle();
                }
            }
        }
    }

    /// The new number of each old one.
    private int[] numbers(Path source, SchemaHeader.Content from) throws IOException {
        int[] found = new int[ColumnSchema.ID_MAX + 1];
        Arrays.fill(found, UNKNOWN);
        for (SchemaHeader.Column column : from.columns()) {
            if (column.kind().isPrimaryKey()) {
                continue; // no cell has its number
            }
            ColumnSchema same = target.column(column.name());
            if (same == null) {
                throw new IOException(
                        "%s has a column %s, which %s does not have"
                                .formatted(source, column.name(), target));
            }
            found[column.id()] = same.id();
        }
        return found;
    }

    private void fill(SortingSink sink, SSTableReader reader) throws IOException {
        SortBuffer buffer = sink.takeBuffer();
        try (SSTableCursor cursor = new SSTableCursor().openAll(reader, false, ReadMode.SCAN)) {
            for (Kind kind = cursor.next(); kind != Kind.END; kind = cursor.next()) {
                add(kind, cursor, reader.path(), buffer);
                if (buffer.isFull()) {
                    buffer = sink.exchange(buffer);
                }
            }
        }
        sink.addLast(buffer);
    }

    private void add(Kind kind, RowCursor at, Path source, SortBuffer buffer) throws IOException {
        key.clear().writeBytes(at.keyArray(), at.keyOffset(), at.keyLength());
        switch (kind) {
            case ROW -> renumberRow(at);
            case ELEMENT, COLUMN_DELETION -> {
                value.clear().writeBytes(at.valueArray(), at.valueOffset(), at.valueLength());
                element.wrap(value.array(), 0, value.length());
                int column = key.length() - element.suffixLength();
                int number = number(ByteWriter.getUnsignedShort(key.array(), column));
                key.setByte(column, number >>> Byte.SIZE).setByte(column + 1, number);
            }
            case BOUNDARY, END ->
                    throw new IOException(
                            source + " has range deletions and cannot be numbered otherwise");
        }
        buffer.add(key, value);
    }

    private int number(int old) {
        int number = numbers[old];
        if (number == UNKNOWN) {
            throw new IllegalStateException(
                    "Column %d is in the file and not in its header".formatted(old));
        }
        return number;
    }

    /// A cell that was read, under its new number.
    private record Cell(
            int number,
            boolean isTombstone,
            boolean expires,
            long timestamp,
            int ttl,
            int time,
            int valueOffset,
            int valueLength) {}

    private void renumberRow(RowCursor at) {
        byte[] array = at.valueArray();
        row.wrap(array, at.valueOffset(), at.valueLength());
        Cell[] cells = new Cell[row.cellCount()];
        for (int i = 0; row.nextCell(); i++) {
            CellView cell = row.cell();
            cells[i] =
                    new Cell(
                            number(cell.columnId()),
                            cell.isTombstone(),
                            cell.expires(),
                            cell.timestamp(),
                            cell.ttl(),
                            cell.time(),
                            cell.valueOffset(),
                            cell.valueLength());
        }
        Arrays.sort(cells, (a, b) -> Integer.compare(a.number(), b.number()));
        rowWriter.beginAs(value.clear(), array, row, true, true);
        for (Cell cell : cells) {
            if (cell.isTombstone()) {
                rowWriter.tombstone(cell.number(), cell.timestamp(), cell.time());
            } else if (cell.expires()) {
                rowWriter.expiringCell(
                        cell.number(),
                        cell.timestamp(),
                        cell.ttl(),
                        cell.time(),
                        array,
                        cell.valueOffset(),
                        cell.valueLength());
            } else {
                rowWriter.cell(
                        cell.number(),
                        cell.timestamp(),
                        array,
                        cell.valueOffset(),
                        cell.valueLength());
            }
        }
        rowWriter.end();
    }
}
