package io.helenus.engine.messaging;

/// Why there is no response.
///
/// @param code of the verb's own, if the reason is [Reason#REMOTE]; else 0
/// @param text for logs and errors
public record RequestFailure(Reason reason, int code, String text) {
    /// What is known about the request: whether it may have been carried out.
    public enum Reason {
        /// No answer in time. It may have been carried out, or may still be.
        TIMEOUT,
        /// Not sent: too much waits for the node, or its time passed in the queue.
        OVERLOADED,
        /// Not sent: there is no connection to the node, or it refuses this one.
        UNREACHABLE,
        /// The connection broke. It may have been carried out.
        CONNECTION_LOST,
        /// Not sent: it is too large.
        TOO_LARGE,
        /// The other node says that it failed.
        REMOTE,
        /// The other node does not know the verb.
        UNKNOWN_VERB,
        /// The other node has too much to do.
        REMOTE_OVERLOADED,
        /// This node ends.
        CLOSED;

        /// Whether the other node may have done what was asked for.
        public boolean mayHaveHappened() {
            return this == TIMEOUT || this == CONNECTION_LOST || this == REMOTE || this == CLOSED;
        }
    }

    static RequestFailure of(MessageTransport.DropReason dropped, String text) {
        Reason reason =
                switch (dropped) {
                    case QUEUE_FULL, EXPIRED -> Reason.OVERLOADED;
                    case UNREACHABLE, REFUSED -> Reason.UNREACHABLE;
                    case CONNECTION_LOST -> Reason.CONNECTION_LOST;
                    case TOO_LARGE -> Reason.TOO_LARGE;
                    case CLOSED -> Reason.CLOSED;
                };
        return new RequestFailure(reason, 0, text);
    }
}
