package io.helenus.engine.node;

import java.io.IOException;
import java.nio.file.Path;

/// Another node, of this process or another one, holds the directory.
public final class DataDirectoryInUseException extends IOException {
    private static final long serialVersionUID = 1;

    DataDirectoryInUseException(Path path) {
        super("Directory %s is in use by another node".formatted(path));
    }
}
