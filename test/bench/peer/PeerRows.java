package org.apache.cassandra.io.sstable;

import io.helenus.test.bench.CompactionRows;
import java.io.File;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import org.apache.cassandra.config.DatabaseDescriptor;
import org.apache.cassandra.db.Clustering;
import org.apache.cassandra.db.DecoratedKey;
import org.apache.cassandra.db.DeletionTime;
import org.apache.cassandra.db.LivenessInfo;
import org.apache.cassandra.db.rows.BTreeRow;
import org.apache.cassandra.db.rows.BufferCell;
import org.apache.cassandra.db.rows.Row;
import org.apache.cassandra.schema.ColumnMetadata;
import org.apache.cassandra.schema.TableMetadata;

/**
 * Writes one file of the compaction benchmark as a Cassandra SSTable: SHAPE ROWS FILES FILE DIRECTORY. In
 * Cassandra's package because its writer of rows and deletions has no public face.
 */
public final class PeerRows {
    public static void main(String[] arguments) throws Exception {
        CompactionRows rows =
                new CompactionRows(
                        CompactionRows.shape(arguments[0]),
                        Integer.parseInt(arguments[1]),
                        Integer.parseInt(arguments[2]),
                        Integer.parseInt(arguments[3]));
        DatabaseDescriptor.clientInitialization();
        CQLSSTableWriter.Builder builder =
                CQLSSTableWriter.builder()
                        .inDirectory(new File(arguments[4]).getPath())
                        .forTable(
                                "CREATE TABLE bench.kv (pk bigint, ck int, v blob, PRIMARY KEY (pk, ck))")
                        .using("INSERT INTO bench.kv (pk, ck, v) VALUES (?, ?, ?)")
                        .sorted();
        try (CQLSSTableWriter opened = builder.build()) {
            Field inner = CQLSSTableWriter.class.getDeclaredField("writer");
            inner.setAccessible(true);
            write(rows, (AbstractSSTableSimpleWriter) inner.get(opened));
        }
        System.exit(0);
    }

    private static void write(CompactionRows rows, AbstractSSTableSimpleWriter writer) throws Exception {
        TableMetadata table = writer.metadata.get();
        ColumnMetadata column = table.getColumn(ByteBuffer.wrap(new byte[] {'v'}));
        Clustering<?> clustering = Clustering.make(ByteBuffer.allocate(Integer.BYTES));
        for (long key : rows.keys()) {
            DecoratedKey partition =
                    table.partitioner.decorateKey(ByteBuffer.allocate(Long.BYTES).putLong(0, key));
            writer.getUpdateFor(partition).add(row(rows, key, column, clustering));
        }
    }

    private static Row row(CompactionRows rows, long key, ColumnMetadata column, Clustering<?> clustering) {
        long timestamp = rows.timestamp(key);
        if (rows.isDeleted(key)) {
            return BTreeRow.emptyDeletedRow(
                    clustering,
                    Row.Deletion.regular(
                            DeletionTime.build(timestamp, CompactionRows.DELETED_AT_SECONDS)));
        }
        ByteBuffer value =
                ByteBuffer.wrap(rows.noise(), rows.valueAt(key), CompactionRows.VALUE_BYTES).slice();
        Row.Builder row = BTreeRow.sortedBuilder();
        row.newRow(clustering);
        row.addPrimaryKeyLivenessInfo(LivenessInfo.create(timestamp, 0));
        row.addCell(BufferCell.live(column, timestamp, value));
        return row.build();
    }

    private PeerRows() {}
}
