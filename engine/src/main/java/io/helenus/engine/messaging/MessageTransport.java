package io.helenus.engine.messaging;

import io.helenus.gossip.Endpoint;

/// Takes messages to other nodes: over sockets in a real cluster, through a simulated network in tests.
///
/// Any message may be lost, come late, or come after others that were sent later; none comes damaged.
/// Nothing is ever delivered within a call of [#send], not even to the node itself. Any thread.
public interface MessageTransport {
    /// The node that this transport belongs to; messages to it come back to it.
    Endpoint self();

    /// Names the one who takes what comes in; until then nothing is delivered. Once.
    void start(Receiver receiver);

    /// Sends a message, or tells the receiver that it was dropped.
    void send(Endpoint to, Message message);

    /// Where messages arrive. Called on any thread, never within [MessageTransport#send]; it must not
    /// block.
    interface Receiver {
        /// @param from the node that says that it has sent it
        /// @param message its deadline is by this node's clock
        /// @param done to be run once, when its bytes are not needed any more: as long as too many
        ///     of a peer's are, nothing more is read from it
        void onMessage(Endpoint from, Message message, Runnable done);

        /// A message of this node that will not arrive, as far as is known here.
        void onDropped(Endpoint to, Message message, DropReason reason, String text);
    }

    /// Why a message was not delivered.
    enum DropReason {
        /// Too much is waiting to be sent to the node, or to all nodes together.
        QUEUE_FULL,
        /// Its deadline passed before it could be sent.
        EXPIRED,
        /// No connection could be made.
        UNREACHABLE,
        /// The other node does not want to talk to this one.
        REFUSED,
        /// The connection broke while it was being sent. It may have arrived all the same.
        CONNECTION_LOST,
        /// It is larger than any message may be.
        TOO_LARGE,
        /// The transport has been closed.
        CLOSED
    }
}
