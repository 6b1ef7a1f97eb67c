package io.helenus.engine.storage;

import io.helenus.engine.storage.files.StorageFiles;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// All that may differ between two runs of a node's storage.
///
/// @param nanoClock monotonic nanoseconds
/// @param wallMicros microseconds since 1970
/// @param executor runs flushes and deletions, which do I/O; never the event loops
public record StorageEnvironment(
        StorageFiles files,
        LongSupplier nanoClock,
        LongSupplier wallMicros,
        Executor executor,
        RandomGenerator random,
        StorageListener listener) {
    public StorageEnvironment {
        Objects.requireNonNull(files, "files");
        Objects.requireNonNull(nanoClock, "nanoClock");
        Objects.requireNonNull(wallMicros, "wallMicros");
        Objects.requireNonNull(executor, "executor");
        Objects.requireNonNull(random, "random");
        Objects.requireNonNull(listener, "listener");
    }
}
