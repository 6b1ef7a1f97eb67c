package io.helenus.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.sstable.file.Compression;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// One random history of a table under one configuration of storage. The history and the questions
/// depend on the seed alone, so every configuration must give the same answers: those of the model. But
/// in a history with late writes, which come after a deletion's grace is over, some answers depend on
/// what has been purged: the model then takes over what is seen first, and that must remain.
final class ModelRun {
    private static final int LATE_SECONDS_MAX = 400;
    private static final int PATHS = 4;
    private static final long MICROS = 1_000_000;
    private static final int PARTITIONS = 5;
    private static final long START_SECONDS = 1_000_000;

    /// How storage is set up; answers must not depend on it.
    enum Configuration {
        USUAL {
            @Override
            void apply(TestNode node) {
                // as it comes
            }
        },
        TINY_MEMTABLES {
            @Override
            void apply(TestNode node) {
                node.memtableBytesMax = 20_000;
                node.segmentBytes = 16 << 10;
            }
        },
        TINY_BLOCKS {
            @Override
            TableSettings settings() {
                return TestNode.smallBlocks();
            }

            @Override
            void apply(TestNode node) {
                node.memtableBytesMax = 60_000;
                node.cacheBytes = 2_000;
            }
        },
        TINY_WITHOUT_COMPRESSION {
            @Override
            TableSettings settings() {
                TableSettings small = TestNode.smallBlocks();
                return small.withSSTable(
                        small.sstable()
                                .withCompression(Compression.none())
                                .withRestartInterval(1)
                                .withFilterFpChance(1));
            }

            @Override
            void apply(TestNode node) {
                node.memtableBytesMax = 60_000;
                node.cacheBytes = 0;
            }
        };

        TableSettings settings() {
            return TableSettings.defaults();
        }

        abstract void apply(TestNode node);
    }

    private final Random random; // of history and questions
    private final Random chance; // of what storage does meanwhile
    private final ModelSchema schema;
    private final ModelTable model;
    private final ModelReads reads;
    private final ModelWrites writes;
    private final ModelStore store;
    private long now = START_SECONDS;
    private int answers;
    private final boolean hasLateWrites;
    private int lateWrites;
    private final int[] fates = new int[ModelTable.Fate.values().length];

    ModelRun(long seed, Configuration configuration) {
        random = new Random(seed);
        chance = new Random(seed + 31L * configuration.ordinal());
        schema = new ModelSchema(random);
        model = new ModelTable(schema);
        reads = new ModelReads(schema, PARTITIONS);
        writes = new ModelWrites(random, schema, model, reads);
        store = new ModelStore(chance, configuration, now);
        hasLateWrites = hasLateWrites(seed);
    }

    static boolean hasLateWrites(long seed) {
        return (seed & 1) == 1;
    }

    static long seed(long random, boolean withLateWrites) {
        return withLateWrites ? random | 1 : random & ~1L;
    }

    /// @return a hash of all answers
    int run(int steps) throws IOException {
        store.start();
        for (int i = 0; i < steps; i++) {
            try {
                step();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("in step %d, with columns %s".formatted(i, schema), e);
            }
        }
        readAll();
        store.restart();
        readAll();
        now += 10 * ModelWrites.GRACE_SECONDS;
        store.timeIs(now);
        store.compactAll();
        readAll();
        store.close();
        return answers;
    }

    private void step() throws IOException {
        int choice = random.nextInt(1000);
        if (hasLateWrites && choice < 100) {
            writeLate();
        } else if (choice < 700) {
            write();
        } else if (choice < 750) {
            now += random.nextInt(10) == 0 ? 40 + random.nextInt(60) : random.nextInt(4);
            store.timeIs(now);
            if (!hasLateWrites) {
                model.forget((now - ModelWrites.OLDEST_SECONDS) * MICROS, now);
            }
        } else if (choice < 753) {
            truncate();
        } else if (choice < 850) {
            readPoint();
        } else if (choice < 940) {
            readSlice();
        } else if (choice < 980) {
            readPartitionInPages();
        } else {
            readTokens();
        }
        disturb();
    }

