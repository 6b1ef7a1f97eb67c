package io.helenus.gossip.ring;

import java.util.List;

/// The tokens after `left` up to and with `right`. If `left` is not less than `right` the range
/// goes around the ring's end; with both alike it is the whole ring.
public record TokenRange(long left, long right) {
    /// Tokens in the whole ring, the sentinel counted.
    private static final double RING = 0x1p64;

    public boolean wraps() {
        return left >= right;
    }

    public boolean contains(long token) {
        if (wraps()) {
            return token > left || token <= right;
        }
        return token > left && token <= right;
    }

    /// The share of the ring that the range covers, over 0 and at most 1.
    public double share() {
        return shareOf(left, right);
    }

    static double shareOf(long left, long right) {
        long width = right - left; // unsigned; 0 is all
        return width == 0 ? 1 : unsigned(width) / RING;
    }

    static double unsigned(long value) {
        double low = value & Long.MAX_VALUE;
        return value < 0 ? low + 0x1p63 : low;
    }

    /// The range as one or two that do not go around the end, as row keys need it: the first ends
    /// at `Long.MAX_VALUE`, the second begins at the sentinel [Murmur3Token#MIN], which no key has.
    public List<TokenRange> unwrapped() {
        if (!wraps()) {
            return List.of(this);
        }
        if (left == Long.MAX_VALUE) {
            return List.of(new TokenRange(Murmur3Token.MIN, right));
        }
        TokenRange end = new TokenRange(left, Long.MAX_VALUE);
        if (right == Murmur3Token.MIN) {
            return List.of(end);
        }
        return List.of(end, new TokenRange(Murmur3Token.MIN, right));
    }

    @Override
    public String toString() {
        return "(" + left + "," + right + "]";
    }
}
