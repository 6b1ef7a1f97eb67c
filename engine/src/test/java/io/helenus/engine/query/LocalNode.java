package io.helenus.engine.query;

import io.helenus.engine.Helenus;
import io.helenus.engine.coordinator.ConsistencyLevel;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.RequestHandler.Completion;
import io.helenus.engine.query.RequestHandler.Outcome;
import io.helenus.engine.query.result.ResultKind;
import io.helenus.engine.query.result.ResultReader;
import io.helenus.engine.storage.TableStore;
import io.helenus.engine.types.CqlType;
import io.helenus.sstable.model.ByteWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// A client of an embedded node, at the door that the native protocol uses: each request is tried as
/// on an event loop first.
final class LocalNode {
    private static final int VERSION = 4;

    private final Helenus node;
    private final ClientState client = new ClientState("test");
    private final Request request = new Request();
    private boolean neededIo;

    LocalNode(Helenus node) {
        this.node = node;
    }

    void flushAll() {
        for (TableStore table : node.storage().tables()) {
            if (!table.isClean()) {
                table.flush().join();
            }
        }
    }

    private interface Call {
        Outcome run(ByteWriter body, boolean ioAllowed, Completion later);
    }

    private Request start(int pageSize, byte @Nullable [] pagingState) {
        request.reset(VERSION, client);
        request.consistency = ConsistencyLevel.LOCAL_ONE;
        request.pageSize = pageSize;
        request.pagingState = pagingState;
        return request;
    }

    private Answer run(Call call) {
        try {
            ByteWriter body = new ByteWriter();
            CompletableFuture<byte[]> later = new CompletableFuture<>();
            Completion completion =
                    new Completion() {
                        @Override
                        public void done(byte[] result, List<String> warnings) {
                            later.complete(result);
                        }

                        @Override
                        public void failed(CqlException error) {
                            later.completeExceptionally(error);
                        }
                    };
            Outcome outcome = call.run(body, false, completion);
            neededIo = outcome == Outcome.NEEDS_IO;
            if (neededIo) {
                body.clear();
                outcome = call.run(body, true, completion);
            }
            byte[] result = outcome == Outcome.DONE ? body.toArray() : later.join();
            if (ByteWriter.getInt(result, 0) == ResultKind.SET_KEYSPACE) {
                client.useKeyspace(new ResultReader(result, Integer.BYTES).string());
            }
            return Answer.of(result);
        } catch (CqlException e) {
            return error(e);
        } catch (CompletionException e) {
            if (e.getCause() instanceof CqlException cause) {
                return error(cause);
            }
            throw e;
        }
    }

    private static Answer error(CqlException e) {
        return Answer.error(e.code().value(), String.valueOf(e.getMessage()));
    }

    /// Whether the last request left its event loop.
    boolean neededIo() {
        return neededIo;
    }

    /// Of the last answer.
    List<String> warnings() {
        return request.warnings();
    }

    Answer query(String text) {
        return query(text, 0, null);
    }

    Answer query(String text, int pageSize, byte @Nullable [] pagingState) {
        Request options = start(pageSize, pagingState);
        options.values.reset(new byte[0]);
        return run((body, ioAllowed, later) ->
                node.requests().query(text, options, body, ioAllowed, later));
    }

    Answer execute(String text, String values, int pageSize, byte @Nullable [] pagingState) {
        ByteWriter body = new ByteWriter();
        RequestHandler.Prepared prepared;
        try {
            prepared = node.requests().prepare(text, start(0, null), body);
        } catch (CqlException e) {
            return error(e);
        }
        ResultReader reader = new ResultReader(body.toArray(), Integer.BYTES);
        reader.skipString();
        List<CqlType> types = new ArrayList<>();
        reader.markers((_, type) -> types.add(type));
        List<BindText.Value> bound = values.isEmpty() ? List.of() : BindText.parse(values, types);
        Request options = start(pageSize, pagingState);
        ByteWriter bytes = new ByteWriter();
        for (BindText.Value value : bound) {
            if (value.bytes() != null) {
                bytes.writeBytes(value.bytes());
            }
        }
        options.values.reset(bytes.toArray());
        int at = 0;
        for (BindText.Value value : bound) {
            byte @Nullable [] valueBytes = value.bytes();
            if (valueBytes == null) {
                options.values.add(at, value.isUnset() ? BoundValues.UNSET : BoundValues.NULL);
            } else {
                options.values.add(at, valueBytes.length);
                at += valueBytes.length;
            }
        }
        return run((out, ioAllowed, later) ->
                node.requests().execute(prepared, options, out, ioAllowed, later));
    }
}
