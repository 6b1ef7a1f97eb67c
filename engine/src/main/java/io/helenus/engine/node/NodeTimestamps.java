package io.helenus.engine.node;

import io.helenus.engine.metadata.IssuedTimestamps;
import io.helenus.engine.metadata.MetadataFiles;
import io.helenus.engine.query.QueryProcessor;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the timestamps of writes growing over restarts, also when the clock was set back meanwhile. Any
/// thread.
final class NodeTimestamps implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeTimestamps.class);
    private static final long MICROS_PER_SECOND = 1_000_000;

    private final IssuedTimestamps issued;
    private final LongSupplier wallMicros;

    private NodeTimestamps(IssuedTimestamps issued, LongSupplier wallMicros) {
        this.issued = issued;
        this.wallMicros = wallMicros;
    }

    static NodeTimestamps open(MetadataFiles files, LongSupplier wallMicros) throws IOException {
        return new NodeTimestamps(IssuedTimestamps.open(files), wallMicros);
    }

    /// Has new writes come after those of earlier lives.
    void continueIn(QueryProcessor queries) {
        long latest = issued.latest();
        long ahead = latest == Long.MIN_VALUE ? 0 : latest - wallMicros.getAsLong();
        queries.startTimestampsAfter(latest);
        if (ahead > MICROS_PER_SECOND) {
            LOG.warn(
                    "The clock is {} s behind the last write: writes get later timestamps than it says",
                    ahead / MICROS_PER_SECOND);
        }
    }

    /// To be called now and then, and at the end.
    void save(QueryProcessor queries) {
        try {
            issued.save(queries.latestTimestamp());
        } catch (IOException e) {
            LOG.warn("The latest timestamp could not be saved", e);
        }
    }

    @Override
    public void close() throws IOException {
        issued.close();
    }
}
