package io.helenus.engine.streaming;

/// Constants of the protocol (see the package).
final class StreamFormat {
    static final int OPEN = 1;
    static final int OPENED = 2;
    static final int FILE = 3;
    static final int GO_ON = 4;
    static final int DATA = 5;
    static final int RECEIVED = 6;
    static final int STORED = 7;
    static final int FAILED = 8;

    /// Length, type; then the payload and a checksum.
    static final int HEAD_BYTES = Integer.BYTES + 1;

    static final int CHECKSUM_BYTES = Integer.BYTES;
    static final int PAYLOAD_BYTES_MAX = 1 << 20;
    static final int DATA_BYTES = 256 << 10;
    static final long WINDOW_BYTES = 8L << 20;
    static final long IN_TABLE = -1;

    static final int REFUSED = 1;
    static final int TRY_AGAIN = 2;

    static {
        if (DATA_BYTES + Long.BYTES > PAYLOAD_BYTES_MAX || WINDOW_BYTES < 2 * DATA_BYTES) {
            throw new IllegalStateException("data do not fit");
        }
    }

    private StreamFormat() {}
}
