package io.helenus.commitlog;

import java.util.Objects;

/// How to replay.
public record ReplayOptions(OnDamage onDamage, ReplayProgress progress) {
    /// What to do with a segment whose forced bytes are damaged.
    public enum OnDamage {
        /// Throw.
        STOP,
        /// Report it and go on with the next segment. What follows the damage in its segment is lost,
        /// so the file is never deleted: once released it is renamed to end in `.damaged`.
        IGNORE
    }

    public static final ReplayOptions DEFAULT =
            new ReplayOptions(OnDamage.STOP, ReplayProgress.NONE);

    public ReplayOptions {
        Objects.requireNonNull(onDamage, "onDamage");
        Objects.requireNonNull(progress, "progress");
    }
}
