package io.helenus.engine.storage;

/// What a write call says.
public enum WriteOutcome {
    /// Done: readers see it, and it is in the commit log as the sync mode demands. The callback was
    /// not and will not be called.
    APPLIED,
    /// The callback will be told, by another thread.
    LATER
}
