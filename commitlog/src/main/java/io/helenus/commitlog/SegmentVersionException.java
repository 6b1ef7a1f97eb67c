package io.helenus.commitlog;

import java.nio.file.Path;

/// The segment is intact, but a later release wrote it. Never ignored: what is in it is not lost.
public final class SegmentVersionException extends CommitLogException {
    SegmentVersionException(Path file, int version) {
        super(
                "%s is of a newer version %s, this build reads up to %d"
                        .formatted(file, Integer.toUnsignedString(version), SegmentFormat.VERSION),
                null);
    }
}
