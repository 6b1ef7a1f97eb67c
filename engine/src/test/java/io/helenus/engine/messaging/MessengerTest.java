package io.helenus.engine.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.engine.messaging.Message.Kind;
import io.helenus.engine.messaging.MessageTransport.DropReason;
import io.helenus.engine.messaging.RequestFailure.Reason;
import io.helenus.gossip.Endpoint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Requests and responses over a transport that does what the test says.
final class MessengerTest {
    private static final Endpoint SELF = Endpoint.of("10.0.0.1", 7000);
    private static final Endpoint OTHER = Endpoint.of("10.0.0.2", 7000);
    private static final Endpoint THIRD = Endpoint.of("10.0.0.3", 7000);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private record Sent(Endpoint to, Message message) {}

    private static final class Wire implements MessageTransport {
        final Queue<Sent> sent = new ArrayDeque<>();

        @Override
        public Endpoint self() {
            return SELF;
        }

        @Override
        public void start(Receiver receiver) {}

        @Override
        public void send(Endpoint to, Message message) {
            sent.add(new Sent(to, message));
        }
    }

    private final ManualTime time = new ManualTime();
    private final Wire wire = new Wire();
    private final List<String> heard = new ArrayList<>();
    private long epoch = 7;
    private final Messenger messenger =
            new Messenger(wire, time::nanoTime, time, () -> epoch, new SplittableRandom(1));

