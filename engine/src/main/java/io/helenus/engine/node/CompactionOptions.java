package io.helenus.engine.node;

/// How a node compacts.
///
/// @param concurrency compactions at a time
/// @param throughputMiB per second that all together may read; 0 for no limit
/// @param allowUnsafeExpiration whether tables may drop files without asking what they shadow
public record CompactionOptions(int concurrency, int throughputMiB, boolean allowUnsafeExpiration) {
    public CompactionOptions {
        if (concurrency < 1 || throughputMiB < 0) {
            throw new IllegalArgumentException(
                    "%d compactions, %d MiB/s".formatted(concurrency, throughputMiB));
        }
    }

    public static CompactionOptions defaults() {
        return new CompactionOptions(2, 64, false);
    }
}
