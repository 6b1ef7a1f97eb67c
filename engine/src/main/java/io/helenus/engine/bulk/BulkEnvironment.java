package io.helenus.engine.bulk;

import io.helenus.engine.storage.files.StorageFiles;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// What a bulk writer takes from the machine that it runs on.
///
/// @param wallMicros microseconds since 1970
/// @param random for time UUIDs; used by all threads
/// @param executor runs what may be done beside the appenders' threads; `Runnable::run` to do all of it
///     on these
/// @param threads how many tasks the executor runs at a time
public record BulkEnvironment(
        StorageFiles files,
        LongSupplier wallMicros,
        RandomGenerator random,
        Executor executor,
        int threads) {
    public BulkEnvironment {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + ", must be at least 1");
        }
    }
}
