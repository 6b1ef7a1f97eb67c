package io.helenus.engine.cluster;

import java.nio.ByteBuffer;
import java.util.UUID;

/// One entry of the log.
///
/// @param epoch the number of this entry; it applies to the state of the epoch before
/// @param proposalId of what somebody asked for: however often that is tried, it is in the log once
/// @param proposer host id of the node that proposed it first
/// @param transformation as [ClusterCodec] writes it; read when it is applied, as the types that it
/// names are those of the schema before it
public record LogEntry(long epoch, UUID proposalId, UUID proposer, ByteBuffer transformation) {
    public LogEntry {
        if (epoch < 1) {
            throw new IllegalArgumentException("Epoch is " + epoch + ", must be at least 1");
        }
        if (transformation.remaining() > ClusterCodec.TRANSFORMATION_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "A transformation of %d bytes, the limit is %d"
                            .formatted(
                                    transformation.remaining(),
                                    ClusterCodec.TRANSFORMATION_BYTES_MAX));
        }
        transformation = transformation.slice().asReadOnlyBuffer();
    }

    /// A view of its own for each caller.
    @Override
    public ByteBuffer transformation() {
        return transformation.duplicate();
    }

    @Override
    public String toString() {
        return "entry %d (proposal %s, %d bytes)"
                .formatted(epoch, proposalId, transformation.remaining());
    }
}
