package io.helenus.test.simulation;

import static io.helenus.test.simulation.Simulation.MILLI;
import static io.helenus.test.simulation.Simulation.SECOND;

import io.helenus.engine.cluster.agreement.AgreementCodec;
import io.helenus.engine.cluster.agreement.AgreementEffect;
import io.helenus.engine.cluster.agreement.AgreementMessage;
import io.helenus.engine.cluster.agreement.Outcome;
import io.helenus.gossip.Endpoint;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Strikes at the worst moment. Once armed it waits until some node has taken a certain step of the
/// agreement, and then takes away from the cluster what this step relies on: between an answer and
/// the force that it needs, between a decision and its spreading, after a file was written anew.
/// Faults at random times hardly ever hit there.
final class Ambush {
    private static final long SHORTLY_NANOS_MIN = MILLI / 100;
    private static final long SHORTLY_NANOS_MAX = 600 * MILLI;
    private static final int PASSED_MAX = 3;
    private static final int ASKED_TIMES = 3;

    // As the agreement's package numbers its messages.
    private static final int PROMISE = 2;
    private static final int ACCEPT = 3;
    private static final int ACCEPTED = 4;
    private static final int DECIDED = 6;

    /// Steps to wait for.
    private enum Step {
        PROMISES,
        ASKS_TO_ACCEPT,
        ACCEPTS,
        TELLS_DECISION,
        APPLIES,
        ANSWERS,
        WRITES_ANEW;

        static @Nullable Step of(AgreementEffect effect) {
            return switch (effect) {
                case AgreementEffect.Send(_, AgreementMessage message) ->
                        switch (AgreementCodec.kind(message.body())) {
                            case PROMISE -> PROMISES;
                            case ACCEPT -> ASKS_TO_ACCEPT;
                            case ACCEPTED -> ACCEPTS;
                            case DECIDED -> TELLS_DECISION;
                            default -> null;
                        };
                case AgreementEffect.Applied _ -> APPLIES;
                case AgreementEffect.Rewrite _ -> WRITES_ANEW;
                case AgreementEffect.Answer(_, Outcome outcome) ->
                        outcome instanceof Outcome.Committed ? ANSWERS : null;
                case AgreementEffect.Append _, AgreementEffect.Halted _, AgreementEffect.Warned _ ->
                        null;
            };
        }
    }

    private final MetadataCluster cluster;
    private final Simulation simulation;
    private final Consumer<MetadataNode> crash;
    private final Consumer<MetadataNode> changeSchema;
    private @Nullable Step awaited;
    private int passed;

    /// @param crash crashes a node and has it started again later
    /// @param changeSchema lets a client ask a node for something
    Ambush(
            MetadataCluster cluster,
            Consumer<MetadataNode> crash,
            Consumer<MetadataNode> changeSchema) {
        this.cluster = cluster;
        this.crash = crash;
        this.changeSchema = changeSchema;
        simulation = cluster.simulation;
    }

    void arm() {
        Step[] steps = Step.values();
        awaited = steps[simulation.random.nextInt(steps.length)];
        passed = simulation.random.nextInt(PASSED_MAX);
    }

    void disarm() {
        awaited = null;
    }

    void performed(MetadataNode node, AgreementEffect effect) {
        Step present = awaited;
        if (present == null || Step.of(effect) != present || passed-- > 0) {
            return;
        }
        if (simulation.random.nextBoolean()) {
            arm(); // one after the other: what one has begun another finds half done
        } else {
            disarm();
        }
        MetadataNode other =
                effect instanceof AgreementEffect.Send(Endpoint to, _) ? cluster.at(to) : node;
        simulation.say(() -> "%s %s: ambush".formatted(node, present));
        strike(node, other);
    }

    private void strike(MetadataNode node, MetadataNode other) {
        switch (simulation.random.nextInt(8)) {
            case 0 -> soon(this::powerFailure);
            case 1 ->
                    soon(() -> {
                        crash.accept(node);
                        if (simulation.random.nextBoolean()) {
                            crash.accept(other);
                        }
                    });
            case 2, 3 -> silence(node, other);
            default -> silence(other, node);
        }
    }

    private void soon(Runnable action) {
        if (simulation.happens(0.2)) {
            action.run();
        } else {
            simulation.after(simulation.spread(SHORTLY_NANOS_MIN, SHORTLY_NANOS_MAX), action);
        }
    }

    void powerFailure() {
        cluster.nodes.forEach(node -> cluster.network.loseAllFrom(node.index));
        cluster.nodes.forEach(crash);
    }

    /// Nobody hears from one node any more, so the others may go on without it. What they relied on
    /// is shaken: they do their housekeeping, and some of them crash. Then they are asked for
    /// something else, also as soon as they are back.
    private void silence(MetadataNode silenced, MetadataNode shaken) {
        simulation.say(() -> silenced + " is not heard any more");
        if (simulation.random.nextBoolean()) {
            cluster.network.loseAllFrom(silenced.index);
        }
        boolean deaf = simulation.random.nextBoolean();
        for (MetadataNode node : cluster.nodes) {
            cluster.network.block(silenced.index, node.index);
            if (node == silenced) {
                continue;
            }
            if (deaf) {
                soon(() -> cluster.network.block(node.index, silenced.index));
            }
            if (node == shaken || simulation.happens(0.3)) {
                simulation.after(0, node::wakeUp);
                soon(() -> crash.accept(node));
            }
            for (int i = 0; i < ASKED_TIMES; i++) {
                long when = simulation.spread(MILLI, SECOND);
                simulation.after(when, () -> changeSchema.accept(node));
            }
        }
        simulation.after(simulation.spread(SECOND / 4, 6 * SECOND), cluster.network::healAll);
    }
}
