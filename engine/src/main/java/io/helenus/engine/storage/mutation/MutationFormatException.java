package io.helenus.engine.storage.mutation;

import io.helenus.engine.error.NewerVersionException;
import org.jspecify.annotations.Nullable;

/// Bytes that are no mutation, or one of a version that this program does not know.
public final class MutationFormatException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final @Nullable NewerVersionException newer;

    MutationFormatException(String message) {
        super(message);
        newer = null;
    }

    private MutationFormatException(NewerVersionException newer) {
        super(newer);
        this.newer = newer;
    }

    /// @param version that is not ours
    static MutationFormatException ofVersion(int version) {
        return NewerVersionException.isNewer(version, MutationWriter.VERSION)
                ? new MutationFormatException(
                        new NewerVersionException("Mutation", version, MutationWriter.VERSION))
                : new MutationFormatException("Mutation has version " + version);
    }

    /// Not null if a later release wrote it.
    public @Nullable NewerVersionException newer() {
        return newer;
    }
}
