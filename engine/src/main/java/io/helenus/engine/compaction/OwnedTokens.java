package io.helenus.engine.compaction;

import io.helenus.engine.storage.TableStore;
import java.util.List;

/// Which part of a table belongs to this node.
@FunctionalInterface
public interface OwnedTokens {
    /// Tokens after the start, up to and with the end.
    ///
    /// @param start before `end`; [Long#MIN_VALUE] for the beginning of the ring
    record Range(long start, long end) {
        public static final Range ALL = new Range(Long.MIN_VALUE, Long.MAX_VALUE);

        public Range {
            if (start >= end) {
                throw new IllegalArgumentException("range (%d, %d]".formatted(start, end));
            }
        }
    }

    /// Ascending, none overlapping another one.
    List<Range> of(TableStore table);
}
