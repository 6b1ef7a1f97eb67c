package io.helenus.engine.query;

import io.helenus.commitlog.RecordTooLargeException;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.error.ErrorCode;
import io.helenus.engine.storage.StorageEngine;
import io.helenus.sstable.file.CorruptSSTableException;
import java.net.InetSocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What clients are told when this node, the only replica, could not read or write: one failure, its own,
/// for an unknown reason, as the protocol has none for a disk; the text says more. Immutable.
final class FailureAnswers {
    private static final int UNKNOWN = 0;

    /// Of a write to one partition.
    static final String SIMPLE = "SIMPLE";

    /// Of a logged batch.
    static final String BATCH = "BATCH";

    /// Of other writes to several partitions.
    static final String UNLOGGED_BATCH = "UNLOGGED_BATCH";

    private final InetSocketAddress self;

    /// @param self where other nodes reach this one
    FailureAnswers(InetSocketAddress self) {
        this.self = self;
    }

    /// A write that was refused: because of what it is, or of the state that the node is in.
    CqlException refused(RuntimeException failure, Request request, String writeType) {
        return failure instanceof RecordTooLargeException
                ? CqlException.invalid(String.valueOf(failure.getMessage()))
                : ofWrite(failure, request.consistency.code(), writeType);
    }

    /// @param writeType as the protocol names it
    CqlException ofWrite(Throwable failure, int consistency, String writeType) {
        return of(ErrorCode.WRITE_FAILURE, consistency, writeType, failure.getMessage());
    }

    /// A read that met damage, which is noted.
    CqlException ofDamage(RuntimeException failure, Request request, StorageEngine storage) {
        if (failure instanceof CorruptSSTableException damage) {
            storage.noteDamage(damage);
        }
        return ofRead(failure, request);
    }

    private CqlException ofRead(RuntimeException failure, Request request) {
        String text =
                failure instanceof CorruptSSTableException
                        ? "the data that was asked for is damaged: "
                        : "the data that was asked for cannot be read: ";
        return of(
                ErrorCode.READ_FAILURE,
                request.consistency.code(),
                "",
                text + failure.getMessage());
    }

    private CqlException of(
            ErrorCode code, int consistency, String writeType, @Nullable String why) {
        return new CqlException.Request(
                code,
                consistency,
                0,
                1,
                false,
                writeType,
                Map.of(self.getAddress().getHostAddress(), UNKNOWN),
                "Operation failed - received 0 responses and 1 failures: UNKNOWN from %s: %s"
                        .formatted(self, why));
    }
}
