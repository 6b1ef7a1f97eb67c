package io.helenus.engine.metadata;

import io.helenus.engine.metadata.MetadataFiles.MetadataFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// The latest timestamp that the node has given to a write, in the file `timestamps`, so that those after
/// a restart are later even if the clock was set back meanwhile: else new writes would lose against the
/// ones that they replace. Written now and then and not forced: what the last moment before a crash
/// adds is lost only if the clock is set back in the same moment. Any thread.
///
/// | at | bytes | field     | meaning                                   |
/// |---:|------:|-----------|-------------------------------------------|
/// |  0 |     8 | timestamp | microseconds since 1970                   |
/// |  8 |     4 | crc       | CRC32C of the timestamp                   |
public final class IssuedTimestamps implements Closeable {
    static final String NAME = "timestamps";
    private static final int BYTES = Long.BYTES + Integer.BYTES;

    private final MetadataFile file;
    private long saved;

    private IssuedTimestamps(MetadataFile file, long saved) {
        this.file = file;
        this.saved = saved;
    }

    public static IssuedTimestamps open(MetadataFiles files) throws IOException {
        long saved = Long.MIN_VALUE;
        if (files.exists(NAME)) {
            ByteBuffer bytes = ByteBuffer.wrap(files.read(NAME));
            if (bytes.remaining() == BYTES && bytes.getInt(Long.BYTES) == crc(bytes.getLong(0))) {
                saved = bytes.getLong(0);
            }
        }
        return new IssuedTimestamps(files.open(NAME), saved);
    }

    private static int crc(long timestamp) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, timestamp));
        return (int) crc.getValue();
    }

    /// The latest one known; [Long#MIN_VALUE] if there was none, or the file was torn.
    public synchronized long latest() {
        return saved;
    }

    public synchronized void save(long timestamp) throws IOException {
        if (timestamp > saved) {
            ByteBuffer bytes = ByteBuffer.allocate(BYTES);
            bytes.putLong(timestamp).putInt(crc(timestamp)).flip();
            file.write(bytes, 0);
            saved = timestamp;
        }
    }

    @Override
    public synchronized void close() throws IOException {
        try (MetadataFile closed = file) {
            closed.force();
        }
    }
}
