package io.helenus.engine.compaction;

import java.util.Arrays;
import java.util.List;

/// What a table says of how its files are chosen, checked. The names of the options are Cassandra's.
public sealed interface StrategyOptions {
    /// How wide a group of files is that overlap.
    enum OverlapInclusion {
        NONE,
        SINGLE,
        TRANSITIVE
    }

    /// Options of `SizeTieredCompactionStrategy`.
    ///
    /// @param minThreshold files that make a compaction worth while
    /// @param minSSTableBytes below it, files are of the same size
    /// @param bucketLow a file is in a group if it is larger than this times the average
    record SizeTiered(
            int minThreshold,
            int maxThreshold,
            long minSSTableBytes,
            double bucketLow,
            double bucketHigh)
            implements StrategyOptions {
        public static final SizeTiered DEFAULT = new SizeTiered(4, 32, 50L << 20, 0.5, 1.5);

        public SizeTiered {
            if (minThreshold < 2 || maxThreshold < minThreshold) {
                throw new IllegalArgumentException(
                        "thresholds are %d and %d".formatted(minThreshold, maxThreshold));
            }
        }
    }

    /// Options of `TimeWindowCompactionStrategy`.
    ///
    /// @param windowMillis length of a window
    /// @param timestampNanos what one unit of a write's timestamp is
    /// @param newest how files of the newest window are chosen
    /// @param expiredCheckSeconds between two looks for files that can be dropped as a whole
    /// @param ignoreOverlaps whether they are dropped without asking what they shadow
    record TimeWindow(
            long windowMillis,
            long timestampNanos,
            SizeTiered newest,
            long expiredCheckSeconds,
            boolean ignoreOverlaps)
            implements StrategyOptions {
        public TimeWindow {
            if (windowMillis < 1 || timestampNanos < 1) {
                throw new IllegalArgumentException(
                        "window of %d ms, timestamps of %d ns"
                                .formatted(windowMillis, timestampNanos));
            }
        }
    }

    /// Options of `UnifiedCompactionStrategy`.
    ///
    /// @param scaling by level, the last for all further ones: positive tiered, negative leveled
    /// @param targetBytes wanted size of files, within a factor of √2
    /// @param baseShards parts that the token range is cut into at least
    /// @param growth how much of a growing density makes files larger, and not more of them
    /// @param minBytes size below which the token range is not cut
    /// @param maxFiles that are compacted together
    /// @param flushBytes how large flushed files are taken to be; 0 to measure it
    record Unified(
            List<Integer> scaling,
            long targetBytes,
            int baseShards,
            double growth,
            long minBytes,
            int maxFiles,
            long flushBytes,
            OverlapInclusion overlaps,
            long expiredCheckSeconds,
            boolean ignoreOverlaps)
            implements StrategyOptions {
        public static final Unified DEFAULT =
                new Unified(
                        List.of(2),
                        1L << 30,
                        4,
                        1 / 3.0,
                        100L << 20,
                        32,
                        0,
                        OverlapInclusion.TRANSITIVE,
                        600,
                        false);

        public Unified {
            scaling = List.copyOf(scaling);
            if (scaling.isEmpty() || baseShards < 1 || targetBytes < 1 || maxFiles < 2) {
                throw new IllegalArgumentException(
                        "scaling %s, %d shards, files of %d bytes, %d of them"
                                .formatted(scaling, baseShards, targetBytes, maxFiles));
            }
        }

        int scaling(int level) {
            return scaling.get(Math.min(level, scaling.size() - 1));
        }

        int fanout(int level) {
            return (int) Math.min(Integer.MAX_VALUE, 2 + Math.abs((long) scaling(level)));
        }

        /// Overlapping files of a level that are too many.
        int threshold(int level) {
            int w = scaling(level);
            return w <= 0 ? 2 : fanout(level);
        }

        /// `T4, L10, N` and plain numbers, as scaling parameters.
        public static List<Integer> parseScaling(String text) {
            return Arrays.stream(text.split(",", -1)).map(part -> parameter(part.trim())).toList();
        }

        private static int parameter(String text) {
            char letter = text.charAt(0);
            return switch (letter) {
                case 'N' -> 0;
                case 'T' -> Integer.parseInt(text.substring(1)) - 2;
                case 'L' -> 2 - Integer.parseInt(text.substring(1));
                default -> Integer.parseInt(text);
            };
        }
    }
}
