package io.helenus.engine.compaction;

import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// All that may differ between two runs of a node's compactions.
///
/// @param executor runs steps of compactions, which do I/O and take some ten milliseconds each
/// @param timer runs something after a while, on whatever thread, as it only goes to the executor
/// @param uuids version 1
/// @param owned the tokens whose data the node keeps
/// @param itemsPerStep how many items a step writes at most
public record CompactionEnvironment(
        Executor executor,
        Timer timer,
        LongSupplier nanoClock,
        LongSupplier wallMicros,
        Supplier<UUID> uuids,
        OwnedTokens owned,
        CompactionListener listener,
        int itemsPerStep) {
    /// Some milliseconds of work.
    public static final int ITEMS_PER_STEP = 16_384;

    public CompactionEnvironment {
        Objects.requireNonNull(executor, "executor");
        Objects.requireNonNull(timer, "timer");
        Objects.requireNonNull(nanoClock, "nanoClock");
        Objects.requireNonNull(wallMicros, "wallMicros");
        Objects.requireNonNull(uuids, "uuids");
        Objects.requireNonNull(owned, "owned");
        Objects.requireNonNull(listener, "listener");
    }

    /// Runs something later.
    @FunctionalInterface
    public interface Timer {
        void schedule(Runnable work, long delayNanos);
    }
}
