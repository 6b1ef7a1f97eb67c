package io.helenus.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.commitlog.SyncMode;
import io.helenus.sstable.cache.BlockCache;
import io.helenus.sstable.file.SSTableReader;
import io.helenus.sstable.file.SSTableVerifier;
import io.helenus.sstable.model.ByteWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One short history of writes, flushes, compactions, truncations and snapshots, with power lost at
/// operations of the disk in turn (each of them in a thorough run), and only what was forced left, or
/// besides by chance some of the rest. After the restart every write that was acknowledged is read, and of the one that was
/// not, all or nothing; snapshots are whole or not there; no file is left over.
class PowerLossTest {
    private static final boolean THOROUGH = Boolean.getBoolean("helenus.thorough");
    private static final int SEEDS = THOROUGH ? 5 : 1;
    private static final int CUTS = 80; // of each kind, if not all are made
    private static final int STEPS = 60;
    private static final int PARTITIONS = 3;
    private static final long NOW = 1_000_000;

    @ParameterizedTest
    @EnumSource(
            value = SyncMode.class,
            names = {"GROUP", "BATCH"})
    void acknowledgedWritesSurviveALossAtAnyOperation(SyncMode mode) throws IOException {
        int losses = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            Run whole = new Run(seed, mode);
            assertThat(whole.run(Long.MAX_VALUE, false)).isFalse();
            for (long operations : cuts(whole, new Random(seed))) {
                for (boolean keepsUnforced : new boolean[] {false, true}) {
                    try {
                        assertThat(new Run(seed, mode).run(operations, keepsUnforced)).isTrue();
                    } catch (AssertionError | RuntimeException e) {
                        throw new AssertionError(
                                "seed %d, %s, power is lost at operation %d, %s"
                                        .formatted(seed, mode, operations, keepsUnforced),
                                e);
                    }
                    losses++;
                }
            }
        }
        System.out.println("Power was lost %d times, %s".formatted(losses, mode));
    }

    /// All operations; or some, and some right before and right after something is forced.
    private static Set<Long> cuts(Run whole, Random random) {
        Set<Long> cuts = new TreeSet<>();
        if (THOROUGH) {
            LongStream.range(0, whole.operations).forEach(cuts::add);
            return cuts;
        }
        for (int i = 0; i < CUTS; i++) {
            cuts.add(random.nextLong(whole.operations));
            long force = whole.forces.get(random.nextInt(whole.forces.size()));
            cuts.add(force);
            cuts.add(Math.min(force + 1, whole.operations - 1));
        }
        return cuts;
    }

    private static final class Run {
        private final Random random;
        private final CompactedTable t;
        private final ModelSchema schema;
        private final ModelTable model;
        private final ModelReads reads;
        private final ModelWrites writes;
        private List<ModelTable.Shown> acknowledged = List.of();
        private List<ModelTable.Shown> attempted = List.of();

        /// How many files each has.
        private final Map<String, Integer> snapshots = new TreeMap<>();

        private long operations;
        private List<Long> forces = List.of();
        private @Nullable String attemptedSnapshot; // made or deleted

        Run(long seed, SyncMode mode) {
            random = new Random(seed);
            t =
                    new CompactedTable(
                                    new Random(seed),
                                    TestNode.smallBlocks()
                                            .withBackup(
                                                    new TableBackup(
                                                            () -> "a table",
                                                            true,
                                                            Duration.ZERO,
                                                            false)))
                            .withOneClock();
            t.node.syncMode = mode;
            t.node.segmentBytes = 16 << 10;
            t.node.memtableBytesMax = 60_000;
            t.node.mayThrow = true;
            t.nowSeconds = NOW;
            t.itemsPerStep = 20;
            // Deletions are purged at once: their time is the present, and the grace less than
            // none.
            t.settings =
                    CompactedTable.settings(-10, ModelReads.columns())
                            .withStrategy(CompactedTable.eagerStrategy(random));
            schema = new ModelSchema(random);
            model = new ModelTable(schema);
            reads = new ModelReads(schema, PARTITIONS);
            writes = new ModelWrites(random, schema, model, reads).inOrder();
        }

        /// @return whether power was lost at all
        boolean run(long cut, boolean keepsUnforced) throws IOException {
            t.disk.createDirectories(TestNode.ROOT);
            t.disk.failAfter(cut);
            try {
                t.start();
                for (int i = 0; i < STEPS && !t.disk.hasFailed(); i++) {
                    step(i);
                }
            } catch (IOException | RuntimeException e) {
                assertThat(t.disk.hasFailed()).as("the disk has failed: %s", e).isTrue();
            }
            boolean lost = t.disk.hasFailed();
            operations = t.disk.operations();
            forces = t.disk.forces();
            t.node.kill();
            if (keepsUnforced) {
                t.disk.crash();
            } else {
                t.disk.crashToForced();
            }
            t.restart();
            check();
            t.node.runExecutor();
            check();
            checkFiles();
            var compacted = t.compactions().major(t.table(), false);
            t.node.runExecutor();
            assertThat(compacted).isCompleted();
            check();
            checkFiles();
            assertThat(t.node.events)
                    .noneMatch(event -> event.startsWith("damage"))
                    .noneMatch(event -> event.startsWith("unknown"));
            t.close();
            return lost;
        }

        private List<ModelTable.Shown> modelled() {
            return model.scan(Long.MIN_VALUE, Long.MAX_VALUE, NOW);
        }

        /// Sets what was acknowledged as soon as it is, and not before the disk has failed.
        private void step(int number) throws IOException {
            if (number % 9 == 7) {
                var _ = t.table().flush();
                t.node.runExecutor();
            } else if (number % 16 == 15) {
                t.askForAny(random);
                t.node.runExecutor();
            } else if (number == 44) {
                truncate();
            } else if (number % 14 == 13) {
                snapshot("s" + number);
            } else if (number == 50) {
                clear("s13");
            } else {
                write();
            }
        }

        private void write() {
            ByteWriter mutation = writes.next(random.nextInt(PARTITIONS), NOW);
            attempted = modelled();
            if (mutation == null || t.node.write(t.table(), mutation).applied) {
                acknowledged = attempted;
            }
        }

        private void truncate() {
            var truncated = t.table().truncate();
            model.truncate();
            attempted = List.of();
            t.node.runExecutor();
            if (truncated.isDone() && !truncated.isCompletedExceptionally()) {
                acknowledged = attempted;
            }
        }

        private void snapshot(String tag) throws IOException {
            attemptedSnapshot = tag;
            int files = t.table().sstables().size();
            snapshots.put(tag, files);
            t.node.engine().snapshots().create(List.of(t.table()), tag, null);
            attemptedSnapshot = null;
        }

        private void clear(String tag) throws IOException {
            attemptedSnapshot = tag;
            assertThat(t.node.engine().snapshots().delete(each -> each.tag().equals(tag)))
                    .isEqualTo(1);
            attemptedSnapshot = null;
            snapshots.remove(tag);
        }

        private void check() {
            List<ModelTable.Shown> found =
                    reads.rows(t.table(), t.node.context(), new byte[0], null, false, NOW);
            assertThat(List.of(acknowledged, attempted)).contains(found);
            acknowledged = found;
            attempted = found;
            assertThat(reads.rows(t.table(), t.node.context(), new byte[0], null, true, NOW))
                    .isEqualTo(found.reversed());
        }

        /// Its directory has what belongs to the table, and whole snapshots.
        private void checkFiles() throws IOException {
            List<String> expected =
                    new ArrayList<>(
                            t.table().sstables().stream()
                                    .map(file -> file.file().fileName())
                                    .toList());
            expected.add("manifest");
            List<String> found = new ArrayList<>(names(t.table().directory()));
            found.remove("snapshots");
            assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
            List<Snapshot> listed = t.node.engine().snapshots().list();
            List<String> tags =
                    listed.stream()
                            .map(Snapshot::tag)
                            .filter(tag -> !tag.startsWith("truncated-"))
                            .collect(Collectors.toCollection(ArrayList::new));
            List<String> wanted = new ArrayList<>(snapshots.keySet());
            if (attemptedSnapshot != null) {
                tags.remove(attemptedSnapshot);
                wanted.remove(attemptedSnapshot);
            }
            assertThat(tags).containsExactlyInAnyOrderElementsOf(wanted);
            for (Snapshot snapshot : listed) {
                checkWhole(snapshot);
            }
            assertThat(names(t.table().directory().resolve("snapshots"))).hasSameSizeAs(listed);
        }

        private List<String> names(Path directory) throws IOException {
            return t.disk.fileNames(directory);
        }

        private void checkWhole(Snapshot snapshot) throws IOException {
            List<String> files = names(snapshot.directory());
            assertThat(files).contains("manifest", "manifest.json", "schema.cql");
            assertThat(snapshot.createdAt()).isNotNull();
            int sstables = 0;
            for (String file : files) {
                if (file.endsWith(".sst")) {
                    sstables++;
                    BlockCache cache = new BlockCache(0, Runnable::run);
                    Path path = snapshot.directory().resolve(file);
                    try (SSTableReader reader = SSTableReader.open(t.disk, path, cache)) {
                        assertThat(new SSTableVerifier(reader).verify().damage()).isEmpty();
                    }
                }
            }
            Integer wanted = snapshots.get(snapshot.tag());
            if (wanted != null) {
                assertThat(sstables).isEqualTo(wanted);
            }
        }
    }
}
