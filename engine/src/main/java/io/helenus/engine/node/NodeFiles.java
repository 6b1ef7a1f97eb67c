package io.helenus.engine.node;

import io.helenus.commitlog.LogFiles;
import io.helenus.commitlog.NioLogFiles;
import io.helenus.engine.storage.files.NioStorageFiles;
import io.helenus.engine.storage.files.StorageFiles;

/// The file systems of a node's storage and of its commit log; a test puts its own around them.
public record NodeFiles(StorageFiles storage, LogFiles log) {
    public static NodeFiles nio() {
        return new NodeFiles(new NioStorageFiles(), new NioLogFiles());
    }
}
