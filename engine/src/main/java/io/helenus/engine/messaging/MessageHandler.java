package io.helenus.engine.messaging;

import io.helenus.gossip.Endpoint;

/// Does what messages of one verb ask for. Runs on the executor that it was registered with.
@FunctionalInterface
public interface MessageHandler {
    /// @param from who has sent it
    /// @param message if it is a request it wants an answer, now or later, by [Messenger#respond] or
    ///     [Messenger#fail]; its epoch is the sender's
    void onMessage(Endpoint from, Message message);
}
