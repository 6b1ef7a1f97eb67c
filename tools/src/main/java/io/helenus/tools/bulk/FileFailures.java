package io.helenus.tools.bulk;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/// What is said of files that cannot be read or written.
final class FileFailures {
    private FileFailures() {}

    /// The same with the name of the file: a full disk says so without one.
    static IOException named(Path path, IOException e) {
        return e instanceof FileSystemException
                ? e
                : new IOException("%s: %s".formatted(path, e.getMessage()), e);
    }
}
