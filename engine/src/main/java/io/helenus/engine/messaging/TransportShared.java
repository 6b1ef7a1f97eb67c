package io.helenus.engine.messaging;

import io.helenus.gossip.Endpoint;
import io.netty.bootstrap.Bootstrap;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What the connections of a [NettyTransport] have in common.
///
/// @param bootstrap of connections to other nodes, without a loop and a handler
/// @param random guarded by itself
/// @param outbound bytes of all queues, urgent ones not counted
/// @param inbound bytes of all messages that are not handled, urgent ones not counted
/// @param receiver complete once there is one
record TransportShared(
        String clusterName,
        Endpoint self,
        MessagingOptions options,
        Bootstrap bootstrap,
        LongSupplier nanoTime,
        Timer timer,
        RandomGenerator random,
        LogLimiter limiter,
        ByteBudget outbound,
        ByteBudget inbound,
        CompletableFuture<MessageTransport.Receiver> receiver) {

    MessageTransport.@Nullable Receiver receiverNow() {
        return receiver.getNow(null);
    }
}
