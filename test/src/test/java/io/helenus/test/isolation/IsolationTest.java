package io.helenus.test.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.query.RequestHandler;
import io.helenus.engine.query.RequestHandler.BatchEntry;
import io.helenus.engine.storage.TableStore;
import io.helenus.test.node.Keyspaces;
import io.helenus.test.node.TestNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every batch gives all rows of a partition, its static column too, the same new value. A reader must
/// never see two values, whichever way it reads.
final class IsolationTest {
    private static final boolean THOROUGH = Boolean.getBoolean("helenus.thorough");
    private static final int BATCHES = THOROUGH ? 400_000 : 20_000;
    private static final int ROWS = 12;
    private static final int PARTITIONS = 3;
    private static final int WRITERS = 2;
    private static final int READERS = 2;
    private static final int FLUSHES = 12;

    @TempDir private Path directory;

    private final AtomicInteger batches = new AtomicInteger();

    @Test
    void readersNeverSeeHalfABatch() throws Exception {
        try (TestNode node = TestNode.start(directory);
                ExecutorService threads = Executors.newCachedThreadPool()) {
            LocalClient client = new LocalClient(node.node().requests());
            client.execute(Keyspaces.create("ks"));
            client.execute(
                    "CREATE TABLE ks.t (p int, c int, v int, s int static, PRIMARY KEY (p, c))");
            List<Future<Integer>> writers = new ArrayList<>();
            List<Future<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                writers.add(threads.submit(writer(node)));
            }
            for (int i = 0; i < READERS; i++) {
                readers.add(threads.submit(reader(node)));
            }
            Future<Integer> flushes = threads.submit(flusher(node.table("ks", "t")));
            for (Future<Integer> writer : writers) {
                assertThat(writer.get()).isPositive();
            }
            for (Future<Integer> reader : readers) {
                assertThat(reader.get()).as("reads that saw rows").isGreaterThan(100);
            }
            assertThat(flushes.get()).isEqualTo(FLUSHES);
        }
    }

    private Callable<Integer> writer(TestNode node) {
        return () -> {
            LocalClient client = new LocalClient(node.node().requests());
            RequestHandler.Prepared row =
                    client.prepare("INSERT INTO ks.t (p, c, v) VALUES (?, ?, ?)");
            RequestHandler.Prepared fixed = client.prepare("INSERT INTO ks.t (p, s) VALUES (?, ?)");
            int written = 0;
            for (int n = batches.incrementAndGet(); n <= BATCHES; n = batches.incrementAndGet()) {
                int partition = n % PARTITIONS;
                List<BatchEntry> entries = new ArrayList<>();
                entries.add(new BatchEntry(null, fixed, LocalClient.bound(partition, n)));
                for (int c = 0; c < ROWS; c++) {
                    entries.add(new BatchEntry(null, row, LocalClient.bound(partition, c, n)));
                }
                client.batch(entries);
                written++;
            }
            return written;
        };
    }

    private Callable<Integer> reader(TestNode node) {
        return () -> {
            LocalClient client = new LocalClient(node.node().requests());
            String select = "SELECT v, s FROM ks.t WHERE p = ?";
            List<RequestHandler.Prepared> ways =
                    List.of(
                            client.prepare(select),
                            client.prepare(select + " ORDER BY c DESC"),
                            client.prepare(select + " AND c >= 3 AND c < 9"),
                            client.prepare(select + " AND c >= 3 AND c < 9 ORDER BY c DESC"),
                            client.prepare(select + " AND c IN (0, 5, 11)"));
            int[] counts = {ROWS, ROWS, 6, 6, 3};
            int seen = 0;
            for (int i = 0; batches.get() <= BATCHES || i % ways.size() != 0; i++) {
                int way = i % ways.size();
                List<int[]> rows = client.select(ways.get(way), i % PARTITIONS);
                if (!rows.isEmpty()) {
                    check(rows, counts[way]);
                    seen++;
                }
            }
            return seen;
        };
    }

    private static void check(List<int[]> rows, int count) {
        int first = rows.getFirst()[0];
        boolean same = rows.size() == count;
        for (int[] row : rows) {
            same &= row[0] == first && row[1] == first;
        }
        if (!same) {
            StringBuilder text = new StringBuilder();
            rows.forEach(row -> text.append(row[0]).append('/').append(row[1]).append(' '));
            throw new AssertionError("%d rows expected, seen v/s: %s".formatted(count, text));
        }
    }

    /// Spread over the writers' work.
    private Callable<Integer> flusher(TableStore table) {
        return () -> {
            int flushed = 0;
            while (flushed < FLUSHES) {
                if (batches.get() >= (long) flushed * BATCHES / FLUSHES) {
                    table.flush().get();
                    flushed++;
                }
                Thread.onSpinWait();
            }
            return flushed;
        };
    }
}
