package io.helenus.test.isolation;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.BoundValues;
import io.helenus.engine.query.ClientState;
import io.helenus.engine.query.Request;
import io.helenus.engine.query.RequestHandler;
import io.helenus.sstable.model.ByteWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Statements with 32-bit integers in this process, without a socket. For one thread.
final class LocalClient {
    private static final int PROTOCOL_VERSION = 4;

    private final RequestHandler handler;
    private final ClientState state = new ClientState("test");
    private final Request request = new Request();
    private final ByteWriter body = new ByteWriter();

    LocalClient(RequestHandler handler) {
        this.handler = handler;
    }

    void execute(String cql) {
        Waiting waiting = new Waiting();
        byte[] _ = waiting.result(handler.query(cql, fresh(), body.clear(), true, waiting), body);
    }

    RequestHandler.Prepared prepare(String cql) {
        return handler.prepare(cql, fresh(), body.clear());
    }

    void batch(List<RequestHandler.BatchEntry> entries) {
        Waiting waiting = new Waiting();
        byte[] _ =
                waiting.result(
                        handler.batch(
                                RequestHandler.BatchKind.UNLOGGED,
                                entries,
                                fresh(),
                                body.clear(),
                                true,
                                waiting),
                        body);
    }

    /// Rows of integers.
    List<int[]> select(RequestHandler.Prepared statement, int... values) {
        Request filled = fresh();
        filled.skipMetadata = true;
        filled.values = bound(values);
        Waiting waiting = new Waiting();
        RequestHandler.Outcome outcome =
                handler.execute(statement, filled, body.clear(), true, waiting);
        return rows(waiting.result(outcome, body));
    }

    static BoundValues bound(int... values) {
        ByteWriter bytes = new ByteWriter();
        BoundValues bound = new BoundValues();
        for (int value : values) {
            bytes.writeInt(value);
        }
        bound.reset(bytes.toArray());
        for (int i = 0; i < values.length; i++) {
            bound.add(i * Integer.BYTES, Integer.BYTES);
        }
        return bound;
    }

    private Request fresh() {
        return request.reset(PROTOCOL_VERSION, state);
    }

    /// Of RESULT/Rows without column specifications and without a paging state.
    private static List<int[]> rows(byte[] result) {
        int columns = ByteWriter.getInt(result, 8);
        int count = ByteWriter.getInt(result, 12);
        int at = 16;
        List<int[]> rows = new ArrayList<>(count);
        for (int row = 0; row < count; row++) {
            int[] values = new int[columns];
            for (int column = 0; column < columns; column++) {
                int length = ByteWriter.getInt(result, at);
                at += Integer.BYTES;
                if (length != Integer.BYTES) {
                    throw new AssertionError("row %d, column %d is null".formatted(row, column));
                }
                values[column] = ByteWriter.getInt(result, at);
                at += length;
            }
            rows.add(values);
        }
        return rows;
    }

    private static final class Waiting implements RequestHandler.Completion {
        private final CompletableFuture<byte[]> later = new CompletableFuture<>();

        @Override
        public void done(byte[] result, List<String> warnings) {
            later.complete(result);
        }

        @Override
        public void failed(CqlException error) {
            later.completeExceptionally(error);
        }

        byte[] result(RequestHandler.Outcome outcome, ByteWriter body) {
            return switch (outcome) {
                case DONE -> body.toArray();
                case LATER -> later.join();
                case NEEDS_IO -> throw new AssertionError("I/O was allowed");
            };
        }
    }
}
