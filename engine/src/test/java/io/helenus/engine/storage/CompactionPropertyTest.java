package io.helenus.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.compaction.TableCompaction;
import io.helenus.engine.storage.mutation.MutationWriter;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// Random writes, deletions and expirations, and compactions of all kinds in random steps between them:
/// what a client sees is at each moment what it would see if nothing had ever been dropped.
///
/// Time goes in epochs of one second. Writes of an epoch come in any order, with timestamps of that
/// epoch; deletions are purged from the next one on.
class CompactionPropertyTest {
    private static final int PARTITIONS = 5;
    private static final int COLUMNS = 3;
    private static final int MULTI_CELL_COLUMN = 9;
    private static final int TIMESTAMPS_PER_EPOCH = 1_000_000;

    @Property(tries = 40)
    void clientsSeeWhatTheyWouldWithoutCompaction(@ForAll long seed) throws IOException {
        new Run(seed).run(220);
    }

    /// The disk dies at any operation of a compaction, power is lost, the node starts again.
    @Property(tries = 30)
    void nothingIsLostWhenThePowerGoes(@ForAll long seed) throws IOException {
        new Run(seed).crashes(6);
    }

    private static final class Run {
        private final Random random;
        private final CompactedTable t;
        private final NaiveTable naive = new NaiveTable();
        private final Set<Long> timestamps = new HashSet<>();
        private int snapshots;

        Run(long seed) {
            random = new Random(seed);
            t = new CompactedTable(random);
            t.itemsPerStep = 1 + random.nextInt(4);
            t.settings =
                    CompactedTable.settings(0).withStrategy(CompactedTable.eagerStrategy(random));
            if (random.nextInt(3) == 0) {
                t.settings = relieved(t.settings);
            }
        }

        private TableCompaction relieved(TableCompaction from) {
            return new TableCompaction(
                    from.strategy(),
                    true,
                    TableCompaction.Tombstones.DEFAULT,
                    from.gcGraceSeconds(),
                    false,
                    random.nextBoolean()
                            ? TableCompaction.Overlapping.ROW
                            : TableCompaction.Overlapping.CELL,
                    false,
                    from.columns(),
                    true);
        }

        void run(int steps) throws IOException {
            t.start();
            for (int i = 0; i < steps; i++) {
                step();
            }
            check();
            t.restart();
            check();
            assertThat(t.events).noneMatch(event -> event.contains("failure"));
            t.close();
        }

        void crashes(int lives) throws IOException {
            t.node.mayThrow = true;
            t.start();
            for (int life = 0; life < lives; life++) {
                for (int i = 0; i < 25; i++) {
                    write();
                    if (random.nextInt(6) == 0) {
                        t.flush();
                    }
                }
                t.flush();
                passTime();
                t.disk.failAfter(random.nextInt(1, 120));
                compactUntilTheDiskDies();
                t.node.kill();
                t.disk.crash();
                t.node.start();
                t.open();
                check();
                assertThat(t.node.events)
                        .noneMatch(event -> event.startsWith("damage"))
                        .noneMatch(event -> event.startsWith("unknown"));
                assertThat(lostFiles()).isEmpty();
            }
            t.close();
        }

        private List<?> lostFiles() throws IOException {
            return t.disk.list(t.table().directory().resolve("lost+found"));
        }

        private void compactUntilTheDiskDies() {
            for (int i = 0; i < 50 && !t.disk.hasFailed(); i++) {
                try {
                    t.askForAny(random);
                    t.node.runExecutor();
                } catch (UncheckedIOException e) {
                    assertThat(t.disk.hasFailed()).isTrue();
                }
            }
        }

        private void step() throws IOException {
            int choice = random.nextInt(100);
            if (choice < 50) {
                write();
            } else if (choice < 58) {
                t.flush();
            } else if (choice < 62) {
                t.askForAny(random);
            } else if (choice < 80) {
                work(random.nextInt(6));
            } else if (choice < 83) {
                passTime();
            } else if (choice < 84) {
                t.restart();
            } else if (choice < 86) {
                t.node.runExecutor();
            } else if (choice < 87) {
                truncate();
            } else if (choice < 88) {
                snapshot();
            } else {
                check();
            }
        }

        /// Steps of compactions run in between.
        private void truncate() {
            var truncated = t.table().truncate();
            naive.clear();
            while (!truncated.isDone()) {
                t.node.executor.remove().run();
            }
        }