    private void write() {
        int partition = random.nextInt(PARTITIONS);
        ByteWriter mutation = writes.next(partition, now);
        if (mutation != null) {
            store.write(mutation);
        }
    }

    /// One cell with a timestamp that may be older than what was purged. What is seen of it now is what
    /// has to be seen of it later. No compaction is under way: one could already have decided to purge
    /// what is still seen to hide the cell.
    private void writeLate() {
        store.finish();
        int partition = random.nextInt(PARTITIONS);
        List<Object> clustering = random.nextInt(6) == 0 ? null : schema.randomClustering(random);
        boolean isElement = random.nextInt(3) == 0;
        Integer path = isElement ? random.nextInt(PATHS) - 1 : null;
        int column;
        if (clustering == null) {
            column = isElement ? ModelSchema.STATIC_MAP : ModelSchema.STATIC_SIMPLE;
        } else {
            column = isElement ? ModelSchema.MAP : 1;
        }
        long timestamp = (now - random.nextInt(LATE_SECONDS_MAX)) * MICROS + MICROS / 3;
        String value = "%08x".formatted(++lateWrites);
        ModelTable.Cell cell = new ModelTable.Cell(timestamp, false, 0, 0, value);
        ModelTable.Fate fate =
                model.fate(
                        partition,
                        clustering,
                        column,
                        path,
                        cell,
                        now,
                        now - ModelWrites.GRACE_SECONDS);
        store.write(writes.cell(partition, clustering, column, path, cell));
        boolean seen = isSeen(partition, clustering, column, path, cell);
        fates[fate.ordinal()]++;
        if (fate != ModelTable.Fate.EITHER) {
            assertThat(seen)
                    .as("a late write of %s is seen", clustering)
                    .isEqualTo(fate == ModelTable.Fate.SEEN);
        }
        if (seen) {
            model.learn(partition, clustering, column, path, cell);
        }
    }

    private boolean isSeen(
            int partition,
            @Nullable List<Object> clustering,
            int column,
            @Nullable Integer path,
            ModelTable.Cell cell) {
        byte[] position = clustering == null ? Cql.staticRow() : reads.position(clustering);
        byte[] after =
                clustering == null ? new byte[] {RowKeys.BOUND_BEFORE} : schema.after(clustering);
        List<ModelTable.Shown> rows =
                rows(Cql.key(partition, position), Cql.key(partition, after), random.nextBoolean());
        if (rows.isEmpty()) {
            return false;
        }
        ModelTable.Shown row = rows.getFirst();
        if (path == null) {
            return cell.equals(row.cells().get(column));
        }
        Map<Integer, ModelTable.Cell> elements = row.elements().get(column);
        return elements != null && cell.equals(elements.get(path));
    }

    /// Late writes, by what the model knew of their fate.
    int[] fates() {
        return fates.clone();
    }

    private void truncate() throws IOException {
        store.truncate();
        model.truncate();
    }

    /// Flushes, compacts, restarts, or goes on with what is under way.
    private void disturb() throws IOException {
        int choice = chance.nextInt(400);
        if (choice < 20) {
            store.flush();
        } else if (choice < 28) {
            store.compact();
        } else if (choice < 30) {
            store.restart();
        } else if (choice < 31) {
            store.alter();
        } else if (choice < 90) {
            store.goOn();
        }
    }

    // ---- Questions

    private void answer(List<ModelTable.Shown> found, List<ModelTable.Shown> expected) {
        assertThat(found).isEqualTo(expected);
        answers = 31 * answers + found.hashCode();
    }

    private List<ModelTable.Shown> inDirection(List<ModelTable.Shown> rows, boolean reversed) {
        return reversed ? rows.reversed() : rows;
    }

