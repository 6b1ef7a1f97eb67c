package io.helenus.engine.bulk;

/// A range of tokens as row keys begin with them: in unsigned order.
///
/// @param from included
/// @param to excluded, unless it reaches to the end
record TokenSpan(long from, long to, boolean isToEnd) {
    static final TokenSpan ALL = new TokenSpan(0, 0, true);

    /// Whether it ends before the token.
    boolean endsBefore(long token) {
        return !isToEnd && Long.compareUnsigned(token, to) >= 0;
    }

    /// Whether it begins after the token.
    boolean beginsAfter(long token) {
        return Long.compareUnsigned(token, from) < 0;
    }
}
