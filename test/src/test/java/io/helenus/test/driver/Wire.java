package io.helenus.test.driver;

/// A protocol version and a compression.
enum Wire {
    V4("V4", "none"),
    V4_LZ4("V4", "lz4"),
    V5("V5", "none"),
    V5_LZ4("V5", "lz4");

    private final String version;
    private final String compression;

    Wire(String version, String compression) {
        this.version = version;
        this.compression = compression;
    }

    String version() {
        return version;
    }

    String compression() {
        return compression;
    }
}
