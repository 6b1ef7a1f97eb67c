package io.helenus.engine.storage.manifest;

import java.nio.file.Path;

/// A manifest contradicts itself, so nobody knows what the table consists of: it does not start.
public final class ManifestException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ManifestException(Path file, long offset, String what) {
        super("%s: damaged at offset %d: %s".formatted(file, offset, what));
    }
}
