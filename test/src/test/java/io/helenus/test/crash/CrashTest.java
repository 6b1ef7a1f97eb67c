package io.helenus.test.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.DefaultBatchType;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.helenus.test.node.Keyspaces;
import io.helenus.test.node.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// No acknowledged write is lost, and no batch halved, whenever the process is killed.
final class CrashTest {
    private static final boolean THOROUGH = Boolean.getBoolean("helenus.thorough");
    private static final int KILLS_PER_PHASE = THOROUGH ? 10 : 2;
    private static final int KILLS_PER_PHASE_MIN = THOROUGH ? 5 : 1;
    private static final int CLIENTS = 4;
    private static final int WINDOW = 16;
    private static final int PARTITIONS = 32;
    private static final int APPEND_MILLIS_MAX = 700;
    private static final int AFTER_STOP_MILLIS_MAX = 20;

    @TempDir private Path directory;

    private final Map<Phase, Integer> kills = new EnumMap<>(Phase.class);
    private final BitSet acknowledged = new BitSet(); // guarded by itself
    private final AtomicInteger nextId = new AtomicInteger();

    @Test
    void acknowledgedWritesSurviveKills() throws Exception {
        long seed = Long.getLong("helenus.crash.seed", System.nanoTime());
        Random random = new Random(seed);
        List<Phase> plan = new ArrayList<>();
        for (int i = 0; i < KILLS_PER_PHASE; i++) {
            List<Phase> round = new ArrayList<>(List.of(Phase.values()));
            Collections.shuffle(round, random);
            plan.addAll(round);
        }
        plan.remove(Phase.APPEND);
        plan.addFirst(Phase.APPEND); // there must be something to replay
        for (int i = 0; i < plan.size(); i++) {
            round(i, plan.get(i), random);
        }
        try (Child child = new Child(directory, plan.size(), Phase.APPEND, Integer.MAX_VALUE);
                CqlSession session = World.connect(child.awaitServing(), CLIENTS)) {
            verify(session);
        }
        assertThat(acknowledged.cardinality()).isGreaterThan(1_000);
        System.out.println(
                "Crashes: seed %d, %d batches acknowledged, kills by what was under way: %s"
                        .formatted(seed, acknowledged.cardinality(), kills));
        for (Phase phase : Phase.values()) {
            assertThat(kills.getOrDefault(phase, 0))
                    .as("kills in phase %s of %s, seed %d", phase, kills, seed)
                    .isGreaterThanOrEqualTo(KILLS_PER_PHASE_MIN);
        }
    }

    private void round(int number, Phase phase, Random random) throws Exception {
        // A flush or segment has few operations; a replay that reads once more is one segment on.
        int operations = phase == Phase.REPLAY ? random.nextInt(3) : random.nextInt(40);
        try (Child child = new Child(directory, number, phase, operations)) {
            if (phase == Phase.REPLAY) {
                child.awaitStopped();
            } else {
                try (CqlSession session = World.connect(child.awaitServing(), CLIENTS)) {
                    if (number == 0) {
                        createTables(session);
                    } else {
                        verify(session);
                    }
                    Clients clients = new Clients(session);
                    if (phase == Phase.APPEND) {
                        Waiting.pause(Duration.ofMillis(random.nextInt(APPEND_MILLIS_MAX)));
                    } else {
                        child.awaitStopped();
                        Waiting.pause(Duration.ofMillis(random.nextInt(AFTER_STOP_MILLIS_MAX)));
                    }
                    child.kill();
                    clients.finish();
                }
            }
            child.kill();
            child.whereItDied().forEach(each -> kills.merge(each, 1, Integer::sum));
        }
    }

    private static void createTables(CqlSession session) {
        session.execute(Keyspaces.create("ks"));
        session.execute("CREATE TABLE ks.a (p int, id int, v text, PRIMARY KEY (p, id))");
        session.execute("CREATE TABLE ks.b (id int PRIMARY KEY, v text)");
    }

    private static String value(int id) {
        return ("value of " + id + " ").repeat(20);
    }

    /// All that was acknowledged is in both tables; what was not is in both or in neither.
    private void verify(CqlSession session) {
        BitSet a = stored(session, "SELECT id, v FROM ks.a");
        BitSet b = stored(session, "SELECT id, v FROM ks.b");
        BitSet lost = new BitSet();
        synchronized (acknowledged) {
            lost.or(acknowledged);
        }
        lost.andNot(a);
        assertThat(lost.stream().limit(20)).as("acknowledged, but not in a").isEmpty();
        a.xor(b);
        assertThat(a.stream().limit(20)).as("in one table of the batch only").isEmpty();
    }

    private static BitSet stored(CqlSession session, String select) {
        BitSet ids = new BitSet();
        for (Row row : session.execute(SimpleStatement.newInstance(select).setPageSize(2_000))) {
            int id = row.getInt(0);
            assertThat(row.getString(1)).isEqualTo(value(id));
            ids.set(id);
        }
        return ids;
    }

    /// Writes batches over all connections until the server is gone.
    private final class Clients {
        private final CqlSession session;
        private final PreparedStatement a;
        private final PreparedStatement b;
        private final List<CompletableFuture<?>> ends = new ArrayList<>();

        Clients(CqlSession session) {
            this.session = session;
            a = session.prepare("INSERT INTO ks.a (p, id, v) VALUES (?, ?, ?)");
            b = session.prepare("INSERT INTO ks.b (id, v) VALUES (?, ?)");
            for (int i = 0; i < CLIENTS * WINDOW; i++) {
                CompletableFuture<?> end = new CompletableFuture<>();
                ends.add(end);
                write(end);
            }
        }

        private void write(CompletableFuture<?> end) {
            int id = nextId.getAndIncrement();
            CompletionStage<?> answer =
                    session.executeAsync(
                            BatchStatement.builder(DefaultBatchType.LOGGED)
                                    .addStatement(a.bind(id % PARTITIONS, id, value(id)))
                                    .addStatement(b.bind(id, value(id)))
                                    .build());
            var _ =
                    answer.whenComplete((_, failure) -> {
                        if (failure != null) {
                            end.complete(null);
                            return;
                        }
                        synchronized (acknowledged) {
                            acknowledged.set(id);
                        }
                        write(end);
                    });
        }

        void finish() {
            CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).join();
        }
    }
}
