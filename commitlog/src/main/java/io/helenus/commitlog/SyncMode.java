package io.helenus.commitlog;

/// When a write may be acknowledged.
public enum SyncMode {
    /// At once. Forced every period.
    PERIODIC,
    /// After its force. There is at most one force per window.
    GROUP,
    /// After its force, which starts as soon as the one before it has ended.
    BATCH
}
