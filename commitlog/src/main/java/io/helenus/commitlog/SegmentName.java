package io.helenus.commitlog;

import java.nio.file.Path;

/// File names of segments.
final class SegmentName {
    static final String LOG = ".log";
    static final String TEMPORARY = ".tmp";
    static final String RECYCLE = ".recycle";
    static final String DAMAGED = ".damaged";

    private static final String PREFIX = "commitlog-";
    private static final int DIGITS = 10;
    private static final long ID_MAX = Integer.MAX_VALUE; // a position stays positive

    private SegmentName() {}

    static Path of(Path directory, long segmentId, String ending) {
        if (segmentId > ID_MAX) {
            throw new CommitLogException("Commit log segment ids are used up: " + segmentId, null);
        }
        String digits = Long.toString(segmentId);
        return directory.resolve(PREFIX + "0".repeat(DIGITS - digits.length()) + digits + ending);
    }

    /// Whether this is one of our files with that ending. All others are left alone.
    static boolean matches(Path file, String ending) {
        String name = file.getFileName().toString();
        int length = PREFIX.length() + DIGITS + ending.length();
        if (name.length() != length || !name.startsWith(PREFIX) || !name.endsWith(ending)) {
            return false;
        }
        for (int at = PREFIX.length(); at < PREFIX.length() + DIGITS; at++) {
            if (name.charAt(at) < '0' || name.charAt(at) > '9') {
                return false;
            }
        }
        return idIn(name) <= ID_MAX;
    }

    /// The id in a name that matches.
    static long segmentId(Path file) {
        return idIn(file.getFileName().toString());
    }

    private static long idIn(String name) {
        return Long.parseLong(name, PREFIX.length(), PREFIX.length() + DIGITS, 10);
    }
}