    private void readPoint() {
        int partition = random.nextInt(PARTITIONS);
        List<Object> clustering = random.nextInt(6) == 0 ? null : schema.randomClustering(random);
        byte[] position = clustering == null ? Cql.staticRow() : reads.position(clustering);
        ModelTable.Shown expected =
                clustering == null
                        ? model.staticRow(partition, now)
                        : model.row(partition, clustering, now);
        byte[] key = Cql.key(partition, position);
        Map<Integer, ModelTable.Cell> found =
                reads.point(store.table(), store.node().context(), key, now);
        Map<Integer, ModelTable.Cell> cells = expected == null ? Map.of() : expected.cells();
        assertThat(found == null ? Map.of() : found).as("point read").isEqualTo(cells);
        byte[] after =
                clustering == null ? new byte[] {RowKeys.BOUND_BEFORE} : schema.after(clustering);
        answer(
                rows(key, Cql.key(partition, after), random.nextBoolean()),
                expected == null ? List.of() : List.of(expected));
    }

    private List<ModelTable.Shown> rows(byte[] start, byte @Nullable [] end, boolean reversed) {
        return reads.rows(store.table(), store.node().context(), start, end, reversed, now);
    }

    private void readSlice() {
        int partition = random.nextInt(PARTITIONS);
        ModelSchema.Bound start = schema.randomBound(random);
        ModelSchema.Bound end = schema.randomBound(random);
        boolean reversed = random.nextBoolean();
        byte[] from = Cql.key(partition, schema.start(start));
        byte[] to = Cql.key(partition, schema.end(end));
        if (Arrays.compareUnsigned(from, to) >= 0) {
            return;
        }
        List<ModelTable.Shown> expected = model.slice(partition, start, end, now);
        answer(rows(from, to, reversed), inDirection(expected, reversed));
    }

    private void readPartitionInPages() throws IOException {
        int partition = random.nextInt(PARTITIONS);
        long token = Cql.token(partition);
        List<ModelTable.Shown> expected = new ArrayList<>(model.scan(token, token + 1, now));
        expected.removeIf(row -> row.partition() != partition);
        byte[] start = Cql.key(partition, Cql.before());
        readInPages(start, Cql.key(partition, Cql.after()), expected);
    }

    private void readInPages(byte[] from, byte @Nullable [] to, List<ModelTable.Shown> expected)
            throws IOException {
        boolean reversed = random.nextBoolean();
        int limit = 1 + random.nextInt(7);
        byte[] start = from;
        byte[] end = to;
        List<ModelTable.Shown> rows = new ArrayList<>();
        boolean more = true;
        while (more) {
            ModelReads.Page page =
                    reads.page(
                            store.table(),
                            store.node().context(),
                            start,
                            end,
                            reversed,
                            now,
                            limit);
            rows.addAll(page.rows());
            byte[] resume = page.resume();
            more = resume != null;
            if (reversed) {
                end = resume;
            } else {
                start = Objects.requireNonNullElse(resume, start);
            }
            disturb();
        }
        answer(rows, inDirection(expected, reversed));
    }

    private void readTokens() throws IOException {
        long from = tokenBound();
        long to = tokenBound();
        if (from >= to) {
            return;
        }
        byte[] end = to == Long.MAX_VALUE ? null : bound(to);
        readInPages(bound(from), end, model.scan(from, to, now));
    }

    private long tokenBound() {
        return switch (random.nextInt(4)) {
            case 0 -> Long.MIN_VALUE;
            case 1 -> Long.MAX_VALUE;
            default -> Cql.token(random.nextInt(PARTITIONS)) + random.nextInt(2);
        };
    }

    private static byte[] bound(long token) {
        return new ByteWriter().writeLong(token ^ Long.MIN_VALUE).toArray();
    }

    private void readAll() {
        List<ModelTable.Shown> expected = model.scan(Long.MIN_VALUE, Long.MAX_VALUE, now);
        answer(rows(new byte[0], null, false), expected);
        answer(rows(new byte[0], null, true), expected.reversed());
    }
}
