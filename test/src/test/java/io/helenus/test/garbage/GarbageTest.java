package io.helenus.test.garbage;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.helenus.test.garbage.RawClient.Answer;
import io.helenus.test.node.Keyspaces;
import io.helenus.test.node.PatientDriver;
import io.helenus.test.node.TestNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Hostile bytes get a clear error or an end, and cost others nothing.
final class GarbageTest {
    private static final int PROTOCOL_ERROR = 0x000A;
    private static final int INVALID = 0x2200;
    private static final int CLAIM = 300 << 20;
    private static final int IDLE_CONNECTIONS = 2_000;
    private static final double HEAP_FACTOR = 1.1;
    private static final int COLLECTIONS_MAX = 20;

    @TempDir private Path directory;
    private TestNode node;
    private CqlSession session;
    private Innocent innocent;
    private final ListAppender<ILoggingEvent> leaks = new ListAppender<>();

    /// Writes and reads all the time.
    private static final class Innocent implements Runnable {
        private final CqlSession session;
        private final PreparedStatement insert;
        private final PreparedStatement select;
        private final CompletableFuture<Integer> served = new CompletableFuture<>();
        private volatile boolean ending;

        Innocent(CqlSession session) {
            this.session = session;
            insert = session.prepare("INSERT INTO ks.t (k, v) VALUES (?, ?)");
            select = session.prepare("SELECT v FROM ks.t WHERE k = ?");
        }

        @Override
        public void run() {
            try {
                int n = 0;
                while (!ending) {
                    n++;
                    session.execute(insert.bind(n % 100, n));
                    Row row = session.execute(select.bind(n % 100)).one();
                    assertThat(Objects.requireNonNull(row, "row").getInt(0)).isEqualTo(n);
                }
                served.complete(n);
            } catch (RuntimeException | AssertionError e) {
                served.completeExceptionally(e);
            }
        }

        int finish() {
            ending = true;
            return served.join();
        }
    }

    @BeforeEach
    void start() throws IOException {
        assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
        leaks.start();
        leakLogger().addAppender(leaks);
        node = TestNode.start(directory);
        session = PatientDriver.open(node.address());
        session.execute(Keyspaces.create("ks"));
        session.execute("CREATE TABLE ks.t (k int PRIMARY KEY, v int)");
        innocent = new Innocent(session);
        Thread thread = new Thread(innocent, "innocent");
        thread.setDaemon(true);
        thread.start();
    }

    /// Whatever was sent: nobody else noticed, and no buffer was lost.
    @AfterEach
    void stop() {
        assertThat(innocent.finish()).isPositive();
        session.close();
        node.close();
        for (int i = 0; i < 3; i++) {
            System.gc(); // the detector reports buffers that were collected unreleased
            ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(1);
            assertThat(buffer.release()).isTrue(); // it looks whenever a buffer is made
        }
        leakLogger().detachAppender(leaks);
        assertThat(leaks.list).isEmpty();
    }

