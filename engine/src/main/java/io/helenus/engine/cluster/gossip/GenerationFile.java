package io.helenus.engine.cluster.gossip;

import io.helenus.engine.metadata.MetadataFiles;
import io.helenus.engine.metadata.MetadataFiles.MetadataFile;
import io.helenus.gossip.exchange.Generations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The node's generation on disk (layout: see the package). One thread at a time.
public final class GenerationFile {
    static final String NAME = "generation";
    private static final Logger LOG = LoggerFactory.getLogger(GenerationFile.class);
    private static final String TEMPORARY_NAME = NAME + ".tmp";
    private static final int MAGIC = 0x4847454e; // HGEN
    private static final int GENERATION_AT = Integer.BYTES;
    private static final int CRC_AT = GENERATION_AT + Long.BYTES;
    private static final int BYTES = CRC_AT + Integer.BYTES;

    private final MetadataFiles files;

    public GenerationFile(MetadataFiles files) {
        this.files = files;
    }

    /// The generation of the latest start that gossiped; 0 if there was none, or it is not readable.
    public long latest() throws IOException {
        if (!files.exists(NAME)) {
            return 0;
        }
        ByteBuffer bytes = ByteBuffer.wrap(files.read(NAME));
        if (bytes.remaining() != BYTES
                || bytes.getInt(0) != MAGIC
                || bytes.getInt(CRC_AT) != crc(bytes)) {
            LOG.warn(
                    "{} is damaged: the node's generation is made of its clock",
                    files.describe(NAME));
            return 0;
        }
        return bytes.getLong(GENERATION_AT);
    }

    /// The generation of this start, on disk when it returns.
    public long next(long wallMicros) throws IOException {
        long generation = Generations.next(latest(), wallMicros);
        save(generation);
        return generation;
    }

    /// Durable when it returns.
    public void save(long generation) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        bytes.putInt(MAGIC).putLong(generation).putInt(crc(bytes)).flip();
        files.delete(TEMPORARY_NAME); // of a process that ended while it wrote it
        try (MetadataFile file = files.open(TEMPORARY_NAME)) {
            file.write(bytes, 0);
            file.force();
        }
        files.rename(TEMPORARY_NAME, NAME);
        files.forceDirectory();
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(0, CRC_AT));
        return (int) crc.getValue();
    }
}
