package io.helenus.engine.storage.memtable;

import org.jspecify.annotations.Nullable;

/// What the deletions of a partition are from one sequence on. The chain goes from new
/// to old and is cut by the stripe's holder where no reader can go any more.
final class Version<T> {
    final long sequence;

    /// Changed by the holder only as long as `sequence` is not published.
    T value;

    /// Plain on purpose: a reader that needs what is behind it has a pin that keeps it.
    @Nullable Version<T> older;

    Version(long sequence, T value, @Nullable Version<T> older) {
        this.sequence = sequence;
        this.value = value;
        this.older = older;
    }

    /// The newest version that a reader at `sequence` may see.
    static <T> @Nullable Version<T> at(@Nullable Version<T> head, long sequence) {
        Version<T> version = head;
        while (version != null && version.sequence > sequence) {
            version = version.older;
        }
        return version;
    }
}
