package io.helenus.engine.cluster.gossip;

import io.helenus.engine.messaging.Messenger;
import io.helenus.engine.messaging.Timer;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/// What a [GossipService] needs of the node that it runs in.
///
/// @param owner runs one task at a time, in their order
/// @param generations on disk
public record GossipEnvironment(
        Messenger messenger,
        Executor owner,
        Timer timer,
        LongSupplier nanoTime,
        LongSupplier wallMicros,
        GenerationFile generations,
        LocalState local) {}