    private final ResponseHandler noting =
            new ResponseHandler() {
                @Override
                public void onResponse(Endpoint from, Message response) {
                    heard.add("%s %d %s".formatted(from, response.epoch(), text(response)));
                }

                @Override
                public void onFailure(Endpoint from, RequestFailure failure) {
                    heard.add(
                            "%s %s %d %s"
                                    .formatted(
                                            from,
                                            failure.reason(),
                                            failure.code(),
                                            failure.text()));
                }
            };

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Message message) {
        return StandardCharsets.UTF_8.decode(message.payload()).toString();
    }

    private Message request(String payload) {
        messenger.request(OTHER, Verb.GOSSIP, bytes(payload), SECOND, Runnable::run, noting);
        return wire.sent.remove().message();
    }

    private void answer(Endpoint from, Message request, Kind kind, ByteBuffer payload) {
        messenger.onMessage(
                from,
                new Message(
                        request.verb(), kind, request.id(), 9, time.nanoTime() + SECOND, payload),
                () -> heard.add("done"));
    }

    @Test
    void aResponseReachesWhoAskedOnce() {
        Message request = request("ping");
        assertThat(request.kind()).isEqualTo(Kind.REQUEST);
        assertThat(request.epoch()).isEqualTo(7);
        assertThat(request.deadlineNanos()).isEqualTo(time.nanoTime() + SECOND);
        assertThat(text(request)).isEqualTo("ping");
        assertThat(heard).isEmpty();

        answer(OTHER, request, Kind.RESPONSE, bytes("pong"));
        answer(OTHER, request, Kind.RESPONSE, bytes("again"));
        time.pass(2 * SECOND);

        assertThat(heard).containsExactly("10.0.0.2:7000 9 pong", "done", "done");
        assertThat(messenger.pendingCount()).isZero();
        assertThat(messenger.timedOutCount()).isZero();
        assertThat(time.waiting()).isZero();
    }

    @Test
    void anAnswerOfSomebodyElseIsNone() {
        Message request = request("ping");
        answer(THIRD, request, Kind.RESPONSE, bytes("pong"));
        assertThat(heard).containsExactly("done");
        answer(OTHER, request, Kind.RESPONSE, bytes("pong"));
        assertThat(heard).containsExactly("done", "10.0.0.2:7000 9 pong", "done");
    }

    @Test
    void aRequestWithoutAnAnswerTimesOut() {
        Message request = request("ping");
        time.pass(SECOND - 1);
        assertThat(heard).isEmpty();
        time.pass(PendingRequests.TICK_NANOS + 1);
        assertThat(heard)
                .containsExactly(
                        "10.0.0.2:7000 TIMEOUT 0 10.0.0.2:7000 did not answer GOSSIP in time");
        answer(OTHER, request, Kind.RESPONSE, bytes("late"));
        assertThat(heard).hasSize(2).contains("done");
        assertThat(messenger.timedOutCount()).isEqualTo(1);
    }

    @Test
    void deadlinesComeInTheirOrderWhateverTheOrderOfTheRequests() {
        long[] seconds = {3, 1, 2, 10, 1};
        for (long each : seconds) {
            messenger.request(
                    Endpoint.of("10.0.1." + each, 1),
                    Verb.GOSSIP,
                    bytes(""),
                    each * SECOND,
                    Runnable::run,
                    noting);
        }
        time.pass(4 * SECOND);
        assertThat(heard.stream().map(line -> line.substring(0, 10)))
                .containsExactly("10.0.1.1:1", "10.0.1.1:1", "10.0.1.2:1", "10.0.1.3:1");
        time.pass(7 * SECOND);
        assertThat(heard).hasSize(5);
        assertThat(time.waiting()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "1, REMOTE, 1",
        "2, UNKNOWN_VERB, 0",
        "3, REMOTE_OVERLOADED, 0",
        "256, REMOTE, 256",
        "65535, REMOTE, 65535"
    })
    void theOtherNodeSaysWhyItFailed(int code, Reason reason, int heardCode) {
        Message request = request("ping");
        answer(OTHER, request, Kind.FAILURE, new RemoteFailure(code, "because").encode());
        assertThat(heard)
                .containsExactly(
                        "10.0.0.2:7000 %s %d because".formatted(reason, heardCode), "done");
    }

    @Test
    void aFailureThatIsCutShortIsAFailure() {
        answer(OTHER, request("ping"), Kind.FAILURE, ByteBuffer.allocate(1));
        assertThat(heard).containsExactly("10.0.0.2:7000 REMOTE 1 no reason is given", "done");
    }

    @ParameterizedTest
    @CsvSource({
        "QUEUE_FULL, OVERLOADED, false",
        "EXPIRED, OVERLOADED, false",
        "UNREACHABLE, UNREACHABLE, false",
        "REFUSED, UNREACHABLE, false",
        "CONNECTION_LOST, CONNECTION_LOST, true",
        "TOO_LARGE, TOO_LARGE, false",
        "CLOSED, CLOSED, true"
    })
    void whatIsDroppedFails(DropReason dropped, Reason reason, boolean mayHaveHappened) {
        Message request = request("ping");
        messenger.onDropped(OTHER, request, dropped, "text");
        messenger.onDropped(OTHER, request, dropped, "text");
        assertThat(heard).containsExactly("10.0.0.2:7000 %s 0 text".formatted(reason));
        assertThat(reason.mayHaveHappened()).isEqualTo(mayHaveHappened);
    }

    @Test
    void aHandlerAnswers() {
        messenger.register(
                Verb.GOSSIP,
                Runnable::run,
                (from, message) -> {
                    heard.add("%s asks %s at %d".formatted(from, text(message), message.epoch()));
                    messenger.respond(from, message, bytes("yes"));
                });
        messenger.onMessage(OTHER, incoming(Kind.REQUEST, 5, SECOND), () -> heard.add("done"));
        assertThat(heard).containsExactly("10.0.0.2:7000 asks q at 3", "done");
        Sent sent = wire.sent.remove();
        assertThat(sent.to()).isEqualTo(OTHER);
        assertThat(sent.message().kind()).isEqualTo(Kind.RESPONSE);
        assertThat(sent.message().id()).isEqualTo(5);
        assertThat(text(sent.message())).isEqualTo("yes");
    }

    private Message incoming(Kind kind, long id, long lifeNanos) {
        return new Message(Verb.GOSSIP, kind, id, 3, time.nanoTime() + lifeNanos, bytes("q"));
    }

    private RemoteFailure sentFailure() {
        Message sent = wire.sent.remove().message();
        assertThat(sent.kind()).isEqualTo(Kind.FAILURE);
        assertThat(sent.id()).isEqualTo(5);
        return RemoteFailure.decode(sent.payload());
    }

    @Test
    void aHandlerFails() {
        messenger.register(
                Verb.GOSSIP,
                Runnable::run,
                (_, _) -> {
                    throw new IllegalStateException("broken");
                });
        messenger.onMessage(OTHER, incoming(Kind.REQUEST, 5, SECOND), () -> heard.add("done"));
        RemoteFailure failure = sentFailure();
        assertThat(failure.code()).isEqualTo(RemoteFailure.FAILED);
        assertThat(failure.text()).contains("broken");
        messenger.onMessage(OTHER, incoming(Kind.ONE_WAY, 0, SECOND), () -> heard.add("done"));
        assertThat(wire.sent).isEmpty();
        assertThat(heard).containsExactly("done", "done");
    }

    @Test
    void aVerbOfItsOwnReasonTravels() {
        messenger.register(
                Verb.GOSSIP,
                Runnable::run,
                (from, message) -> messenger.fail(from, message, 300, "mine"));
        messenger.onMessage(OTHER, incoming(Kind.REQUEST, 5, SECOND), () -> {});
        assertThat(sentFailure()).isEqualTo(new RemoteFailure(300, "mine"));
    }

    @Test
    void withoutAHandlerOrWithoutRoomTheSenderIsTold() {
        messenger.onMessage(OTHER, incoming(Kind.REQUEST, 5, SECOND), () -> heard.add("done"));
        assertThat(sentFailure().code()).isEqualTo(RemoteFailure.UNKNOWN_VERB);
        messenger.register(
                Verb.GOSSIP,
                _ -> {
                    throw new RejectedExecutionException("full");
                },
                (_, _) -> heard.add("handled"));
        messenger.onMessage(OTHER, incoming(Kind.REQUEST, 5, SECOND), () -> heard.add("done"));
        assertThat(sentFailure().code()).isEqualTo(RemoteFailure.OVERLOADED);
        assertThat(heard).containsExactly("done", "done");
    }

    @Test
    void whatIsTooOldWhenItsTurnComesIsNotHandled() {
        Queue<Runnable> busy = new ArrayDeque<>();
        messenger.register(Verb.GOSSIP, busy::add, (_, _) -> heard.add("handled"));
        messenger.onMessage(OTHER, incoming(Kind.REQUEST, 5, SECOND), () -> heard.add("done"));
        messenger.onMessage(OTHER, incoming(Kind.REQUEST, 6, 3 * SECOND), () -> {});
        time.pass(2 * SECOND);
        busy.remove().run();
        assertThat(heard).containsExactly("done");
        assertThat(messenger.expiredCount()).isEqualTo(1);
        busy.remove().run();
        assertThat(heard).containsExactly("done", "handled");
    }

    @Test
    void aVerbHasOneHandler() {
        messenger.register(Verb.GOSSIP, Runnable::run, (_, _) -> {});
        assertThatThrownBy(() -> messenger.register(Verb.GOSSIP, Runnable::run, (_, _) -> {}))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> messenger.register(Verb.UNKNOWN, Runnable::run, (_, _) -> {}))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closingFailsWhatWaitsAndWhatComes() {
        Message unanswered = request("a");
        messenger.close();
        assertThat(unanswered.id()).isNotZero();
        assertThat(heard).containsExactly("10.0.0.2:7000 CLOSED 0 this node ends");
        messenger.request(OTHER, Verb.GOSSIP, bytes("b"), SECOND, Runnable::run, noting);
        assertThat(heard).as("never within the call").hasSize(1);
        time.pass(1);
        assertThat(heard).hasSize(2);
        messenger.send(OTHER, Verb.GOSSIP, bytes("c"));
        assertThat(wire.sent).isEmpty();
    }

    @Test
    void oneWayMessagesHaveTheLifeOfTheirVerb() {
        messenger.send(OTHER, Verb.GOSSIP, bytes("hello"));
        @Nullable Sent sent = wire.sent.poll();
        assertThat(sent).isNotNull();
        assertThat(sent.message().kind()).isEqualTo(Kind.ONE_WAY);
        assertThat(sent.message().id()).isZero();
        assertThat(sent.message().deadlineNanos())
                .isEqualTo(time.nanoTime() + Verb.GOSSIP.lifeNanos());
    }
}
