package io.helenus.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.commitlog.SyncMode;
import io.helenus.sstable.file.ReadMode;
import io.helenus.sstable.file.SSTableCursor;
import io.helenus.sstable.model.MergeCursor;
import io.helenus.sstable.model.RowCursor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/// The disk dies at any of its operations, power is lost, the node starts again: each acknowledged write
/// is there, nothing that was truncated is, and nothing is taken for damage.
class StorageCrashTest {
    private static final int KEYS = 24;
    private static final String ABSENT = "absent";

    @Property(tries = 150)
    void acknowledgedWritesSurviveLossOfPower(@ForAll long seed) throws IOException {
        new Run(seed).run();
    }

    private static final class Run {
        private final Random random;
        private final SimulatedDisk disk;
        private final TestNode node;
        private final TableName name;

        /// What a read of each key may answer now.
        private final Map<Integer, Set<String>> allowed = new HashMap<>();

        private final Map<Integer, String> acknowledged = new HashMap<>();

        private long timestamp;
        private @Nullable CompletableFuture<Void> truncation;
        private Set<Integer> writtenSinceTruncation = new HashSet<>();

        Run(long seed) {
            random = new Random(seed);
            disk = new SimulatedDisk(random);
            node = new TestNode(disk, random);
            node.syncMode = random.nextBoolean() ? SyncMode.GROUP : SyncMode.BATCH;
            node.memtableBytesMax = 30_000;
            node.segmentBytes = 16 << 10;
            node.mayThrow = true;
            name = node.define("t", TestNode.smallBlocks());
        }

        void run() throws IOException {
            for (int key = 0; key < KEYS; key++) {
                allowed.put(key, Set.of(ABSENT));
            }
            node.start();
            for (int life = 0; life < 5; life++) {
                disk.failAfter(random.nextInt(1, 400));
                while (!disk.hasFailed()) {
                    step();
                }
                for (int i = random.nextInt(6); i > 0; i--) {
                    step(); // the node goes on with a dead disk
                }
                node.kill();
                disk.crash();
                node.start();
                settle();
                node.runExecutor();
                check();
            }
            assertThat(node.events.stream().filter(event -> event.startsWith("damage"))).isEmpty();
            node.close();
        }

        private void step() {
            try {
                int choice = random.nextInt(100);
                if (choice < 80) {
                    write();
                } else if (choice < 88) {
                    var _ = node.table(name).flush();
                    node.runExecutor();
                } else if (choice < 92) {
                    compact();
                } else if (choice < 96) {
                    node.runExecutor();
                    node.engine().tick();
                } else if (truncation == null) {
                    truncate();
                }
                finishTruncation();
            } catch (IOException | UncheckedIOException e) {
                assertThat(disk.hasFailed()).as("disk has failed: %s", e).isTrue();
            } catch (RuntimeException e) {
                boolean expected = disk.hasFailed();
                if (!expected) {
                    throw e;
                }
            }
        }

        private void write() {
            int key = random.nextInt(KEYS);
            String value = "v" + ++timestamp + "x".repeat(random.nextInt(200));
            Set<String> before = Objects.requireNonNull(allowed.get(key));
            Set<String> either = new HashSet<>(before);
            either.add(value);
            allowed.put(key, either);
            TestNode.Outcome outcome =
                    node.write(
                            node.table(name),
                            Cql.insertMutation(key % 5, Cql.row(key), timestamp, value));
            if (outcome.applied) {
                allowed.put(key, Set.of(value));
                acknowledged.put(key, value);
                writtenSinceTruncation.add(key);
            }
        }

        private void truncate() {
            writtenSinceTruncation = new HashSet<>();
            // Until it is known to have happened, each key may be absent. Writes that have been
            // taken
            // in but not acknowledged may come before or after it.
            allowed.replaceAll((_, values) -> {
                Set<String> more = new HashSet<>(values);
                more.add(ABSENT);
                return more;
            });
            truncation = node.table(name).truncate();
            for (int i = random.nextInt(3); i > 0; i--) {
                write();
            }
            node.runExecutor();
        }

        private void finishTruncation() {
            CompletableFuture<Void> started = truncation;
            if (started == null || !started.isDone()) {
                return;
            }
            truncation = null;
            if (!started.isCompletedExceptionally()) {
                allowed.replaceAll((key, values) ->
                        writtenSinceTruncation.contains(key) ? values : onlyUnknown(key, values));
            }
        }

        /// Nothing that was acknowledged before: absent, or a write whose outcome is unknown.
        private Set<String> onlyUnknown(int key, Set<String> values) {
            Set<String> unknown = new HashSet<>(values);
            unknown.remove(acknowledged.get(key));
            unknown.add(ABSENT);
            return unknown;
        }

        private void compact() throws IOException {
            TableStore table = node.table(name);
            List<SSTable> chosen = table.sstables();
            if (chosen.size() < 2 || !table.reserve(chosen)) {
                return;
            }
            try (SSTableDraft draft = table.newDraft(table.settings().sstable())) {
                RowCursor[] sources = new RowCursor[chosen.size()];
                for (int i = 0; i < sources.length; i++) {
                    sources[i] =
                            new SSTableCursor()
                                    .openAll(chosen.get(i).reader(), false, ReadMode.SCAN);
                }
                try (MergeCursor merge = new MergeCursor()) {
                    draft.writer().appendAll(merge.open(sources, sources.length, false));
                }
                List<SSTable> added = new ArrayList<>();
                added.add(draft.finish(0));
                table.replace(chosen, added);
            } finally {
                table.unreserve(chosen);
            }
        }

        private void settle() {
            truncation = null;
            writtenSinceTruncation = new HashSet<>();
        }

        private void check() {
            RowResult result = new RowResult();
            try (ReadView view = node.table(name).read(node.context())) {
                for (int key = 0; key < KEYS; key++) {
                    byte[] rowKey = Cql.key(key % 5, Cql.row(key));
                    view.readRow(rowKey, 0, rowKey.length, null, ReadMode.FILL, result);
                    String found = result.isFound() ? text(result) : ABSENT;
                    assertThat(
                                    Objects.requireNonNull(allowed.get(key)).stream()
                                            .map(Run::shortened))
                            .as(
                                    "key %d in %s",
                                    key, node.events.stream().collect(Collectors.joining("; ")))
                            .contains(shortened(found));
                    allowed.put(key, Set.of(found));
                    acknowledged.put(key, found);
                }
            }
        }

        private static String shortened(String value) {
            return value.replace("x", "");
        }

        private static String text(RowResult result) {
            NaiveTable.Item item =
                    NaiveTable.decode(result.array(), result.offset(), result.length());
            byte[] bytes =
                    HexFormat.of().parseHex(Objects.requireNonNull(item.cells().get(1)).value());
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
