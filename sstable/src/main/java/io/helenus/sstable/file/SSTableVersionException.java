package io.helenus.sstable.file;

import java.nio.file.Path;

/// The file is intact but in a format that this build does not know.
public final class SSTableVersionException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SSTableVersionException(Path file, int version, int versionMax) {
        super(
                "%s: SSTable format version %s is unknown; this build reads versions 1 to %d"
                        .formatted(file, Integer.toUnsignedString(version), versionMax));
    }
}
