package io.helenus.engine.node;

import io.helenus.commitlog.LogFiles;
import io.helenus.commitlog.NioLogFiles;
import io.helenus.engine.metadata.MetadataFiles;
import io.helenus.engine.metadata.NioMetadataFiles;
import io.helenus.engine.storage.files.NioStorageFiles;
import io.helenus.engine.storage.files.StorageFiles;
import java.io.IOException;
import java.nio.file.Path;

/// The file systems of a node's storage, of its commit log and of its metadata; a test puts its own
/// around them.
public record NodeFiles(StorageFiles storage, LogFiles log, Metadata metadata) {
    /// Where metadata lies.
    @FunctionalInterface
    public interface Metadata {
        /// The files of a directory, which is made if it is not there.
        MetadataFiles in(Path directory) throws IOException;
    }

    public static NodeFiles nio() {
        return new NodeFiles(new NioStorageFiles(), new NioLogFiles(), NioMetadataFiles::new);
    }
}
