package io.helenus.test.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.test.node.FreePorts;
import io.helenus.test.node.ServerProgram;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Three processes, three clients that contradict each other, and kills: one schema at the end, and
/// it is what the clients were told.
final class ConflictingSchemaTest {
    private static final boolean THOROUGH = Boolean.getBoolean("helenus.thorough");
    private static final int STATEMENTS =
            Integer.getInteger("helenus.contest.statements", THOROUGH ? 200 : 10);
    private static final int KILLS = Integer.getInteger("helenus.contest.kills", THOROUGH ? 20 : 1);
    private static final List<String> ADDRESSES = List.of("127.0.0.1", "127.0.0.2", "127.0.0.3");
    private static final int STATEMENTS_MAX = 300; // or logs are written anew, without the entries
    private static final int MISSED_MAX = 8;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir private Path directory;

    @Test
    @Timeout(1_800)
    void oneSchemaAndEverySuccessIsInIt() throws Exception {
        assertThat(STATEMENTS).isLessThanOrEqualTo(STATEMENTS_MAX);
        long seed = Long.getLong("helenus.contest.seed", System.nanoTime());
        Random random = new Random(seed);
        List<ServerProgram> servers = new ArrayList<>();
        try {
            int clientPort = FreePorts.at(ADDRESSES.getFirst()).getPort();
            int storagePort = FreePorts.at(ADDRESSES.getFirst()).getPort();
            for (String address : ADDRESSES) {
                servers.add(
                        new ServerProgram(
                                directory.resolve(address),
                                new InetSocketAddress(address, clientPort),
                                new InetSocketAddress(address, storagePort),
                                ADDRESSES));
            }
            for (ServerProgram server : servers) {
                server.start();
            }
            for (ServerProgram server : servers) {
                server.awaitReady();
            }
            contest(servers, random, seed);
        } catch (AssertionError | Exception e) {
            for (ServerProgram server : servers) {
                System.out.println(server.logged());
            }
            throw e;
        } finally {
            servers.forEach(ServerProgram::close);
        }
    }

    /// A node that is killed misses some of what the others do, and comes back.
    private static void contest(List<ServerProgram> servers, Random random, long seed)
            throws Exception {
        long begin = System.nanoTime();
        ExecutorService executor = Executors.newFixedThreadPool(servers.size());
        try (NodeSessions sessions =
                new NodeSessions(servers.stream().map(ServerProgram::client).toList())) {
            SchemaContest contest = new SchemaContest(sessions, STATEMENTS);
            contest.prepare();
            List<Future<?>> clients = contest.begin(executor);
            int all = STATEMENTS * servers.size();
            for (int kill = 1; kill <= KILLS; kill++) {
                contest.awaitAnswers(all * kill / (KILLS + 1), LIMIT);
                ServerProgram victim = servers.get(random.nextInt(servers.size()));
                contest.disturbed();
                victim.kill();
                // Its own client waits for it, and the others may be at their end.
                int others = Math.max(0, all - STATEMENTS - contest.answered());
                int missed = Math.min(random.nextInt(MISSED_MAX), others);
                contest.awaitAnswers(contest.answered() + missed, LIMIT);
                victim.restart();
                contest.disturbed();
            }
            contest.awaitAnswers(all, LIMIT);
            for (Future<?> client : clients) {
                var _ = client.get();
            }
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
            SchemaVerdict verdict = new SchemaVerdict(sessions, contest.attempts());
            String result = verdict.check();
            for (ServerProgram server : servers) {
                server.kill();
            }
            DecidedSchema decided =
                    DecidedSchema.read(
                            SchemaContest.KEYSPACE,
                            servers.stream()
                                    .map(server -> server.data().resolve("metadata"))
                                    .toList());
            verdict.check(decided);
            System.out.printf(
                    "Conflicting schema changes: seed %d, %d statements, %d kills, %d s: %s; %d"
                            + " epochs%n",
                    seed, all, KILLS, seconds, result, decided.epochs());
        } finally {
            executor.shutdownNow();
        }
    }
}
