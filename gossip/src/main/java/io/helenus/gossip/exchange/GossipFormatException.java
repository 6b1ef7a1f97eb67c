package io.helenus.gossip.exchange;

/// Bytes that are no gossip message. The message says what is wrong and where.
public final class GossipFormatException extends RuntimeException {
    private static final long serialVersionUID = 1;

    GossipFormatException(int offset, String what) {
        super("Not a gossip message: at byte %d %s".formatted(offset, what));
    }
}
