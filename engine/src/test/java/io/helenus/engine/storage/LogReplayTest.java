package io.helenus.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.commitlog.ReplayOptions.OnDamage;
import io.helenus.engine.storage.mutation.MutationWriter;
import io.helenus.sstable.file.ReadMode;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowCursor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Replaying with several threads gives what replaying with one gives.
class LogReplayTest {
    private static final int WRITES = 3_000;
    private static final int PARTITIONS = 40;

    private final Random random = new Random(11);
    private final SimulatedDisk disk = new SimulatedDisk(random);
    private final TestNode node = new TestNode(disk, random);
    private final TableName first = node.define("a", TestNode.smallBlocks());
    private final TableName second = node.define("b", TestNode.smallBlocks());
    private final ExecutorService workers = Executors.newFixedThreadPool(4);

    @AfterEach
    void end() {
        workers.close();
    }

    /// Inserts, overwrites and deletions of all kinds, in an order that timestamps do not follow.
    private void writeMuch() {
        for (int i = 0; i < WRITES; i++) {
            int partition = random.nextInt(PARTITIONS);
            int row = random.nextInt(30);
            long timestamp = random.nextInt(1_000);
            ByteWriter mutation;
            if (random.nextInt(10) == 0) {
                MutationWriter deletion = Cql.mutation(partition);
                byte[] from = random.nextBoolean() ? Cql.before() : Cql.before(row);
                byte[] to = from.length == 1 ? Cql.after() : Cql.after(row + 3);
                Cql.deletion(deletion, from, to, timestamp, 100);
                mutation = deletion.finish();
            } else {
                String value = "x".repeat(random.nextInt(200)) + i;
                mutation = Cql.insertMutation(partition, Cql.row(row), timestamp, value);
            }
            TableStore table = node.table(random.nextInt(4) == 0 ? second : first);
            assertThat(node.write(table, mutation).applied).isTrue();
        }
    }

    private List<String> content(TableName name) {
        List<String> items = new ArrayList<>();
        try (ReadView view = node.table(name).read(node.context())) {
            RowCursor cursor = view.cursor(new byte[0], 0, 0, null, 0, 0, false, ReadMode.FILL);
            for (RowCursor.Kind kind = cursor.next();
                    kind != RowCursor.Kind.END;
                    kind = cursor.next()) {
                int key = cursor.keyOffset();
                int value = cursor.valueOffset();
                boolean isBound = kind == RowCursor.Kind.BOUNDARY;
                items.add(
                        "%s %s %s %d"
                                .formatted(
                                        kind,
                                        HexFormat.of()
                                                .formatHex(
                                                        cursor.keyArray(),
                                                        key,
                                                        key + cursor.keyLength()),
                                        isBound
                                                ? ""
                                                : HexFormat.of()
                                                        .formatHex(
                                                                cursor.valueArray(),
                                                                value,
                                                                value + cursor.valueLength()),
                                        cursor.afterTimestamp()));
            }
        }
        return items;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 7})
    void allIsThereHoweverManyThreads(int lanes) throws IOException {
        node.start();
        writeMuch();
        List<String> before = content(first);
        List<String> other = content(second);
        assertThat(before).hasSizeGreaterThan(500);
        node.replayLanes = lanes;
        node.replayWorkers = workers;
        node.restart();
        assertThat(content(first)).isEqualTo(before);
        assertThat(content(second)).isEqualTo(other);
        assertThat(node.table(first).sstables()).isEmpty();
    }

    /// To hand over a mutation costs more than to apply it.
    @Test
    void mutationsAreHandedOverInBatches() throws IOException {
        node.start();
        writeMuch();
        AtomicInteger tasks = new AtomicInteger();
        node.replayLanes = 4;
        node.replayWorkers =
                task -> {
                    tasks.incrementAndGet();
                    workers.execute(task);
                };
        node.restart();
        assertThat(tasks).hasValueBetween(4, WRITES / 100);
    }

    /// What a flush in the middle of a replay says is in files must be: the next replay leaves it out.
    @Test
    void flushesInTheMiddleOfAReplayClaimNoMoreThanTheyHold() throws IOException {
        node.start();
        writeMuch();
        List<String> before = content(first);
        List<String> other = content(second);
        node.replayLanes = 4;
        node.replayWorkers = workers;
        node.memtableBytesMax = 60_000;
        for (int round = 0; round < 3; round++) {
            node.restart();
            assertThat(content(first)).isEqualTo(before);
            assertThat(content(second)).isEqualTo(other);
            assertThat(node.table(first).sstables()).hasSizeGreaterThan(2);
        }
        node.runExecutor();
        node.runAgents();
        node.runAgents();
        assertThat(node.log().stats().segments()).isLessThan(8); // the others are released
    }

    @Test
    void whatIsNoMutationEndsTheReplayOrIsReportedAndLeftOut() throws IOException {
        node.start();
        node.runAgents();
        byte[] good = Cql.insertMutation(1, Cql.row(1), 1, "good").toArray();
        byte[] cut = Arrays.copyOf(good, good.length - 3);
        append(good);
        append(cut);
        append(Cql.insertMutation(2, Cql.row(1), 1, "later").toArray());
        node.runAgents();
        node.kill();
        node.replayWorkers = workers;
        assertThatThrownBy(node::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageMatching(
                        "Commit log record at segment 1 offset \\d+ is no mutation of table"
                                + " ks\\.a: .*");

        node.kill();
        node.onLogDamage = OnDamage.IGNORE;
        node.start();
        assertThat(node.events)
                .singleElement()
                .asString()
                .startsWith("skipped Commit log record at ");
        assertThat(content(first)).hasSize(2);
    }

    private void append(byte[] bytes) {
        long _ =
                node.log()
                        .append(
                                first.id().getMostSignificantBits(),
                                first.id().getLeastSignificantBits(),
                                bytes,
                                0,
                                bytes.length);
    }
}
