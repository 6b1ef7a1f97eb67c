package io.helenus.engine.bulk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Ranges of tokens, disjoint and ascending. Immutable.
public final class TokenRanges {
    private final long[] first;
    private final long[] last;

    private TokenRanges(long[] first, long[] last) {
        this.first = first;
        this.last = last;
    }

    /// A range of the ring, which may go on at its beginning.
    ///
    /// @param from excluded
    /// @param to included; the same as `from` for the whole ring
    public record Arc(long from, long to) {}

    private record Span(long first, long last) {}

    public static TokenRanges of(List<Arc> arcs) {
        List<Span> spans = new ArrayList<>();
        for (Arc arc : arcs) {
            if (arc.from() == arc.to()) {
                return new TokenRanges(new long[] {Long.MIN_VALUE}, new long[] {Long.MAX_VALUE});
            }
            boolean wraps = arc.from() > arc.to();
            if (arc.from() < Long.MAX_VALUE) {
                spans.add(new Span(arc.from() + 1, wraps ? Long.MAX_VALUE : arc.to()));
            }
            if (wraps) {
                spans.add(new Span(Long.MIN_VALUE, arc.to()));
            }
        }
        spans.sort((a, b) -> Long.compare(a.first(), b.first()));
        long[] first = new long[spans.size()];
        long[] last = new long[spans.size()];
        int count = 0;
        for (Span span : spans) {
            boolean adjoins =
                    count > 0
                            && (last[count - 1] == Long.MAX_VALUE
                                    || span.first() <= last[count - 1] + 1);
            if (adjoins) {
                last[count - 1] = Math.max(last[count - 1], span.last());
            } else {
                first[count] = span.first();
                last[count++] = span.last();
            }
        }
        return new TokenRanges(Arrays.copyOf(first, count), Arrays.copyOf(last, count));
    }

    public boolean isAll() {
        return covers(Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /// Whether all tokens from one to another, both included, are in here.
    boolean covers(long from, long to) {
        for (int i = 0; i < first.length; i++) {
            if (first[i] <= from && last[i] >= to) {
                return true;
            }
        }
        return false;
    }

    /// Whether any of them is.
    boolean overlaps(long from, long to) {
        for (int i = 0; i < first.length; i++) {
            if (first[i] <= to && last[i] >= from) {
                return true;
            }
        }
        return false;
    }

    /// Of each range, included.
    long[] first() {
        return first.clone();
    }

    /// Of each range, included.
    long[] last() {
        return last.clone();
    }
}
