package io.helenus.engine.messaging;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a message is about. Numbers are in messages and never change; the order of the constants means
/// nothing.
public enum Verb {
    /// One of a later release. Nobody handles it, so that who asks is told so.
    UNKNOWN(0, false, Duration.ofSeconds(10)),
    /// The exchange of gossip states; payloads are those of
    /// [io.helenus.gossip.exchange.GossipCodec].
    GOSSIP(1, true, Duration.ofSeconds(5)),
    /// How the metadata log is agreed on; one-way, payloads are those of
    /// [io.helenus.engine.cluster.agreement.AgreementCodec].
    METADATA(2, true, Duration.ofSeconds(10)),
    /// A request: i64 epoch; answered with the epoch that the node is at as soon as that is not less.
    METADATA_EPOCH(3, true, Duration.ofSeconds(10));

    static final int NUMBER_MAX = 0xffff;

    private static final Verb[] BY_NUMBER = byNumber();

    private final int number;
    private final boolean urgent;
    private final long lifeNanos;

    Verb(int number, boolean urgent, Duration life) {
        this.number = number;
        this.urgent = urgent;
        lifeNanos = life.toNanos();
    }

    private static Verb[] byNumber() {
        int highest = 0;
        for (Verb verb : values()) {
            highest = Math.max(highest, verb.number);
        }
        Verb[] verbs = new Verb[highest + 1];
        for (Verb verb : values()) {
            if (verbs[verb.number] != null) {
                throw new AssertionError(verb + " has the number of " + verbs[verb.number]);
            }
            verbs[verb.number] = verb;
        }
        return verbs;
    }

    public int number() {
        return number;
    }

    /// Whether its messages and their answers go on the lane that nothing else may hold up.
    public boolean urgent() {
        return urgent;
    }

    /// After which a message that expects no answer is worth nothing.
    public long lifeNanos() {
        return lifeNanos;
    }

    /// [#UNKNOWN] if there is none with this number.
    public static Verb of(int number) {
        @Nullable Verb verb = number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
        return verb == null ? UNKNOWN : verb;
    }
}
