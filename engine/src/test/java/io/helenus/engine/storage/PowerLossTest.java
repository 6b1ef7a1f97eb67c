package io.helenus.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.commitlog.SyncMode;
import io.helenus.sstable.model.ByteWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One short history of writes, flushes and compactions, with power lost at every single operation of
/// the disk in turn, and only what was forced left: every write that was acknowledged is read after the
/// restart, and of the one that was not, all or nothing.
class PowerLossTest {
    private static final boolean THOROUGH = Boolean.getBoolean("helenus.thorough");
    private static final int SEEDS = THOROUGH ? 20 : 1;
    private static final int STEPS = 60;
    private static final int PARTITIONS = 3;
    private static final long NOW = 1_000_000;

    @ParameterizedTest
    @EnumSource(
            value = SyncMode.class,
            names = {"GROUP", "BATCH"})
    void acknowledgedWritesSurviveALossAtAnyOperation(SyncMode mode) throws IOException {
        for (long seed = 1; seed <= SEEDS; seed++) {
            int losses = 0;
            boolean lost = true;
            for (int operations = 0; lost; operations++) {
                for (boolean keepsUnforced : new boolean[] {false, true}) {
                    try {
                        lost = new Run(seed, mode).run(operations, keepsUnforced);
                    } catch (AssertionError | RuntimeException e) {
                        throw new AssertionError(
                                "seed %d, %s, power is lost at operation %d, %s"
                                        .formatted(seed, mode, operations, keepsUnforced),
                                e);
                    }
                }
                losses++;
            }
            assertThat(losses).isGreaterThan(100);
        }
    }

    private static final class Run {
        private final Random random;
        private final SimulatedDisk disk;
        private final TestNode node;
        private final TableName name;
        private final ModelSchema schema;
        private final ModelTable model;
        private final ModelReads reads;
        private final ModelWrites writes;
        private List<ModelTable.Shown> acknowledged = List.of();

        Run(long seed, SyncMode mode) {
            random = new Random(seed);
            disk = new SimulatedDisk(new Random(seed));
            node = new TestNode(disk, new Random(seed));
            node.syncMode = mode;
            node.segmentBytes = 16 << 10;
            node.memtableBytesMax = 60_000;
            node.mayThrow = true;
            name = node.define("t", TestNode.smallBlocks());
            schema = new ModelSchema(random);
            model = new ModelTable(schema);
            reads = new ModelReads(schema, PARTITIONS);
            writes = new ModelWrites(random, schema, model, reads);
        }

        /// @return whether power was lost at all
        boolean run(int operations, boolean keepsUnforced) throws IOException {
            disk.createDirectories(TestNode.ROOT);
            disk.failAfter(operations);
            List<ModelTable.Shown> attempted = List.of();
            try {
                node.start();
                for (int step = 0; step < STEPS; step++) {
                    acknowledged = model.scan(Long.MIN_VALUE, Long.MAX_VALUE, NOW);
                    attempted = acknowledged;
                    if (step % 9 == 7) {
                        var _ = node.table(name).flush();
                        node.runExecutor();
                    } else if (step % 20 == 19) {
                        compact();
                    } else {
                        ByteWriter mutation = writes.next(random.nextInt(PARTITIONS), NOW);
                        attempted = model.scan(Long.MIN_VALUE, Long.MAX_VALUE, NOW);
                        if (mutation != null && !node.write(node.table(name), mutation).applied) {
                            break;
                        }
                    }
                    acknowledged = attempted;
                    if (disk.hasFailed()) {
                        break;
                    }
                }
            } catch (IOException | RuntimeException e) {
                assertThat(disk.hasFailed()).as("the disk has failed: %s", e).isTrue();
            }
            boolean lost = disk.hasFailed();
            node.kill();
            if (keepsUnforced) {
                disk.crash();
            } else {
                disk.crashToForced();
            }
            node.start();
            check(attempted);
            node.runExecutor();
            check(attempted);
            assertThat(node.events).noneMatch(event -> event.startsWith("damage"));
            node.close();
            return lost;
        }

        private void compact() throws IOException {
            node.runExecutor();
            ModelStore.mergeFiles(node.table(name), new ArrayList<>(node.table(name).sstables()));
        }

        private void check(List<ModelTable.Shown> attempted) {
            List<ModelTable.Shown> found =
                    reads.rows(node.table(name), node.context(), new byte[0], null, false, NOW);
            assertThat(List.of(acknowledged, attempted)).contains(found);
        }
    }
}
