package io.helenus.engine.schema;

import static io.helenus.engine.types.NativeType.BIGINT;
import static io.helenus.engine.types.NativeType.DOUBLE;
import static io.helenus.engine.types.NativeType.INT;
import static io.helenus.engine.types.NativeType.TEXT;
import static io.helenus.engine.types.NativeType.TIMEUUID;

import io.helenus.engine.types.ElementWriter;
import io.helenus.sstable.model.ByteWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/// `system_views.sstable_tasks` and `system.compaction_history`.
public final class CompactionTables {
    /// A row of `sstable_tasks`.
    ///
    /// @param id version 1
    /// @param done bytes, of `total`
    public record TaskRow(
            String keyspace,
            String table,
            UUID id,
            double completion,
            String kind,
            long done,
            int files,
            String directory,
            long total) {}

    /// A row of `compaction_history`.
    ///
    /// @param id version 1
    public record HistoryRow(
            UUID id,
            String keyspace,
            String table,
            long completedAtMillis,
            long bytesIn,
            long bytesOut,
            Map<Integer, Long> rowsMerged,
            Map<String, String> properties) {}

    /// Definition of the view.
    public static final TableSchema SSTABLE_TASKS =
            SystemSchema.view("sstable_tasks", "current sstable tasks")
                    .partitionKey("keyspace_name", TEXT)
                    .clustering("table_name", TEXT)
                    .clustering("task_id", TIMEUUID)
                    .regular("completion_ratio", DOUBLE)
                    .regular("kind", TEXT)
                    .regular("progress", BIGINT)
                    .regular("sstables", INT)
                    .regular("target_directory", TEXT)
                    .regular("total", BIGINT)
                    .regular("unit", TEXT)
                    .build();

    private CompactionTables() {}

    public static List<VirtualTable> tables(
            Supplier<List<TaskRow>> tasks, Supplier<List<HistoryRow>> history) {
        return List.of(
                new Tasks(SSTABLE_TASKS, tasks),
                new History(
                        SystemSchema.definition(SchemaNames.SYSTEM, "compaction_history"),
                        history));
    }

    private record Tasks(TableSchema schema, Supplier<List<TaskRow>> tasks)
            implements VirtualTable {
        private static final Comparator<TaskRow> ORDER =
                Comparator.comparing(
                                (TaskRow row) -> Wire.text(row.keyspace()),
                                SchemaProjection::byToken)
                        .thenComparing(TaskRow::table)
                        .thenComparingLong(row -> row.id().timestamp())
                        .thenComparingLong(row -> row.id().getLeastSignificantBits());

        @Override
        public void rows(RowConsumer consumer) {
            List<TaskRow> sorted = new ArrayList<>(tasks.get());
            sorted.sort(ORDER);
            for (TaskRow task : sorted) {
                consumer.row(
                        new VirtualRow(schema)
                                .text("keyspace_name", task.keyspace())
                                .text("table_name", task.table())
                                .set("task_id", Wire.uuid(task.id()))
                                .set("completion_ratio", Wire.float64(task.completion()))
                                .text("kind", task.kind())
                                .set("progress", Wire.int64(task.done()))
                                .set("sstables", Wire.int32(task.files()))
                                .text("target_directory", task.directory())
                                .set("total", Wire.int64(task.total()))
                                .text("unit", "bytes")
                                .values());
            }
        }
    }

    private record History(TableSchema schema, Supplier<List<HistoryRow>> history)
            implements VirtualTable {
        @Override
        public void rows(RowConsumer consumer) {
            List<HistoryRow> sorted = new ArrayList<>(history.get());
            sorted.sort(
                    Comparator.comparing(
                            (HistoryRow row) -> Wire.uuid(row.id()), SchemaProjection::byToken));
            for (HistoryRow done : sorted) {
                consumer.row(
                        new VirtualRow(schema)
                                .set("id", Wire.uuid(done.id()))
                                .set("bytes_in", Wire.int64(done.bytesIn()))
                                .set("bytes_out", Wire.int64(done.bytesOut()))
                                .text("columnfamily_name", done.table())
                                .set("compacted_at", Wire.int64(done.completedAtMillis()))
                                .set("compaction_properties", Wire.textMap(done.properties()))
                                .text("keyspace_name", done.keyspace())
                                .set("rows_merged", rowsMerged(done.rowsMerged()))
                                .values());
            }
        }

        private static byte[] rowsMerged(Map<Integer, Long> rows) {
            ByteWriter out = new ByteWriter();
            int at = ElementWriter.beginCollection(out);
            rows.forEach((files, count) -> {
                ElementWriter.write(out, Wire.int32(files));
                ElementWriter.write(out, Wire.int64(count));
            });
            ElementWriter.endCollection(out, at, rows.size());
            return out.toArray();
        }
    }
}
