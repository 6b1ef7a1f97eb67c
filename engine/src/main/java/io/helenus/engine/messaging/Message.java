package io.helenus.engine.messaging;

import java.nio.ByteBuffer;

/// A message between nodes. Immutable: nobody changes the bytes of the payload after it was made.
///
/// @param id of a request, chosen by who asks, and of its answers; 0 if none is expected
/// @param epoch of the metadata log, up to which the sender has applied it
/// @param deadlineNanos when it is worth nothing any more, by the monotonic clock of the node that
///     holds it: the sender's before it is sent, the receiver's after
/// @param payload from its position to its limit
public record Message(
        Verb verb, Kind kind, long id, long epoch, long deadlineNanos, ByteBuffer payload) {
    /// What is expected of whom.
    public enum Kind {
        ONE_WAY(1),
        REQUEST(2),
        RESPONSE(3),
        /// An answer that says why there is no other; the payload is a [RemoteFailure].
        FAILURE(4);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }

        boolean isAnswer() {
            return this == RESPONSE || this == FAILURE;
        }
    }

    public Message {
        boolean answerable = kind != Kind.ONE_WAY;
        if (answerable != (id != 0)) {
            throw new IllegalArgumentException("Message %s has id %d".formatted(kind, id));
        }
        payload = payload.asReadOnlyBuffer();
    }

    /// A view of its own for each caller.
    @Override
    public ByteBuffer payload() {
        return payload.duplicate();
    }

    public int payloadBytes() {
        return payload.remaining();
    }
}
