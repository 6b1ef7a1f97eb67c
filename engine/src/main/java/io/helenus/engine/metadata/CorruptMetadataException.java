package io.helenus.engine.metadata;

/// A metadata file contradicts itself. The node does not start with it.
public final class CorruptMetadataException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String file;
    private final long offset;

    CorruptMetadataException(String file, long offset, String what) {
        super("%s: corrupt at offset %d: %s".formatted(file, offset, what));
        this.file = file;
        this.offset = offset;
    }

    public String file() {
        return file;
    }

    public long offset() {
        return offset;
    }
}
