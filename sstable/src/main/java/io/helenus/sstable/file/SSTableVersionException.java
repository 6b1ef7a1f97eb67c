package io.helenus.sstable.file;

import java.nio.file.Path;

/// The file is intact, but a later release wrote it.
public final class SSTableVersionException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SSTableVersionException(Path file, int version, int versionMax) {
        super(
                "%s is of a newer version %s, this build reads up to %d"
                        .formatted(file, Integer.toUnsignedString(version), versionMax));
    }
}
