package io.helenus.commitlog;

/// Told when a position is on disk. Runs on the sync agent's thread, in order of position; must be
/// short, and re-posts to its own loop whatever else there is to do.
public interface DurabilityCallback {
    void onDurable(long position);

    /// The force failed, or the log was closed before. Whether the bytes are on disk is unknown.
    void onFailure(long position, CommitLogException failure);
}
