package io.helenus.engine.cluster;

/// How far a node is in the cluster. Its number is in the log.
public enum NodeState {
    /// Registered, its tokens are its own; its data are on their way.
    JOINING(1),
    /// Owns its ranges.
    NORMAL(2),
    /// Still owns its ranges, hands them over.
    LEAVING(3);

    private final int number;

    NodeState(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
