package io.helenus.commitlog;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The little that the log needs of a file system, so that a test can lose whatever was not forced.
/// Segments of the two mapped kinds are also mapped by their path, in the default file system.
public interface LogFiles {
    /// Opens for reading and writing, and makes the file if it is not there.
    LogFile openForWrite(Path path) throws IOException;

    LogFile openForRead(Path path) throws IOException;

    /// Files of a directory, sorted by name.
    List<Path> list(Path directory) throws IOException;

    /// Makes a directory and those above it where they are missing.
    void createDirectories(Path directory) throws IOException;

    /// Renames within one directory, atomically, replacing the target.
    void move(Path from, Path to) throws IOException;

    void delete(Path path) throws IOException;

    /// Makes the names in a directory durable.
    void forceDirectory(Path directory) throws IOException;
}
