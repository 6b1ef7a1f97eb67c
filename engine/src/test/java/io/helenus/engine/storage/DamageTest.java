package io.helenus.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.commitlog.CommitLogException;
import io.helenus.engine.compaction.Compactions.Garbage;
import io.helenus.engine.storage.manifest.ManifestException;
import io.helenus.engine.storage.manifest.ManifestKinds;
import io.helenus.sstable.file.CorruptSSTableException;
import io.helenus.sstable.file.SSTableMetadata;
import io.helenus.sstable.file.SSTableVersionException;
import io.helenus.sstable.model.ByteWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A small node whose data, deletions and log lie in several files, which hold every kind of entry. Each
/// byte of each is damaged in turn, and each is cut at every length: the node refuses to start, or
/// refuses the reads that need what is damaged, or answers as if nothing had happened. It never answers
/// wrong, and no deletion is ever undone, also not by compactions, which leave damaged files alone and
/// purge all they may. Of the log, what was not forced may be missing, from the end.
class DamageTest {
    private static final boolean THOROUGH = Boolean.getBoolean("helenus.thorough");
    private static final int PARTITIONS = 3;
    private static final long NOW = 1_000_000;
    private static final int LOG_BYTES = 16 << 10;
    private static final int LOG_SAMPLE = 61;
    private static final int COMPACTED_ONE_IN = THOROUGH ? 1 : 5;
    private static final int LARGE_ROWS = 3_000;

    private final Random random = new Random(5);
    private final ModelSchema schema = new ModelSchema(random);
    private final ModelTable model = new ModelTable(schema);
    private final ModelReads reads = new ModelReads(schema, PARTITIONS);
    private final ModelWrites writes = new ModelWrites(random, schema, model, reads).inOrder();

    /// What may be answered: after each write since the last flush.
    private final List<List<ModelTable.Shown>> answers = new ArrayList<>();

    private final Map<Path, byte[]> sound = new TreeMap<>();

    private static final Path LOG = TestNode.ROOT.resolve("commitlog");
    private static final Path TABLE =
            new TableName(new UUID(7, 1), "ks", "t").directoryIn(TestNode.ROOT.resolve("data"));

    /// Small enough for several pages of the index.
    private static TableSettings settings() {
        TableSettings small = TestNode.smallBlocks();
        return small.withSSTable(small.sstable().withIndexPageBytes(48));
    }

    /// Purges all that may be purged, whenever it is.
    private static CompactedTable node(SimulatedDisk disk) {
        CompactedTable t = new CompactedTable(disk, new Random(1), settings()).withOneClock();
        t.node.segmentBytes = LOG_BYTES;
        t.nowSeconds = NOW;
        t.itemsPerStep = 1_000;
        t.settings = CompactedTable.settings(-10, ModelReads.columns());
        return t;
    }

