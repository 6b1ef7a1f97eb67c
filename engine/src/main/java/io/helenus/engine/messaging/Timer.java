package io.helenus.engine.messaging;

/// Runs things later: a scheduled executor in a real node, virtual time in a simulation.
@FunctionalInterface
public interface Timer {
    /// @param delayNanos from now; 0 or less is as soon as possible, but never within this call
    void after(long delayNanos, Runnable action);
}
