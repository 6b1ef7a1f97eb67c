package io.helenus.engine.cluster.metadata;

import io.helenus.engine.messaging.Timer;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// What a [MetadataService] needs of the node that it runs in.
///
/// @param owner runs one task at a time, in their order; may wait for the disk
/// @param applier likewise, for what follows from a change
/// @param timer runs its actions anywhere
/// @param random for ballots and ids of proposals
public record MetadataEnvironment(
        Executor owner,
        Executor applier,
        Timer timer,
        LongSupplier nanoTime,
        RandomGenerator random) {}
