package io.helenus.engine;

import io.helenus.engine.coordinator.ConsistencyLevel;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.ClientState;
import io.helenus.engine.query.Request;
import io.helenus.engine.query.RequestHandler;
import io.helenus.engine.query.RequestHandler.Completion;
import io.helenus.engine.query.RequestHandler.Outcome;
import io.helenus.engine.query.result.ResultKind;
import io.helenus.engine.types.JavaValues;
import io.helenus.sstable.model.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// Executes CQL in this process. A call waits for its result, so it must not come from an event loop.
/// One thread at a time; make as many sessions as there are threads.
public final class EmbeddedSession {
    private static final int PROTOCOL_VERSION = 5;

    private final RequestHandler handler;
    private final ClientState client;
    private final Request request = new Request();
    private final ByteWriter body = new ByteWriter(1024);

    EmbeddedSession(RequestHandler handler, ClientState client) {
        this.handler = handler;
        this.client = client;
    }

    /// Executes one statement. An interrupt neither ends it nor harms the node's files: the thread finds it
    /// again afterwards, or, where it waits for others, as an exception.
    ///
    /// @param values for its bind markers: objects of the types that [EmbeddedResult] returns, or the
    ///     bytes on the wire
    /// @throws CqlException for what clients of the native protocol are told as an error
    public EmbeddedResult execute(String cql, @Nullable Object... values) {
        boolean interrupted = Thread.interrupted(); // it would close every file channel it came to
        try {
            return executeUninterrupted(cql, values);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private EmbeddedResult executeUninterrupted(String cql, @Nullable Object... values) {
        start();
        if (values.length == 0) {
            body.clear();
            return finish(later -> handler.query(cql, request, body, true, later));
        }
        body.clear();
        RequestHandler.Prepared prepared = handler.prepare(cql, request, body);
        List<EmbeddedResult.Column> markers = EmbeddedResult.markers(body);
        if (markers.size() != values.length) {
            throw CqlException.invalid(
                    "The statement has %d bind markers, %d values were given"
                            .formatted(markers.size(), values.length));
        }
        ByteWriter bytes = new ByteWriter(256);
        int[] offsets = new int[values.length];
        int[] lengths = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            byte[] value = JavaValues.encode(markers.get(i).type(), values[i]);
            offsets[i] = bytes.length();
            lengths[i] = value == null ? -1 : value.length;
            if (value != null) {
                bytes.writeBytes(value);
            }
        }
        start();
        request.values.reset(bytes.array());
        for (int i = 0; i < values.length; i++) {
            request.values.add(offsets[i], lengths[i]);
        }
        body.clear();
        return finish(later -> handler.execute(prepared, request, body, true, later));
    }

    private void start() {
        request.reset(PROTOCOL_VERSION, client);
        request.consistency = ConsistencyLevel.LOCAL_ONE;
        request.values.reset(new byte[0]);
    }

    @FunctionalInterface
    private interface Call {
        Outcome run(Completion later);
    }

    private EmbeddedResult finish(Call call) {
        Waiting waiting = new Waiting();
        Outcome outcome = call.run(waiting);
        byte[] result =
                switch (outcome) {
                    case DONE -> body.toArray();
                    case LATER -> waiting.await();
                    case NEEDS_IO ->
                            throw new IllegalStateException(
                                    "I/O was asked for where it is allowed");
                };
        useKeyspace(result);
        return new EmbeddedResult(result);
    }

    private void useKeyspace(byte[] result) {
        if (ByteWriter.getInt(result, 0) == ResultKind.SET_KEYSPACE) {
            int length = ByteWriter.getUnsignedShort(result, Integer.BYTES);
            client.useKeyspace(
                    new String(
                            result, Integer.BYTES + Short.BYTES, length, StandardCharsets.UTF_8));
        }
    }

    private static final class Waiting implements Completion {
        private final CountDownLatch done = new CountDownLatch(1);
        private byte @Nullable [] result;
        private @Nullable CqlException failure;

        @Override
        public void done(byte[] bytes, List<String> warnings) {
            result = bytes;
            done.countDown();
        }

        @Override
        public void failed(CqlException error) {
            failure = error;
            done.countDown();
        }

        byte[] await() {
            try {
                done.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while a result was awaited", e);
            }
            if (failure != null) {
                throw failure;
            }
            byte[] bytes = result;
            if (bytes == null) {
                throw new IllegalStateException("A request ended without a result");
            }
            return bytes;
        }
    }
}
