package io.helenus.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.compaction.Compactions.Kind;
import io.helenus.engine.storage.memtable.Memtable;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowWriter;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Compactions that fail, or are stopped, at each point there is; and what a replay of the log brings
/// back after they have purged.
class CompactionFailureTest {
    private static final int POINTS_MAX = 400;
    private static final byte[] ROW = Cql.row(1, 1);

    private CompactedTable t = new CompactedTable(new Random(0));

    private void start(int seed, int gcGraceSeconds) throws IOException {
        t = new CompactedTable(new Random(seed));
        t.node.mayThrow = true;
        t.settings = CompactedTable.settings(gcGraceSeconds);
        t.start();
        t.compactions().setEnabled(false);
    }

    private void write(ByteWriter mutation) {
        assertThat(t.node.write(t.table(), mutation).applied).isTrue();
    }

    private void fourFiles() {
        for (int file = 0; file < 4; file++) {
            for (int partition = 0; partition < 6; partition++) {
                write(Cql.insertMutation(partition + file, ROW, 10 + file, "v" + file));
            }
            t.flush();
        }
        t.node.runExecutor();
    }

    private List<String> files() throws IOException {
        return t.disk.fileNames(t.table().directory());
    }

    @Test
    void anOperationOfTheDiskFailsWhicheverItIs() throws IOException {
        boolean failed = true;
        for (int at = 0; failed; at++) {
            assertThat(at).isLessThan(POINTS_MAX);
            start(at, 100);
            fourFiles();
            Map<String, NaiveTable.Item> before = t.stored();
            List<Long> generations = t.generations();
            var asked = t.compactions().major(t.table(), false);
            t.disk.failOnceAfter(at);
            t.node.runExecutor();
            failed = t.disk.heal();
            String where = "at %d: %s %s".formatted(at, t.events, t.node.events);
            assertThat(asked).as(where).isDone();
            if (asked.isCompletedExceptionally()) {
                assertThat(t.generations()).as(where).isEqualTo(generations);
            } else {
                assertThat(t.generations()).as(where).hasSize(1);
            }
            assertThat(t.stored()).as(where).isEqualTo(before);
            var again = t.compactions().major(t.table(), false);
            t.node.runExecutor();
            assertThat(again).as(where).isCompleted();
            assertThat(t.generations()).as(where).hasSize(1);
            if (t.node.events.isEmpty()) {
                assertThat(files()).as(where).hasSize(2);
            }
            assertThat(t.disk.openFiles()).as(where).isLessThan(8);
            t.node.kill();
            t.disk.crash();
            t.node.start();
            t.open();
            assertThat(t.stored()).as(where).isEqualTo(before);
            assertThat(files()).as(where).hasSize(2);
            assertThat(t.node.events).noneMatch(event -> event.startsWith("unknown"));
            t.close();
        }
    }

    @Test
    void itIsStoppedAfterWhateverStep() throws IOException {
        boolean stopped = true;
        for (int steps = 0; stopped; steps++) {
            assertThat(steps).isLessThan(POINTS_MAX);
            start(steps, 100);
            fourFiles();
            Map<String, NaiveTable.Item> before = t.stored();
            List<String> files = files();
            var asked = t.compactions().major(t.table(), false);
            for (int i = 0; i < steps && !t.node.executor.isEmpty(); i++) {
                t.node.executor.remove().run();
            }
            int _ = t.compactions().stop(Kind.MAJOR);
            t.node.runExecutor();
            stopped = asked.resultNow().compactions() == 0;
            assertThat(t.stored()).isEqualTo(before);
            if (stopped) {
                assertThat(files()).as("after %d steps", steps).isEqualTo(files);
            }
            assertThat(t.compactions().running()).isEmpty();
            t.close();
        }
    }

    /// A write that was on its way when the memtable was switched is in the flushed file, and behind the
    /// log position that the flush released.
    private void flushWithALateWrite() throws IOException {
        ByteWriter deletion = new ByteWriter();
        new RowWriter().beginDeletedRow(deletion, 100, 500).end();
        var mutation = Cql.mutation(1);
        Cql.entry(mutation, ROW, deletion);
        write(mutation.finish());
        ByteWriter late = Cql.insertMutation(1, ROW, 50, "late");
        TableStore table = t.table();
        t.node.runAgents();
        Memtable entered = table.enterWrite();
        var flushed = table.flush();
        t.node.runExecutor();
        assertThat(flushed).isNotDone();
        long position =
                t.node.log()
                        .append(
                                table.name().id().getMostSignificantBits(),
                                table.name().id().getLeastSignificantBits(),
                                late.array(),
                                0,
                                late.length());
        entered.group().logged(position);
        assertThat(entered.apply(late.array(), 0, late.length(), new TestNode.Outcome())).isTrue();
        t.node.runExecutor();
        t.node.runAgents();
        assertThat(flushed).isCompleted();
    }

    private void compact() {
        var asked = t.compactions().major(t.table(), false);
        t.node.runExecutor();
        assertThat(asked).isCompleted();
    }

    @Test
    void whatAReplayBringsBackStaysDeleted() throws IOException {
        start(1, 0);
        flushWithALateWrite();
        compact();
        t.restart();
        assertThat(t.table().isClean()).as("nothing was replayed").isFalse();
        assertThat(t.visible()).isEmpty();
        t.flush();
        compact();
        assertThat(t.stored()).isEmpty();
        t.restart();
        assertThat(t.stored()).isEmpty();
        t.close();
    }

    @Test
    void aDeletionGoesOnceNothingCanBringItsVictimBack() throws IOException {
        start(1, 0);
        flushWithALateWrite();
        assertThat(t.table().isClean()).isFalse();
        t.node.engine().tick();
        t.node.runExecutor();
        assertThat(t.table().isClean()).isTrue();
        compact();
        assertThat(t.stored()).isEmpty();
        t.restart();
        assertThat(t.stored()).isEmpty();
        t.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void stepsAreShortAlsoWhereNothingIsLeft(boolean shadowed) throws IOException {
        start(1, 100);
        int rows = 90;
        ByteWriter value = new ByteWriter();
        for (int i = 0; i < rows; i++) {
            var mutation = Cql.mutation(1);
            value.clear();
            if (shadowed) {
                new RowWriter().beginLiveRow(value, 10).end();
            } else {
                new RowWriter().beginDeletedRow(value, 10, 500).end();
            }
            Cql.entry(mutation, Cql.row(i, 1), value);
            write(mutation.finish());
        }
        t.flush();
        if (shadowed) {
            var mutation = Cql.mutation(1);
            Cql.deletion(mutation, Cql.before(), Cql.after(), 20, 500);
            write(mutation.finish());
            t.flush();
        }
        var asked = t.compactions().major(t.table(), false);
        int steps = 0;
        while (!asked.isDone()) {
            t.node.executor.remove().run();
            steps++;
        }
        assertThat(steps).isGreaterThan(rows / t.itemsPerStep);
        assertThat(t.stored()).isEmpty();
        t.close();
    }
}
