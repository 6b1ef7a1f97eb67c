package io.helenus.engine.config;

import java.nio.file.Path;

/// What defaults depend on.
///
/// @param heapBytesMax what the JVM may use (`-Xmx`)
/// @param processors that this process may use
/// @param home the user's directory
public record Machine(long heapBytesMax, int processors, Path home) {
    public Machine {
        if (heapBytesMax < 1 || processors < 1) {
            throw new IllegalArgumentException(
                    "heapBytesMax is %d and processors is %d, both must be at least 1"
                            .formatted(heapBytesMax, processors));
        }
    }

    /// The one that this process runs on.
    public static Machine ofProcess() {
        Runtime runtime = Runtime.getRuntime();
        return new Machine(
                runtime.maxMemory(),
                runtime.availableProcessors(),
                Path.of(System.getProperty("user.home")));
    }
}
