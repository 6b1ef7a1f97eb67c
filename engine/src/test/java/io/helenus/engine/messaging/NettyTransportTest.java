package io.helenus.engine.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.messaging.Message.Kind;
import io.helenus.engine.messaging.MessageTransport.DropReason;
import io.helenus.engine.messaging.PeerStatistics.LaneStatistics;
import io.helenus.engine.messaging.TestPeer.Dropped;
import io.helenus.engine.messaging.TestPeer.Received;
import io.helenus.engine.transport.Eventually;
import io.helenus.engine.transport.IoTransport;
import io.helenus.engine.transport.Leaks;
import io.helenus.gossip.Endpoint;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Messages over sockets on this machine.
@Timeout(120)
final class NettyTransportTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private Endpoint here = Endpoint.of("127.0.0.1", 1);
    private Endpoint there = Endpoint.of("127.0.0.1", 1);

    @BeforeEach
    void addresses() throws IOException {
        here = TestPeer.free("127.0.0.1");
        there = TestPeer.free("127.0.0.2");
    }

    @AfterAll
    static void nothingLeaks() {
        assertThat(Leaks.found()).isEmpty();
    }

    private static Message message(Verb verb, long id, byte[] payload) {
        return message(verb, id, payload, 30 * SECOND);
    }

    private static Message message(Verb verb, long id, byte[] payload, long lifeNanos) {
        return new Message(
                verb,
                Kind.REQUEST,
                id,
                11,
                System.nanoTime() + lifeNanos,
                ByteBuffer.wrap(payload));
    }

    private static LaneStatistics lane(TestPeer of, Endpoint peer, Lane lane) {
        PeerStatistics found =
                of.transport.statistics().stream()
                        .filter(each -> each.peer().equals(peer))
                        .findFirst()
                        .orElseThrow();
        return found.lanes().get(lane.number());
    }

    private static long dropped(LaneStatistics lane, DropReason reason) {
        return Objects.requireNonNull(lane.dropped().get(reason));
    }

    @ParameterizedTest
    @EnumSource(
            value = IoTransport.class,
            names = {"NIO", "EPOLL", "IO_URING"})
    void messagesOfAllSizesArriveAsTheyWereSent(IoTransport io) throws Exception {
        if (!io.isAvailable()) {
            return; // nothing of ours
        }
        byte[] random = new byte[900_000];
        new Random(1).nextBytes(random);
        List<byte[]> payloads =
                List.of(
                        new byte[0],
                        new byte[] {1},
                        new byte[Lane.SMALL_BYTES_MAX],
                        new byte[Lane.SMALL_BYTES_MAX + 1],
                        new byte[1 << 20],
                        random);
        try (TestPeer a = TestPeer.start("test", here, TestPeer.options(), io, true);
                TestPeer b = TestPeer.start("test", there, TestPeer.options(), io, true)) {
            for (Verb verb : List.of(Verb.GOSSIP, Verb.UNKNOWN)) {
                for (byte[] payload : payloads) {
                    a.transport.send(there, message(verb, 5, payload));
                    Received received = b.nextReceived();
                    assertThat(received.from()).isEqualTo(here);
                    Message message = received.message();
                    assertThat(message.verb()).isEqualTo(verb);
                    assertThat(message.kind()).isEqualTo(Kind.REQUEST);
                    assertThat(message.id()).isEqualTo(5);
                    assertThat(message.epoch()).isEqualTo(11);
                    assertThat(message.payload()).isEqualTo(ByteBuffer.wrap(payload));
                    assertThat(message.deadlineNanos() - System.nanoTime())
                            .isBetween(20 * SECOND, 31 * SECOND);
                }
            }
            assertThat(a.dropped).isEmpty();
            assertThat(b.contacts).hasValue(3);
            Eventually.until("all is written", () -> lane(a, there, Lane.LARGE).queuedBytes() == 0);
            LaneStatistics urgent = lane(a, there, Lane.URGENT);
            assertThat(urgent.sent()).isEqualTo(6);
            assertThat(urgent.connections()).isEqualTo(1);
            assertThat(urgent.connected()).isTrue();
            assertThat(lane(a, there, Lane.SMALL).sent()).isEqualTo(3);
            LaneStatistics large = lane(a, there, Lane.LARGE);
            assertThat(large.sent()).isEqualTo(3);
            assertThat(large.sentBytes())
                    .as("zeros are compressed, the random ones are not")
                    .isBetween(900_000L, 920_000L);
            assertThat(lane(b, here, Lane.LARGE).received()).isEqualTo(3);
            assertThat(lane(b, here, Lane.LARGE).receivedBytes()).isEqualTo(large.sentBytes());
        }
    }

    @Test
    void manyMessagesBothWays() throws Exception {
        int count = 20_000;
        try (TestPeer a = TestPeer.start(here);
                TestPeer b = TestPeer.start(there)) {
            for (int i = 1; i <= count; i++) {
                a.transport.send(there, message(Verb.UNKNOWN, i, new byte[20]));
                b.transport.send(here, message(Verb.UNKNOWN, i, new byte[20]));
            }
            for (TestPeer each : List.of(a, b)) {
                Set<Long> ids = new HashSet<>();
                for (int i = 0; i < count; i++) {
                    ids.add(each.nextReceived().message().id());
                }
                assertThat(ids).hasSize(count);
                assertThat(each.dropped).isEmpty();
            }
        }
    }

    @Test
    void aNodeTalksToItself() throws Exception {
        try (TestPeer a = TestPeer.start(here)) {
            a.transport.send(here, message(Verb.GOSSIP, 1, new byte[] {7}));
            Received received = a.nextReceived();
            assertThat(received.from()).isEqualTo(here);
            assertThat(received.message().payload()).isEqualTo(ByteBuffer.wrap(new byte[] {7}));
            assertThat(a.transport.statistics()).isEmpty();
        }
    }

    @Test
    void nobodyListens() throws Exception {
        try (TestPeer a = TestPeer.start(here)) {
            a.transport.send(there, message(Verb.GOSSIP, 1, new byte[1]));
            Dropped dropped = a.nextDropped();
            assertThat(dropped.to()).isEqualTo(there);
            assertThat(dropped.reason()).isEqualTo(DropReason.UNREACHABLE);
            assertThat(dropped.text()).contains(there.toString()).contains("cannot be reached");
            assertThat(a.transport.lastFailure(there)).containsIgnoringCase("refused");
        }
    }

    @Test
    void aMessageThatIsTooLargeIsNotSent() throws Exception {
        try (TestPeer a = TestPeer.start(here)) {
            a.transport.send(there, message(Verb.GOSSIP, 1, new byte[(1 << 20) + 1]));
            Dropped dropped = a.nextDropped();
            assertThat(dropped.reason()).isEqualTo(DropReason.TOO_LARGE);
            assertThat(dropped.text()).contains("1048577 bytes, the limit is 1048576");
        }
    }

    @Test
    void aPeerThatRestartsIsFoundAgain() throws Exception {
        try (TestPeer a = TestPeer.start(here)) {
            for (int life = 1; life <= 3; life++) {
                try (TestPeer b = TestPeer.start(there)) {
                    sendUntilReceived(a, b, life);
                    assertThat(lane(a, there, Lane.URGENT).connected()).isTrue();
                }
                Eventually.until(
                        "the end is noticed", () -> !lane(a, there, Lane.URGENT).connected());
            }
            assertThat(lane(a, there, Lane.URGENT).connections()).isEqualTo(3);
        }
    }

    /// What is sent before the next attempt to connect may be dropped as unreachable.
    private static void sendUntilReceived(TestPeer from, TestPeer to, int id) {
        Eventually.until(
                "a message arrives",
                () -> {
                    from.transport.send(to.self(), message(Verb.GOSSIP, id, new byte[3]));
                    Received received = to.received.poll();
                    return received != null && received.message().id() == id;
                });
    }

    /// It connects, so it is there: waiting for the next attempt would be for nothing.
    @RepeatedTest(50)
    void aPeerThatConnectsEndsTheWaiting() throws Exception {
        MessagingOptions patient =
                new MessagingOptions(
                        1 << 20,
                        2 << 20,
                        3 << 20,
                        256 << 10,
                        512 << 10,
                        32,
                        true,
                        Duration.ofSeconds(5),
                        Duration.ofHours(1),
                        Duration.ofHours(1),
                        Duration.ofSeconds(30));
        try (TestPeer a = TestPeer.start("test", here, patient, IoTransport.AUTO, true)) {
            a.transport.send(there, message(Verb.GOSSIP, 1, new byte[1]));
            assertThat(a.nextDropped().reason()).isEqualTo(DropReason.UNREACHABLE);
            try (TestPeer b = TestPeer.start(there)) {
                a.transport.send(there, message(Verb.GOSSIP, 2, new byte[1]));
                b.transport.send(here, message(Verb.GOSSIP, 3, new byte[1]));
                assertThat(a.nextReceived().message().id()).isEqualTo(3);
                Eventually.until(
                        "it is connected, " + a.dropped + a.transport.lastFailure(there),
                        () -> lane(a, there, Lane.URGENT).connected());
                assertThat(b.nextReceived().message().id()).isEqualTo(2);
            }
        }
    }

    @Test
    void aSlowReceiverHoldsTheSenderBackAndNothingGrows() throws Exception {
        int payloadBytes = 60_000;
        int count = 2_000; // 120 MB
        try (TestPeer a = TestPeer.start(here);
                TestPeer b =
                        TestPeer.start(
                                "test", there, TestPeer.options(), IoTransport.AUTO, false)) {
            for (int i = 1; i <= count; i++) {
                a.transport.send(there, message(Verb.UNKNOWN, i, new byte[payloadBytes]));
            }
            Dropped dropped = a.nextDropped();
            assertThat(dropped.reason()).isEqualTo(DropReason.QUEUE_FULL);
            assertThat(dropped.text()).contains("wait for " + there + ", the limit is 2097152");
            assertThat(lane(a, there, Lane.SMALL).queuedBytes())
                    .isLessThanOrEqualTo(TestPeer.options().queueBytesMax());
            // What gossip has to say goes past all that.
            a.transport.send(there, message(Verb.GOSSIP, 1_000_000, new byte[1]));
            List<Received> taken = new ArrayList<>();
            Received next = b.nextReceived();
            while (next.message().verb() != Verb.GOSSIP) {
                taken.add(next);
                next = b.nextReceived();
            }
            long unhandled = (long) taken.size() * payloadBytes;
            assertThat(unhandled)
                    .as("one read may go beyond the limit")
                    .isLessThan(TestPeer.options().inboundBytesMax() + (512 << 10));
            // As soon as it goes on, all that was not dropped arrives.
            int arrived = taken.size();
            taken.forEach(each -> each.done().run());
            int expected = count;
            while (arrived < expected - a.dropped.size() - 1) {
                Received each = b.received.poll(1, TimeUnit.SECONDS);
                if (each != null) {
                    each.done().run();
                    arrived++;
                }
            }
            Eventually.until("all is sent", () -> lane(a, there, Lane.SMALL).queuedBytes() == 0);
            long full = dropped(lane(a, there, Lane.SMALL), DropReason.QUEUE_FULL);
            assertThat(arrived + full).isEqualTo(count);
        }
    }

    @Test
    void whatCannotBeSentInTimeIsDropped() throws Exception {
        try (TestPeer a = TestPeer.start(here);
                TestPeer b =
                        TestPeer.start(
                                "test", there, TestPeer.options(), IoTransport.AUTO, false)) {
            Eventually.until(
                    "what waits expires",
                    () -> {
                        a.transport.send(
                                there, message(Verb.UNKNOWN, 1, new byte[60_000], SECOND / 4));
                        return dropped(lane(a, there, Lane.SMALL), DropReason.EXPIRED) > 0;
                    });
            Eventually.until(
                    "nothing waits but what the socket has",
                    () -> lane(a, there, Lane.SMALL).queuedBytes() < 1 << 20);
            assertThat(a.dropped)
                    .allMatch(each ->
                            each.reason() == DropReason.EXPIRED
                                    || each.reason() == DropReason.QUEUE_FULL);
            assertThat(b.contacts).hasValue(1);
        }
    }

    @Test
    void whatWasSentTooLateIsNotDelivered() throws Exception {
        try (TestPeer a = TestPeer.start(here);
                TestPeer b = TestPeer.startDeaf(there)) {
            a.transport.send(there, message(Verb.GOSSIP, 1, new byte[1], 0));
            Dropped dropped = a.nextDropped();
            assertThat(dropped.reason()).isEqualTo(DropReason.EXPIRED);
            assertThat(b.received).isEmpty();
        }
    }

    @Test
    void nothingIsDeliveredBeforeSomebodyListens() throws Exception {
        try (TestPeer a = TestPeer.start(here);
                TestPeer b = TestPeer.startDeaf(there)) {
            a.transport.send(there, message(Verb.GOSSIP, 1, new byte[1]));
            Eventually.until("it is written", () -> lane(a, there, Lane.URGENT).sent() == 1);
            assertThat(b.received).isEmpty();
            b.listen();
            assertThat(b.nextReceived().message().id()).isEqualTo(1);
        }
    }

    @Test
    void clustersDoNotMix() throws Exception {
        try (TestPeer a = TestPeer.start(here);
                TestPeer b =
                        TestPeer.start(
                                "other", there, TestPeer.options(), IoTransport.AUTO, true)) {
            a.transport.send(there, message(Verb.GOSSIP, 1, new byte[1]));
            Dropped dropped = a.nextDropped();
            assertThat(dropped.reason()).isEqualTo(DropReason.REFUSED);
            assertThat(dropped.text())
                    .contains("its cluster_name is 'other', that of " + here + " is 'test'");
            assertThat(b.transport.inboundConnections()).isZero();
            assertThat(b.contacts).hasValue(0);
        }
    }

    @Test
    void whatSaysNothingAndKeepsTheConnectionIsGivenUp() throws Exception {
        MessagingOptions hasty =
                new MessagingOptions(
                        1 << 20,
                        2 << 20,
                        3 << 20,
                        256 << 10,
                        512 << 10,
                        32,
                        true,
                        Duration.ofMillis(50),
                        Duration.ofMillis(5),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(30));
        try (TestPeer a = TestPeer.start("test", here, hasty, IoTransport.AUTO, true);
                ServerSocket mute = new ServerSocket(there.port(), 5, there.address())) {
            a.transport.send(there, message(Verb.GOSSIP, 1, new byte[1]));
            Dropped dropped = a.nextDropped();
            assertThat(mute.isBound()).isTrue();
            assertThat(dropped.reason()).isEqualTo(DropReason.UNREACHABLE);
            assertThat(dropped.text()).contains("it does not answer");
        }
    }

    /// A socket that takes nothing any more, as that of a process which was stopped.
    @Test
    void aConnectionThatTakesNothingIsGivenUp() throws Exception {
        MessagingOptions hasty =
                new MessagingOptions(
                        1 << 20,
                        2 << 20,
                        3 << 20,
                        1,
                        512 << 10,
                        32,
                        true,
                        Duration.ofSeconds(5),
                        Duration.ofMillis(5),
                        Duration.ofMillis(100),
                        Duration.ofMillis(300));
        try (TestPeer a = TestPeer.start("test", here, hasty, IoTransport.AUTO, true);
                TestPeer b = TestPeer.start("test", there, hasty, IoTransport.AUTO, false)) {
            Eventually.until(
                    "the connection is given up",
                    () -> {
                        a.transport.send(there, message(Verb.UNKNOWN, 1, new byte[60_000]));
                        return lane(a, there, Lane.SMALL).connections() > 1;
                    });
            assertThat(a.dropped).anyMatch(each -> each.reason() == DropReason.CONNECTION_LOST);
            assertThat(b.transport.inboundConnections()).isBetween(0, 1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aNodeThatIsGoneIsForgotten(boolean both) throws Exception {
        try (TestPeer a = TestPeer.start(here);
                TestPeer b = TestPeer.start(there)) {
            sendUntilReceived(a, b, 1);
            if (both) {
                sendUntilReceived(b, a, 2);
            }
            a.transport.disconnect(there);
            assertThat(a.transport.statistics()).isEmpty();
            Eventually.until(
                    "connections end",
                    () ->
                            a.transport.inboundConnections() == 0
                                    && b.transport.inboundConnections() == 0);
        }
    }
}
