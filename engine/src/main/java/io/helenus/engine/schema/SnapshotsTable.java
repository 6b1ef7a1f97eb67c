package io.helenus.engine.schema;

import io.helenus.engine.types.NativeType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// `system_views.snapshots`: what `nodetool listsnapshots` shows, asked of the disk for each read.
public final class SnapshotsTable implements VirtualTable {
    private static final TableSchema SCHEMA =
            SystemSchema.view("snapshots", "available snapshots")
                    .partitionKey("name", NativeType.TEXT)
                    .clustering("keyspace_name", NativeType.TEXT)
                    .clustering("table_name", NativeType.TEXT)
                    .regular("created_at", NativeType.TIMESTAMP)
                    .regular("ephemeral", NativeType.BOOLEAN)
                    .regular("expires_at", NativeType.TIMESTAMP)
                    .regular("size_on_disk", NativeType.BIGINT)
                    .regular("true_size", NativeType.BIGINT)
                    .build();

    private static final Comparator<Row> ORDER =
            Comparator.comparing(Row::name, SchemaProjection::byToken)
                    .thenComparing(Row::keyspace)
                    .thenComparing(Row::table);

    private final Supplier<List<Row>> snapshots;

    /// A snapshot of one table.
    ///
    /// @param createdMillis since 1970; null if it is not known
    /// @param expiresMillis null for never
    public record Row(
            String name,
            String keyspace,
            String table,
            @Nullable Long createdMillis,
            @Nullable Long expiresMillis,
            boolean ephemeral,
            long bytes,
            long ownBytes) {}

    /// @param snapshots does I/O
    public SnapshotsTable(Supplier<List<Row>> snapshots) {
        this.snapshots = snapshots;
    }

    public static TableSchema definition() {
        return SCHEMA;
    }

    @Override
    public TableSchema schema() {
        return SCHEMA;
    }

    @Override
    public boolean waitsForDisk() {
        return true;
    }

    @Override
    public void rows(RowConsumer consumer) {
        List<Row> rows = new ArrayList<>(snapshots.get());
        rows.sort(ORDER);
        for (Row row : rows) {
            consumer.row(
                    new VirtualRow(SCHEMA)
                            .text("name", row.name())
                            .text("keyspace_name", row.keyspace())
                            .text("table_name", row.table())
                            .set("created_at", millis(row.createdMillis()))
                            .set("ephemeral", Wire.bool(row.ephemeral()))
                            .set("expires_at", millis(row.expiresMillis()))
                            .set("size_on_disk", Wire.int64(row.bytes()))
                            .set("true_size", Wire.int64(row.ownBytes()))
                            .values());
        }
    }

    private static byte @Nullable [] millis(@Nullable Long value) {
        return value == null ? null : Wire.int64(value);
    }
}
