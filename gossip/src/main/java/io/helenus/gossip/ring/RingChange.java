package io.helenus.gossip.ring;

import java.util.Arrays;
import java.util.UUID;

/// A change of the ring that is under way: decided, but not finished until its data has moved.
public sealed interface RingChange {
    /// The ring as it is when the change is finished.
    ///
    /// @throws IllegalArgumentException if it does not fit the ring, saying why
    Ring applyTo(Ring ring);

    /// A new member comes, with tokens of its own.
    @SuppressWarnings("ArrayRecordComponent") // copied in and out; equality is by value below
    record Join(Member member, long[] tokens) implements RingChange {
        public Join {
            tokens = tokens.clone();
        }

        @Override
        public long[] tokens() {
            return tokens.clone();
        }

        @Override
        public Ring applyTo(Ring ring) {
            return ring.with(member, tokens);
        }

        @Override
        public boolean equals(Object object) {
            return object instanceof Join other
                    && member.equals(other.member)
                    && Arrays.equals(tokens, other.tokens);
        }

        @Override
        public int hashCode() {
            return 31 * member.hashCode() + Arrays.hashCode(tokens);
        }
    }

    /// A member goes, alive or dead; others take over its ranges.
    record Leave(UUID hostId) implements RingChange {
        @Override
        public Ring applyTo(Ring ring) {
            return ring.without(hostId);
        }
    }

    /// A new member takes the place of a dead one, with its tokens. It may have its address, too.
    record Replace(UUID replaced, Member member) implements RingChange {
        @Override
        public Ring applyTo(Ring ring) {
            long[] tokens = ring.tokensOf(replaced);
            return ring.without(replaced).with(member, tokens);
        }
    }

    /// A member gets other tokens.
    @SuppressWarnings("ArrayRecordComponent") // copied in and out; equality is by value below
    record Move(UUID hostId, long[] tokens) implements RingChange {
        public Move {
            tokens = tokens.clone();
        }

        @Override
        public long[] tokens() {
            return tokens.clone();
        }

        @Override
        public Ring applyTo(Ring ring) {
            Member member = ring.require(hostId);
            return ring.without(hostId).with(member, tokens);
        }

        @Override
        public boolean equals(Object object) {
            return object instanceof Move other
                    && hostId.equals(other.hostId)
                    && Arrays.equals(tokens, other.tokens);
        }

        @Override
        public int hashCode() {
            return 31 * hostId.hashCode() + Arrays.hashCode(tokens);
        }
    }
}
