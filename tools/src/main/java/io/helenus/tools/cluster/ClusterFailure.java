package io.helenus.tools.cluster;

/// The work could not be done. The message is for people and names what stands in the way.
public final class ClusterFailure extends Exception {
    private static final long serialVersionUID = 1;

    ClusterFailure(String message) {
        super(message);
    }
}
