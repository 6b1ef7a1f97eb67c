package io.helenus.engine.storage.files;

import io.helenus.sstable.file.BlockFile;
import io.helenus.sstable.file.SSTableFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// All that storage needs of a file system; the seam at which tests let a disk fail or crash.
public interface StorageFiles extends SSTableFiles {
    /// Opens an existing file; what is written goes to its end. It can be read, too.
    BlockFile openToAppend(Path path) throws IOException;

    /// Files and directories in a directory, sorted by name; none if there is no such directory.
    List<Path> list(Path directory) throws IOException;

    boolean exists(Path path) throws IOException;

    /// False if there is nothing, too.
    boolean isDirectory(Path path) throws IOException;

    /// When a file was written last, in milliseconds since 1970.
    long lastModifiedMillis(Path path) throws IOException;

    /// Bytes that can still be written where a directory lies.
    long usableBytes(Path directory) throws IOException;

    /// Makes a directory and those above it where they are missing, durably.
    void createDirectories(Path directory) throws IOException;

    /// Renames atomically, replacing the target.
    void move(Path from, Path to) throws IOException;

    /// Gives a file a second name.
    void link(Path existing, Path link) throws IOException;

    /// Deletes a file or an empty directory; nothing happens if it is not there.
    void delete(Path path) throws IOException;

    /// Makes the names in a directory durable.
    void forceDirectory(Path directory) throws IOException;
}
