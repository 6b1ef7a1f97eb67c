package io.helenus.engine.storage;

import io.helenus.engine.storage.mutation.MutationWriter;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowKeys;
import io.helenus.sstable.model.RowWriter;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Random writes of every kind, each given to the model as values and to a mutation as bytes.
final class ModelWrites {
    /// How far back timestamps go; less than the grace of deletions, so that no write is older than a
    /// deletion which may have been purged.
    static final int OLDEST_SECONDS = 50;

    static final int GRACE_SECONDS = 60;
    private static final int PATHS = 4;
    private static final long MICROS = 1_000_000;
    private static final int[] STATIC_COLUMNS = {ModelSchema.STATIC_SIMPLE};

    private final Random random;
    private final ModelSchema schema;
    private final ModelTable model;
    private final ModelReads reads;
    private final RowWriter writer = new RowWriter();
    private boolean inOrder;
    private int timestamps;

    // Of the mutation that is being made.
    private MutationWriter mutation = new MutationWriter();
    private int partition;
    private long now;

    ModelWrites(Random random, ModelSchema schema, ModelTable model, ModelReads reads) {
        this.random = random;
        this.schema = schema;
        this.model = model;
        this.reads = reads;
    }

    /// One mutation, in the model already. Null if it says nothing.
    @Nullable ByteWriter next(int partition, long now) {
        this.partition = partition;
        this.now = now;
        mutation = Cql.mutation(partition);
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            operation();
        }
        return mutation.isEmpty() ? null : mutation.finish();
    }

    /// Kinds of operations.
    enum Kind {
        INSERT(23),
        UPDATE(12),
        STATIC(8),
        COLLECTION(25),
        DELETE_ROW(12),
        DELETE_RANGE(16),
        DELETE_PARTITION(4);

        private final int percent;

        Kind(int percent) {
            this.percent = percent;
        }
    }

    private void operation() {
        int choice = random.nextInt(100);
        for (Kind kind : Kind.values()) {
            choice -= kind.percent;
            if (choice < 0) {
                operation(kind);
                return;
            }
        }
    }

    /// The same, with one operation of a kind.
    @Nullable ByteWriter next(Kind kind, int number, long time) {
        partition = number;
        now = time;
        mutation = Cql.mutation(number);
        operation(kind);
        return mutation.isEmpty() ? null : mutation.finish();
    }

    private void operation(Kind kind) {
        switch (kind) {
            case INSERT -> row(true);
            case UPDATE -> row(false);
            case STATIC -> staticRow();
            case COLLECTION -> collection();
            case DELETE_ROW -> deleteRow();
            case DELETE_RANGE -> deleteRange();
            case DELETE_PARTITION -> {
                long timestamp = timestamp();
                mutation.partitionDeletion(timestamp, (int) now);
                model.deletePartition(partition, timestamp, now);
            }
        }
    }

    /// From now on each timestamp is later than those before.
    ModelWrites inOrder() {
        inOrder = true;
        return this;
    }

    /// Often the same, sometimes older than what is there.
    private long timestamp() {
        if (inOrder) {
            timestamps += 2; // the deletion before a collection's new content is older by one
            return now * MICROS + timestamps;
        }
        int back = random.nextInt(5) == 0 ? random.nextInt(OLDEST_SECONDS) : 0;
        return (now - back) * MICROS + random.nextInt(3) * (MICROS / 2);
    }

    /// Cells of one timestamp expire together, or storage might rightly answer in two ways: an expired
    /// cell that was compacted is a tombstone, and beats one that expires later.
    private int expiry(long timestamp) {
        int lifetime = 1 + (Long.hashCode(timestamp * 0x9E37_79B9_7F4A_7C15L) & 0x3f);
        return (int) (timestamp / MICROS) + lifetime;
    }

    private ModelTable.Cell randomCell(long timestamp, boolean mayBeTombstone, String value) {
        int kind = random.nextInt(mayBeTombstone ? 8 : 6);
        int expiry = expiry(timestamp);
        if (kind >= 6) {
            return new ModelTable.Cell(timestamp, true, 0, now, "");
        }
        return kind >= 4 && expiry > now
                ? new ModelTable.Cell(timestamp, false, (int) (expiry - now), expiry, value)
                : new ModelTable.Cell(timestamp, false, 0, 0, value);
    }

    private String value() {
        int length = random.nextInt(20) == 0 ? 300 : random.nextInt(3);
        byte[] value = new byte[length];
        for (int i = 0; i < length; i++) {
            value[i] = (byte) (random.nextInt(3) - 1);
        }
        return HexFormat.of().formatHex(value);
    }

    private void row(boolean inserted) {
        List<Object> clustering = schema.randomClustering(random);
        long timestamp = timestamp();
        ByteWriter out = new ByteWriter();
        if (inserted) {
            ModelTable.Cell liveness = randomCell(timestamp, false, "");
            model.live(partition, clustering, liveness);
            if (liveness.ttl() > 0) {
                int expiry = (int) liveness.expiry();
                writer.beginExpiringRow(out, timestamp, liveness.ttl(), expiry);
            } else {
                writer.beginLiveRow(out, timestamp);
            }
        } else {
            writer.beginRow(out, timestamp);
        }
        cells(clustering, ModelSchema.SIMPLE, timestamp, inserted);
        put(reads.position(clustering), out);
    }

    private void staticRow() {
        ByteWriter out = new ByteWriter();
        long timestamp = timestamp();
        writer.beginRow(out, timestamp);
        cells(null, STATIC_COLUMNS, timestamp, false);
        put(Cql.staticRow(), out);
    }

    private void cells(
            @Nullable List<Object> clustering, int[] columns, long timestamp, boolean mayBeNone) {
        int first = random.nextInt(columns.length);
        for (int column : columns) {
            boolean skipped = column != columns[first] || mayBeNone;
            if (skipped && random.nextBoolean()) {
                continue;
            }
            long own = random.nextInt(4) == 0 ? timestamp() : timestamp;
            ModelTable.Cell cell = randomCell(own, true, value());
            model.cell(partition, clustering, column, cell);
            byte[] value = HexFormat.of().parseHex(cell.value());
            if (cell.tombstone()) {
                writer.tombstone(column, own, (int) cell.expiry());
            } else if (cell.ttl() > 0) {
                int expiry = (int) cell.expiry();
                writer.expiringCell(column, own, cell.ttl(), expiry, value, 0, value.length);
            } else {
                writer.cell(column, own, value, 0, value.length);
            }
        }
        writer.end();
    }

    private void put(byte[] position, ByteWriter value) {
        Cql.entry(mutation, position, value);
    }

    /// Overwrites, appends to, or takes from a collection.
    private void collection() {
        boolean inStatic = random.nextInt(6) == 0;
        List<Object> clustering = inStatic ? null : schema.randomClustering(random);
        byte[] row = clustering == null ? Cql.staticRow() : reads.position(clustering);
        int column =
                inStatic
                        ? ModelSchema.STATIC_MAP
                        : random.nextBoolean() ? ModelSchema.MAP : ModelSchema.SET;
        long timestamp = timestamp();
        ByteWriter out = new ByteWriter();
        if (random.nextInt(3) == 0) {
            long before = random.nextInt(4) == 0 ? timestamp : timestamp - 1;
            RowWriter.columnDeletion(out, before, (int) now);
            put(Cql.column(row, column), out);
            model.deleteColumn(partition, clustering, column, before, now);
        }
        TreeMap<Integer, ModelTable.Cell> elements = new TreeMap<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            String value = column == ModelSchema.SET ? "" : value();
            int path = random.nextInt(PATHS) - 1;
            elements.put(path, randomCell(timestamp, true, value));
        }
        elements.forEach((path, cell) -> {
            model.element(partition, clustering, column, path, cell);
            byte[] key =
                    new ByteWriter()
                            .writeBytes(Cql.column(row, column))
                            .writeBytes(ModelReads.path(path))
                            .toArray();
            put(key, element(cell, key.length - row.length));
        });
    }

    private static ByteWriter element(ModelTable.Cell cell, int suffix) {
        ByteWriter out = new ByteWriter();
        byte[] value = HexFormat.of().parseHex(cell.value());
        long timestamp = cell.timestamp();
        int expiry = (int) cell.expiry();
        if (cell.tombstone()) {
            RowWriter.elementTombstone(out, suffix, timestamp, expiry);
        } else if (cell.ttl() > 0) {
            RowWriter.expiringElement(
                    out, suffix, timestamp, cell.ttl(), expiry, value, 0, value.length);
        } else {
            RowWriter.element(out, suffix, timestamp, value, 0, value.length);
        }
        return out;
    }

    /// One cell by itself, not told to the model.
    ByteWriter cell(
            int number,
            @Nullable List<Object> clustering,
            int column,
            @Nullable Integer path,
            ModelTable.Cell cell) {
        mutation = Cql.mutation(number);
        byte[] row = clustering == null ? Cql.staticRow() : reads.position(clustering);
        if (path == null) {
            ByteWriter out = new ByteWriter();
            byte[] value = HexFormat.of().parseHex(cell.value());
            long timestamp = cell.timestamp();
            writer.beginRow(out, timestamp).cell(column, timestamp, value, 0, value.length).end();
            put(row, out);
        } else {
            byte[] key =
                    new ByteWriter()
                            .writeBytes(Cql.column(row, column))
                            .writeBytes(ModelReads.path(path))
                            .toArray();
            put(key, element(cell, key.length - row.length));
        }
        return mutation.finish();
    }

    private void deleteRow() {
        List<Object> clustering = schema.randomClustering(random);
        long timestamp = timestamp();
        ByteWriter out = new ByteWriter();
        writer.beginDeletedRow(out, timestamp, (int) now).end();
        put(reads.position(clustering), out);
        model.deleteRow(partition, clustering, timestamp, now);
    }

    /// Bounds of every length, in- and exclusive; some ranges are empty.
    private void deleteRange() {
        ModelSchema.Bound start = schema.randomBound(random);
        ModelSchema.Bound end = schema.randomBound(random);
        long timestamp = timestamp();
        byte[] from = schema.start(start);
        byte[] to = schema.end(end);
        boolean hasRows = RowKeys.compare(from, 0, from.length, to, 0, to.length) < 0;
        Cql.deletion(mutation, from, to, timestamp, (int) now);
        if (hasRows) {
            model.deleteRange(partition, start, end, timestamp, now);
        }
    }
}