    /// Files whose manifest has every kind of edit, two of them with every kind of entry, the second
    /// with deletions of what is in the first, and a log with more.
    private void write() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(new Random(1));
        CompactedTable t = node(disk).start();
        giveOneUp(t);
        writeAll(t);
        t.flush();
        truncate(t);
        for (int i = 0; i < 2; i++) {
            write(t, ModelWrites.Kind.INSERT);
            t.flush();
        }
        var compacted = t.compactions().userDefined(t.table(), t.table().sstables());
        t.node.runExecutor();
        assertThat(compacted).isCompleted();
        for (int i = 0; i < 2; i++) {
            writeAll(t);
            t.flush();
        }
        assertThat(t.table().sstables()).hasSize(3);
        for (SSTable file : t.table().sstables().subList(0, 2)) {
            assertHasEverything(file.reader().metadata());
        }
        answers.add(model.scan(Long.MIN_VALUE, Long.MAX_VALUE, NOW));
        for (ModelWrites.Kind kind : ModelWrites.Kind.values()) {
            write(t, kind);
            answers.add(model.scan(Long.MIN_VALUE, Long.MAX_VALUE, NOW));
        }
        keep(t);
        byte[] manifest = sound.getOrDefault(TABLE.resolve("manifest"), new byte[0]);
        assertThat(ManifestKinds.of(manifest)).isEqualTo(ManifestKinds.ALL);
        assertThat(answers.getLast()).isNotEmpty().isNotEqualTo(answers.getFirst());
    }

    private void keep(CompactedTable t) throws IOException {
        t.node.log().close();
        t.node.kill();
        for (Path directory : List.of(TABLE, LOG)) {
            for (Path file : t.disk.list(directory)) {
                if (!file.endsWith("lost+found")) {
                    sound.put(file, t.disk.bytes(file));
                }
            }
        }
    }

    /// As an operator does with a damaged file.
    private static void giveOneUp(CompactedTable t) throws IOException {
        byte[] row = Cql.staticRow();
        assertThat(t.node.write(t.table(), Cql.insertMutation(0, row, 1, "given up")).applied)
                .isTrue();
        t.flush();
        t.table().discard(t.table().sstables().getFirst());
    }

    private void truncate(CompactedTable t) {
        t.truncate();
        model.truncate();
    }

    private void writeAll(CompactedTable t) {
        write(t, ModelWrites.Kind.DELETE_PARTITION); // first, or it would leave little
        List<ModelWrites.Kind> kinds = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            kinds.addAll(List.of(ModelWrites.Kind.values()));
            kinds.remove(ModelWrites.Kind.DELETE_PARTITION);
            kinds.add(ModelWrites.Kind.COLLECTION);
            kinds.add(ModelWrites.Kind.COLLECTION);
            kinds.add(ModelWrites.Kind.INSERT);
        }
        Collections.shuffle(kinds, random);
        kinds.forEach(kind -> write(t, kind));
    }

    private void write(CompactedTable t, ModelWrites.Kind kind) {
        ByteWriter mutation = writes.next(kind, random.nextInt(PARTITIONS), NOW);
        if (mutation != null) {
            assertThat(t.node.write(t.table(), mutation).applied).isTrue();
        }
    }

    private static void assertHasEverything(SSTableMetadata metadata) {
        assertThat(
                        List.of(
                                metadata.rows(),
                                metadata.staticRows(),
                                metadata.elements(),
                                metadata.columnDeletions(),
                                metadata.cells(),
                                metadata.tombstones(),
                                metadata.boundaries(),
                                metadata.expiring(),
                                metadata.blocks() - 1,
                                metadata.indexPages() - 1))
                .doesNotContain(0L);
    }

    @Test
    void noDamageLeadsToAWrongAnswer() throws IOException {
        write();
        Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
        assertThat(start(Path.of("none"), new byte[0], 0)).isEqualTo(Outcome.SERVED);
        for (Map.Entry<Path, byte[]> file : sound.entrySet()) {
            byte[] bytes = file.getValue();
            for (int at = 0; at < bytes.length; at++) {
                boolean isZero = bytes[at] == 0 && at > 0 && bytes[at - 1] == 0;
                if (isZero && at % LOG_SAMPLE > 0 && !THOROUGH) {
                    continue; // the empty part of a segment
                }
                int[] masks = THOROUGH ? new int[] {0x01, 0x80, 0xff} : new int[] {1 << at % 8};
                for (int mask : masks) {
                    byte[] damaged = bytes.clone();
                    damaged[at] ^= (byte) mask;
                    outcomes.merge(start(file.getKey(), damaged, at), 1, Integer::sum);
                }
                byte[] cut = Arrays.copyOf(bytes, at);
                outcomes.merge(start(file.getKey(), cut, at), 1, Integer::sum);
            }
        }
        System.out.println("Damage in %s: %s".formatted(sound.keySet(), outcomes));
        assertThat(outcomes).hasSize(Outcome.values().length);
    }

    /// The same of a file of many blocks, at random places.
    @Test
    void soItIsWithLargerFiles() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(new Random(1));
        CompactedTable t = node(disk).start();
        for (int file = 0; file < 2; file++) {
            for (int i = 0; i < LARGE_ROWS; i++) {
                ByteWriter mutation = writes.next(random.nextInt(PARTITIONS), NOW);
                if (mutation != null) {
                    assertThat(t.node.write(t.table(), mutation).applied).isTrue();
                }
            }
            t.flush();
        }
        answers.add(model.scan(Long.MIN_VALUE, Long.MAX_VALUE, NOW));
        keep(t);
        sound.keySet().removeIf(path -> path.startsWith(LOG));
        List<Path> files =
                sound.keySet().stream().filter(path -> path.toString().endsWith(".sst")).toList();
        Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
        for (int i = 0; i < (THOROUGH ? 4_000 : 60); i++) {
            Path path = files.get(random.nextInt(files.size()));
            byte[] damaged = sound.getOrDefault(path, new byte[0]).clone();
            int at = random.nextInt(damaged.length);
            int bytes = random.nextBoolean() ? 1 : 512;
            for (int k = at; k < Math.min(at + bytes, damaged.length); k++) {
                damaged[k] = (byte) (bytes == 1 ? damaged[k] ^ 1 << random.nextInt(8) : 0);
            }
            outcomes.merge(start(path, damaged, at), 1, Integer::sum);
        }
        System.out.println("Damage in larger files: " + outcomes);
    }

    private enum Outcome {
        /// The node, or the table, does not start.
        REFUSED,
        READS_REFUSED,
        /// It starts, and says that it has found files of which its manifest does not know.
        REPORTED,
        SERVED
    }

    private Outcome start(Path file, byte[] damaged, int at) throws IOException {
        SimulatedDisk disk = new SimulatedDisk(new Random(1));
        disk.createDirectories(TABLE);
        disk.createDirectories(LOG);
        sound.forEach(disk::setBytes);
        if (sound.containsKey(file)) {
            disk.setBytes(file, damaged);
        }
        CompactedTable t = node(disk);
        try {
            t.start();
            boolean isCut = damaged.length < sound.getOrDefault(file, damaged).length;
            if (isCut && t.node.events.stream().anyMatch(event -> event.startsWith("unknown"))) {
                assertThat(fileName(file)).isEqualTo("manifest");
                return Outcome.REPORTED;
            }
            boolean isLog = file.startsWith(LOG);
            boolean compacts = at % COMPACTED_ONE_IN == 0;
            boolean served = true;
            if (!compacts || at % 3 > 0) { // else a compaction is the first to meet it
                served = check(t, isLog);
            }
            if (compacts) {
                compact(t);
                served &= check(t, isLog);
            }
            return served ? Outcome.SERVED : Outcome.READS_REFUSED;
        } catch (ManifestException | CommitLogException e) {
            assertThat(e).as("names its file").hasMessageContaining(fileName(file));
            return Outcome.REFUSED;
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "%s damaged at %d, of %d bytes".formatted(file, at, damaged.length), e);
        } finally {
            t.node.kill();
        }
    }

    private static String fileName(Path file) {
        return String.valueOf(file.getFileName());
    }

    /// Compacts all that is sound, one by one and together.
    private static void compact(CompactedTable t) {
        List<SSTable> damaged = t.table().sstables().stream().filter(SSTable::isDamaged).toList();
        var flushed = t.table().flush();
        t.node.runExecutor();
        assertThat(flushed).isCompleted();
        var garbage = t.compactions().garbageCollect(t.table(), Garbage.CELL);
        t.node.runExecutor();
        assertThat(garbage).isDone();
        var major = t.compactions().major(t.table(), false);
        t.node.runExecutor();
        assertThat(major).isDone();
        assertThat(t.table().sstables()).containsAll(damaged);
    }

    /// @return whether all reads were served
    private boolean check(CompactedTable t, boolean isLog) {
        List<ModelTable.Shown> all = read(t, new byte[0], null, false);
        List<ModelTable.Shown> reversed = read(t, new byte[0], null, true);
        if (all != null) {
            assertThat(answers.subList(isLog ? 0 : answers.size() - 1, answers.size()))
                    .contains(all);
        }
        if (reversed != null && all != null) {
            assertThat(reversed).isEqualTo(all.reversed());
        }
        List<ModelTable.Shown> now = all == null ? answers.getLast() : all;
        boolean served = all != null && reversed != null;
        for (int partition = 0; partition < PARTITIONS; partition++) {
            int number = partition;
            List<ModelTable.Shown> found =
                    read(
                            t,
                            Cql.key(partition, Cql.before()),
                            Cql.key(partition, Cql.after()),
                            partition % 2 == 0);
            served &= found != null;
            if (found != null) {
                List<ModelTable.Shown> expected =
                        now.stream().filter(row -> row.partition() == number).toList();
                assertThat(partition % 2 == 0 ? found.reversed() : found).isEqualTo(expected);
            }
        }
        for (ModelTable.Shown row : now) {
            served &= checkPoint(t, row);
        }
        return served;
    }

    private boolean checkPoint(CompactedTable t, ModelTable.Shown row) {
        List<Object> clustering = row.clustering();
        byte[] position = clustering == null ? Cql.staticRow() : reads.position(clustering);
        byte[] key = Cql.key(row.partition(), position);
        try {
            Map<Integer, ModelTable.Cell> found =
                    reads.point(t.table(), t.node.context(), key, NOW);
            assertThat(found == null ? Map.of() : found).isEqualTo(row.cells());
            return true;
        } catch (CorruptSSTableException | SSTableVersionException _) {
            return false;
        }
    }

    private @Nullable List<ModelTable.Shown> read(
            CompactedTable t, byte[] start, byte @Nullable [] end, boolean reversed) {
        try {
            return reads.rows(t.table(), t.node.context(), start, end, reversed, NOW);
        } catch (CorruptSSTableException | SSTableVersionException _) {
            return null;
        }
    }
}