        private void snapshot() throws IOException {
            Path taken = t.table().snapshot("s" + ++snapshots, null);
            long files =
                    t.disk.list(taken).stream()
                            .filter(path -> path.toString().endsWith(".sst"))
                            .count();
            assertThat(files).isEqualTo(t.table().sstables().size());
        }

        private void work(int steps) {
            for (int i = 0; i < steps && !t.node.executor.isEmpty(); i++) {
                t.node.executor.remove().run();
            }
        }

        private void passTime() {
            t.nowSeconds++;
            t.node.nanos.addAndGet(70_000_000_000L);
            t.compactions().tick();
        }

        private void check() {
            byte[] start = {};
            assertThat(t.visible())
                    .isEqualTo(CompactedTable.visible(naive.read(start, null), t.nowSeconds));
        }

        // ---- Writing

        private void write() {
            int partition = random.nextInt(PARTITIONS);
            MutationWriter mutation = Cql.mutation(partition);
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                if (random.nextInt(5) == 0) {
                    deleteRange(mutation, partition);
                } else {
                    entry(mutation, partition);
                }
            }
            if (!mutation.isEmpty()) {
                assertThat(t.node.write(t.table(), mutation.finish()).applied).isTrue();
            }
        }

        private void deleteRange(MutationWriter mutation, int partition) {
            byte[] one = bound();
            byte[] other = random.nextInt(4) == 0 ? Cql.after() : bound();
            boolean inOrder = Arrays.compareUnsigned(one, other) < 0;
            byte[] start = inOrder ? one : other;
            byte[] end = inOrder ? other : one;
            long timestamp = timestamp();
            Cql.deletion(mutation, start, end, timestamp, now());
            naive.deleteRange(Cql.key(partition, start), Cql.key(partition, end), timestamp, now());
        }

        private int now() {
            return (int) t.nowSeconds;
        }

        private byte[] bound() {
            int[] clustering = random.ints(random.nextInt(3), 0, 3).toArray();
            return random.nextBoolean() ? Cql.before(clustering) : Cql.after(clustering);
        }

        /// Of this epoch, and none twice.
        private long timestamp() {
            long timestamp;
            do {
                timestamp =
                        t.nowSeconds * TIMESTAMPS_PER_EPOCH + random.nextInt(TIMESTAMPS_PER_EPOCH);
            } while (!timestamps.add(timestamp));
            return timestamp;
        }

        private void entry(MutationWriter mutation, int partition) {
            byte[] row =
                    random.nextInt(8) == 0
                            ? Cql.staticRow()
                            : Cql.row(random.nextInt(3), random.nextInt(3));
            byte[] position = row;
            ByteWriter value = new ByteWriter();
            int kind = random.nextInt(8);
            if (kind < 5) {
                row(value);
            } else if (kind < 6) {
                position = Cql.column(row, MULTI_CELL_COLUMN);
                RowWriter.columnDeletion(value, timestamp(), now());
            } else {
                position = Cql.element(row, MULTI_CELL_COLUMN, random.nextInt(3));
                element(value, position.length - row.length);
            }
            Cql.entry(mutation, position, value);
            naive.entry(Cql.key(partition, position), value.toArray());
        }

        private void row(ByteWriter out) {
            RowWriter writer = new RowWriter();
            long base = timestamp();
            int ttl = 1 + random.nextInt(3);
            switch (random.nextInt(5)) {
                case 0 -> {
                    writer.beginDeletedRow(out, base, now()).end();
                    return;
                }
                case 1 -> writer.beginLiveRow(out, base);
                case 2 -> writer.beginExpiringRow(out, base, ttl, now() + ttl);
                default -> writer.beginRow(out, base);
            }
            for (int column = 1 + random.nextInt(COLUMNS); column <= COLUMNS; column++) {
                byte[] value = {(byte) random.nextInt(100)};
                switch (random.nextInt(4)) {
                    case 0 -> writer.tombstone(column, timestamp(), now());
                    case 1 ->
                            writer.expiringCell(column, timestamp(), ttl, now() + ttl, value, 0, 1);
                    default -> writer.cell(column, timestamp(), value, 0, 1);
                }
            }
            writer.end();
        }

        private void element(ByteWriter out, int suffixLength) {
            byte[] value = {(byte) random.nextInt(100)};
            switch (random.nextInt(3)) {
                case 0 -> RowWriter.elementTombstone(out, suffixLength, timestamp(), now());
                case 1 ->
                        RowWriter.expiringElement(
                                out, suffixLength, timestamp(), 1, now() + 1, value, 0, 1);
                default -> RowWriter.element(out, suffixLength, timestamp(), value, 0, 1);
            }
        }
    }
}
