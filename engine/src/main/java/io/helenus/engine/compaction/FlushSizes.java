package io.helenus.engine.compaction;

import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// How large the flushed files of a table are on average: learned from files that are new to it and that no
/// compaction has made. Any thread.
final class FlushSizes {
    /// Of the newest file.
    private static final double WEIGHT = 0.25;

    private final Set<Long> known = new HashSet<>(); // generations
    private boolean hasLooked;
    private double average;

    /// Looks at all files of the table. Those that are there at the first look may be anything.
    ///
    /// @param bytes of each, by its generation
    synchronized void look(Map<Long, Long> bytes) {
        bytes.forEach((generation, size) -> {
            if (known.add(generation) && hasLooked) {
                average = average == 0 ? size : average * (1 - WEIGHT) + size * WEIGHT;
            }
        });
        known.retainAll(bytes.keySet());
        hasLooked = true;
    }

    /// A compaction has made these, which come into the table next.
    synchronized void noteOutputs(Collection<Long> generations) {
        known.addAll(generations);
    }

    /// In bytes; 0 as long as none was seen.
    synchronized long average() {
        return (long) average;
    }
}
