package io.helenus.engine.storage.manifest;

import java.util.Objects;

/// One SSTable as the manifest knows it. Enough to know whom it concerns even if it cannot be opened.
/// The keys are not to be changed by anyone.
///
/// @param checksum CRC32C of the whole file
/// @param level of leveled compaction, else 0
/// @param repairedAt milliseconds, 0 if it is not repaired
/// @param lastKey inclusive
@SuppressWarnings("ArrayRecordComponent") // compared by generation only
public record ManifestFile(
        long generation,
        long bytes,
        int checksum,
        int level,
        long repairedAt,
        long minTimestamp,
        long maxTimestamp,
        byte[] firstKey,
        byte[] lastKey) {
    public ManifestFile {
        Objects.requireNonNull(firstKey, "firstKey");
        Objects.requireNonNull(lastKey, "lastKey");
        if (generation < 1 || bytes < 1 || level < 0) {
            throw new IllegalArgumentException(
                    "SSTable %d of %d bytes in level %d".formatted(generation, bytes, level));
        }
    }

    public ManifestFile withLevel(int newLevel) {
        return new ManifestFile(
                generation,
                bytes,
                checksum,
                newLevel,
                repairedAt,
                minTimestamp,
                maxTimestamp,
                firstKey,
                lastKey);
    }

    public ManifestFile withRepairedAt(long millis) {
        return new ManifestFile(
                generation,
                bytes,
                checksum,
                level,
                millis,
                minTimestamp,
                maxTimestamp,
                firstKey,
                lastKey);
    }

    public String fileName() {
        return generation + ".sst";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ManifestFile file && file.generation == generation;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(generation);
    }
}
