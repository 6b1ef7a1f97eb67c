package io.helenus.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.commitlog.CommitLogException;
import io.helenus.engine.storage.manifest.ManifestException;
import io.helenus.sstable.file.CorruptSSTableException;
import io.helenus.sstable.file.SSTableVersionException;
import io.helenus.sstable.model.ByteWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A small node whose data, deletions and log lie in several files. Each byte of each is damaged in
/// turn, and each is cut: the node refuses to start, or refuses the reads that need what is damaged, or
/// answers as if nothing had happened. It never answers wrong, and no deletion is ever undone. Of the
/// log, what was not forced may be missing, from the end.
class DamageTest {
    private static final boolean THOROUGH = Boolean.getBoolean("helenus.thorough");
    private static final int PARTITIONS = 3;
    private static final long NOW = 1_000_000;
    private static final int LOG_BYTES = 16 << 10;

    private final Random random = new Random(5);
    private final ModelSchema schema = new ModelSchema(random);
    private final ModelTable model = new ModelTable(schema);
    private final ModelReads reads = new ModelReads(schema, PARTITIONS);
    private final ModelWrites writes = new ModelWrites(random, schema, model, reads);

    /// What may be answered: after each write since the last flush.
    private final List<List<ModelTable.Shown>> answers = new ArrayList<>();

    private final Map<Path, byte[]> sound = new TreeMap<>();

    private static final Path TABLE =
            new TableName(new UUID(7, 1), "ks", "t").directoryIn(TestNode.ROOT.resolve("data"));

    private TestNode node(SimulatedDisk disk) {
        TestNode node = new TestNode(disk, new Random(1));
        node.segmentBytes = LOG_BYTES;
        node.define("t", TestNode.smallBlocks());
        return node;
    }

    private static TableStore table(TestNode node) {
        return node.table(new TableName(new UUID(7, 1), "ks", "t"));
    }

    /// Two files, the second with deletions of what is in the first, and a log with more.
    private void write() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(new Random(1));
        TestNode node = node(disk).start();
        for (int flush = 0; flush < 2; flush++) {
            for (int i = 0; i < 14; i++) {
                write(node);
            }
            var _ = table(node).flush();
            node.runExecutor();
        }
        assertThat(table(node).sstables()).hasSize(2);
        answers.add(model.scan(Long.MIN_VALUE, Long.MAX_VALUE, NOW));
        for (int i = 0; i < 6; i++) {
            write(node);
            answers.add(model.scan(Long.MIN_VALUE, Long.MAX_VALUE, NOW));
        }
        node.log().close();
        node.kill();
        for (Path directory : List.of(TABLE, TestNode.ROOT.resolve("commitlog"))) {
            for (Path file : disk.list(directory)) {
                sound.put(file, disk.bytes(file));
            }
        }
        assertThat(answers.getLast()).isNotEmpty().isNotEqualTo(answers.getFirst());
    }

    private void write(TestNode node) {
        ByteWriter mutation = writes.next(random.nextInt(PARTITIONS), NOW);
        if (mutation != null) {
            assertThat(node.write(table(node), mutation).applied).isTrue();
        }
    }

    @Test
    void noDamageLeadsToAWrongAnswer() throws IOException {
        write();
        assertThat(start(Path.of("none"), new byte[0], true)).isEqualTo(Outcome.SERVED);
        int[] outcomes = new int[Outcome.values().length];
        for (Map.Entry<Path, byte[]> file : sound.entrySet()) {
            byte[] bytes = file.getValue();
            for (int at = 0; at < bytes.length; at++) {
                boolean isZero = bytes[at] == 0 && at > 0 && bytes[at - 1] == 0;
                if (isZero && at % 61 > 0 && !THOROUGH) {
                    continue; // the empty part of a segment
                }
                int[] masks = THOROUGH ? new int[] {0x01, 0x80, 0xff} : new int[] {1 << at % 8};
                for (int mask : masks) {
                    byte[] damaged = bytes.clone();
                    damaged[at] ^= (byte) mask;
                    outcomes[start(file.getKey(), damaged, false).ordinal()]++;
                }
                outcomes[start(file.getKey(), Arrays.copyOf(bytes, at), false).ordinal()]++;
            }
        }
        assertThat(outcomes).doesNotContain(0);
    }

    private enum Outcome {
        REFUSED,
        READS_REFUSED,
        SERVED
    }

    private Outcome start(Path file, byte[] damaged, boolean whole) throws IOException {
        SimulatedDisk disk = new SimulatedDisk(new Random(1));
        disk.createDirectories(TABLE);
        disk.createDirectories(TestNode.ROOT.resolve("commitlog"));
        sound.forEach(disk::setBytes);
        if (!whole) {
            disk.setBytes(file, damaged);
        }
        boolean isLog = file.startsWith(TestNode.ROOT.resolve("commitlog"));
        TestNode node = node(disk);
        try {
            node.start();
            boolean served = check(node, isLog);
            return served ? Outcome.SERVED : Outcome.READS_REFUSED;
        } catch (ManifestException | CommitLogException e) {
            assertThat(e).as("names its file").hasMessageContaining(fileName(file));
            return Outcome.REFUSED;
        } catch (AssertionError | RuntimeException e) {
            int at = Arrays.mismatch(damaged, sound.getOrDefault(file, damaged));
            throw new AssertionError(
                    "%s damaged at %d, of %d bytes".formatted(file, at, damaged.length), e);
        } finally {
            node.kill();
        }
    }

    private static String fileName(Path file) {
        return String.valueOf(file.getFileName());
    }

    /// @return whether all reads were served
    private boolean check(TestNode node, boolean isLog) {
        List<ModelTable.Shown> all = read(node, new byte[0], null, false);
        List<ModelTable.Shown> reversed = read(node, new byte[0], null, true);
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
                            node,
                            Cql.key(partition, Cql.before()),
                            Cql.key(partition, Cql.after()),
                            partition % 2 == 0);
            served &= found != null;
            if (found != null) {
                List<ModelTable.Shown> expected =
                        now.stream().filter(row -> row.partition() == number).toList();
                assertThat(partition % 2 == 0 ? found.reversed() : found).isEqualTo(expected);
            }
            for (ModelTable.Shown row : now) {
                if (row.partition() == partition) {
                    served &= checkPoint(node, row);
                }
            }
        }
        return served;
    }

    private boolean checkPoint(TestNode node, ModelTable.Shown row) {
        List<Object> clustering = row.clustering();
        byte[] position = clustering == null ? Cql.staticRow() : reads.position(clustering);
        byte[] key = Cql.key(row.partition(), position);
        try {
            Map<Integer, ModelTable.Cell> found =
                    reads.point(table(node), node.context(), key, NOW);
            assertThat(found == null ? Map.of() : found).isEqualTo(row.cells());
            return true;
        } catch (CorruptSSTableException | SSTableVersionException _) {
            return false;
        }
    }

    private @Nullable List<ModelTable.Shown> read(
            TestNode node, byte[] start, byte @Nullable [] end, boolean reversed) {
        try {
            return reads.rows(table(node), node.context(), start, end, reversed, NOW);
        } catch (CorruptSSTableException | SSTableVersionException _) {
            return null;
        }
    }
}
