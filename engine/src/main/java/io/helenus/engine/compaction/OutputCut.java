package io.helenus.engine.compaction;

import java.util.ArrayList;
import java.util.List;

/// Where one output of a compaction ends and the next begins; always between two tokens.
///
/// @param tokens ascending: an output ends before each of them
/// @param sizes an output ends when it has so many bytes; the last holds for all further ones
record OutputCut(List<Long> tokens, List<Long> sizes) {
    static final OutputCut NONE = new OutputCut(List.of(), List.of());

    OutputCut {
        tokens = List.copyOf(tokens);
        sizes = List.copyOf(sizes);
    }

    /// Cuts the token range into equal parts.
    static OutputCut shards(int count) {
        Long[] tokens = new Long[count - 1];
        double width = 0x1p64 / count;
        for (int i = 1; i < count; i++) {
            tokens[i - 1] = Long.MIN_VALUE + offset(i * width);
        }
        return new OutputCut(List.of(tokens), List.of());
    }

    /// Unsigned.
    private static long offset(double tokens) {
        return tokens < 0x1p63 ? (long) tokens : (long) (tokens - 0x1p63) + Long.MIN_VALUE;
    }

    /// Half of the bytes, then half of the rest, and so on, as long as that is worth a file.
    static OutputCut halves(long bytes, long bytesMin) {
        List<Long> sizes = new ArrayList<>();

        for (long left = bytes / 2; left >= bytesMin; left /= 2) {
            sizes.add(left);
        }
        if (sizes.isEmpty()) {
            return NONE;
        }
        sizes.add(Long.MAX_VALUE);
        return new OutputCut(List.of(), sizes);
    }
}
