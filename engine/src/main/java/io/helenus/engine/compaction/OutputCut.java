package io.helenus.engine.compaction;

import java.util.ArrayList;
import java.util.List;

/// Where one output of a compaction ends and the next begins; always between two tokens.
///
/// @param tokens ascending: an output ends before each of them
/// @param sizes an output ends when it has so many bytes; the last holds for all further ones
record OutputCut(List<Long> tokens, List<Long> sizes) {
    private static final double RING = 0x1p64;

    static final OutputCut NONE = new OutputCut(List.of(), List.of());

    OutputCut {
        tokens = List.copyOf(tokens);
        sizes = List.copyOf(sizes);
    }

    /// Cuts the token range into equal parts; of the cuts, those between two tokens.
    static OutputCut shards(int count, long firstToken, long lastToken) {
        double width = RING / count;
        long from = (long) Math.floor(position(firstToken) / width) + 1;
        long to = Math.min(count - 1L, (long) Math.floor(position(lastToken) / width));
        List<Long> tokens = new ArrayList<>();
        for (long i = from; i <= to; i++) {
            tokens.add(token(i * width));
        }
        return new OutputCut(tokens, List.of());
    }

    private static double position(long token) {
        return (double) token - (double) Long.MIN_VALUE;
    }

    private static long token(double position) {
        return (long) (position + (double) Long.MIN_VALUE);
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
