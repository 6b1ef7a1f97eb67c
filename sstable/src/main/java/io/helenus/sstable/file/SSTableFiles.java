package io.helenus.sstable.file;

import java.io.IOException;
import java.nio.file.Path;

/// Where SSTables live. Publishing (rename, manifest) and deleting are the table store's business.
public interface SSTableFiles {

    /// Creates a file that must not exist yet, for writing.
    BlockFile create(Path path) throws IOException;

    /// Opens a file for reading.
    BlockFile open(Path path) throws IOException;
}
