package io.helenus.gossip.exchange;

/// One thing that a node says of itself, and when in the order of all that it said.
///
/// @param key a [StateKey]'s number, or one of a later release
public record StateEntry(int key, long version, String value) {
    public static final int KEY_MAX = 255;

    public StateEntry {
        if (key < 0 || key > KEY_MAX) {
            throw new IllegalArgumentException(
                    "A key is %d, must be in 0..%d".formatted(key, KEY_MAX));
        }
    }
}