    private static Logger leakLogger() {
        return (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
    }

    private InetSocketAddress address() {
        return node.address();
    }

    @Test
    void randomBytesEndTheConnection() throws IOException {
        Random random = new Random(20_260_101);
        for (int i = 0; i < 300; i++) {
            byte[] bytes = new byte[1 + random.nextInt(4_000)];
            random.nextBytes(bytes);
            if (i % 3 == 0) {
                bytes[0] = (byte) (3 + i % 9 / 3); // a version that is spoken: goes further
            }
            try (RawClient client = new RawClient(address())) {
                if (i % 2 == 0) {
                    client.send(RawClient.startup());
                }
                client.send(bytes);
                client.finish();
            }
        }
    }

    @Test
    void framesCutAnywhereEndTheConnection() throws IOException {
        byte[] startup = RawClient.startup();
        byte[] query = RawClient.frame(4, RawClient.QUERY, 1_000, new byte[300]);
        for (int cut = 0; cut < startup.length; cut++) {
            try (RawClient client = new RawClient(address())) {
                client.send(Arrays.copyOf(startup, cut));
                client.finish();
            }
        }
        for (int cut = 0; cut < query.length; cut += 7) {
            try (RawClient client = new RawClient(address())) {
                client.send(startup);
                assertThat(client.receive()).isNotNull();
                client.send(Arrays.copyOf(query, cut));
                client.finish();
            }
        }
    }

    @Test
    void lyingLengthsGetAnErrorThatSaysSo() throws IOException {
        for (int claimed : new int[] {CLAIM, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
            try (RawClient client = new RawClient(address())) {
                client.send(RawClient.startup());
                assertThat(answer(client).opcode()).isEqualTo(RawClient.READY);
                client.send(RawClient.frame(4, RawClient.QUERY, claimed, new byte[100]));
                Answer answer = answer(client);
                assertThat(answer.opcode())
                        .as("%d claimed: %s", claimed, answer)
                        .isEqualTo(RawClient.ERROR);
                assertThat(answer.errorCode()).as(answer.toString()).isIn(PROTOCOL_ERROR, INVALID);
                client.finish();
            }
        }
        // Lengths inside a frame: a query text of 2 GiB, a value longer than its frame.
        byte[][] bodies = {
            {0x7f, -1, -1, -1, 'S', 'E', 'L'},
            {-1, -1, -1, -1},
            {0, 0, 0, 1, 'x', 0, 1, 0x01, 0, 1, 0x7f, -1, -1, -1},
            {}
        };
        for (byte[] body : bodies) {
            try (RawClient client = new RawClient(address())) {
                client.send(RawClient.startup());
                assertThat(answer(client).opcode()).isEqualTo(RawClient.READY);
                client.send(RawClient.frame(4, RawClient.QUERY, body.length, body));
                Answer answer = answer(client);
                assertThat(answer.opcode()).as(answer.toString()).isEqualTo(RawClient.ERROR);
                assertThat(answer.errorCode()).as(answer.toString()).isEqualTo(PROTOCOL_ERROR);
                client.finish();
            }
        }
    }

    private static Answer answer(RawClient client) throws IOException {
        return Objects.requireNonNull(client.receive(), "an answer, not an end");
    }

    @Test
    void unknownVersionIsToldWhichAreSpoken() throws IOException {
        for (int version : new int[] {0, 6, 0x42, 0x7f}) {
            try (RawClient client = new RawClient(address())) {
                client.send(RawClient.frame(version, RawClient.STARTUP, 0, new byte[0]));
                Answer answer = answer(client);
                assertThat(answer.errorCode()).isEqualTo(PROTOCOL_ERROR);
                assertThat(answer.errorText()).contains("Invalid or unsupported protocol version");
            }
        }
    }

    @Test
    void thousandsOfIdleConnectionsCostLittleAndGiveItBack() throws IOException {
        idle(100); // loads what only the first ones need
        long before = heapAfterCollection(Long.MAX_VALUE);
        idle(IDLE_CONNECTIONS);
        long allowed = (long) (before * HEAP_FACTOR);
        assertThat(heapAfterCollection(allowed))
                .as("heap after it was %,d", before)
                .isLessThanOrEqualTo(allowed);
    }

    private void idle(int count) throws IOException {
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                RawClient client = new RawClient(address());
                clients.add(client);
                if (i % 2 == 0) {
                    client.send(RawClient.startup());
                }
                if (i % 20 == 0) {
                    client.send(RawClient.frame(4, RawClient.QUERY, CLAIM, new byte[1_000]));
                }
            }
            for (int i = 0; i < count; i += 2) {
                assertThat(answer(clients.get(i)).opcode()).isEqualTo(RawClient.READY);
            }
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    /// Collects until no more than the goal is used, or a few times.
    private static long heapAfterCollection(long goal) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS_MAX && (least > goal || i < 3); i++) {
            System.gc();
            least =
                    Math.min(
                            least,
                            ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }
}
