package io.helenus.engine.cluster;

/// Bytes that are no cluster metadata, or come from a release that knows more. Says what is wrong
/// and where.
public final class ClusterFormatException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ClusterFormatException(int offset, String what) {
        super("Not cluster metadata: at byte %d %s".formatted(offset, what));
    }

    public ClusterFormatException(int offset, String what, Throwable cause) {
        super("Not cluster metadata: at byte %d %s".formatted(offset, what), cause);
    }
}
