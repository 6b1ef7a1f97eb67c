package io.helenus.engine.error;

/// Data that is intact, but that a later release wrote. It is neither guessed at nor touched: the node does
/// not start, and whatever else met it does nothing.
public final class NewerVersionException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int version;
    private final int versionMax;

    /// @param what a file, or what in a file
    public NewerVersionException(String what, int version, int versionMax) {
        super(
                "%s is of a newer version %s, this build reads up to %d"
                        .formatted(what, Integer.toUnsignedString(version), versionMax));
        this.version = version;
        this.versionMax = versionMax;
    }

    /// The same, said of what it is a part of.
    public NewerVersionException of(String whole) {
        return new NewerVersionException(whole, version, versionMax);
    }

    /// Whether a number that was read is a later release's.
    public static boolean isNewer(int version, int versionMax) {
        return Integer.compareUnsigned(version, versionMax) > 0;
    }
}
