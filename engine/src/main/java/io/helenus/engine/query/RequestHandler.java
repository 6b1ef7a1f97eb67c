package io.helenus.engine.query;

import io.helenus.engine.error.CqlException;
import io.helenus.sstable.model.ByteWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The front door of the query layer, for the native protocol and for embedding. Any thread may
/// call; a call runs to completion on it. Result bodies are those of the native protocol's RESULT
/// message, from the kind (int) on, in the request's protocol version.
///
/// Every method throws [CqlException] for what the client did wrong or must be told.
public interface RequestHandler {

    enum Outcome {
        /// The result body was written.
        DONE,
        /// Nothing was written or changed: call again with `ioAllowed`, on a thread that may wait.
        NEEDS_IO,
        /// The [Completion] will be called, later and on any thread. The request's bytes are no longer
        /// needed; the request object itself may be reused.
        LATER
    }

    /// Takes the result of a request that could not be answered at once. Called exactly once.
    interface Completion {
        /// `body` is owned by the receiver; `warnings` may be empty.
        void done(byte[] body, List<String> warnings);

        void failed(CqlException error);
    }

    /// A statement ready to execute: immutable, shared by all connections.
    interface Prepared {
        /// 16 bytes: MD5 of keyspace and text. Not to be changed.
        byte[] id();

        String text();

        int markerCount();

        /// Index of the marker with this name, or -1.
        int markerIndex(String name);
    }

    /// QUERY. `text` may have markers, with the values in the request.
    Outcome query(
            String text, Request request, ByteWriter body, boolean ioAllowed, Completion later);

    /// PREPARE: writes the body of RESULT/Prepared. May wait for a disk: not on a loop.
    Prepared prepare(String text, Request request, ByteWriter body);

    /// The statement with this id, or null: the transport then answers UNPREPARED.
    @Nullable Prepared prepared(byte[] array, int offset, int length);

    /// EXECUTE.
    Outcome execute(
            Prepared statement,
            Request request,
            ByteWriter body,
            boolean ioAllowed,
            Completion later);

    /// One statement of a BATCH: either text or prepared, with its own values.
    record BatchEntry(@Nullable String text, @Nullable Prepared prepared, BoundValues values) {}

    enum BatchKind {
        LOGGED,
        UNLOGGED,
        COUNTER
    }

    /// BATCH. The request's own values are not used.
    Outcome batch(
            BatchKind kind,
            List<BatchEntry> entries,
            Request request,
            ByteWriter body,
            boolean ioAllowed,
            Completion later);
}
