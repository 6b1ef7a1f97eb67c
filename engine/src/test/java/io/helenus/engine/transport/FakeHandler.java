package io.helenus.engine.transport;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.Request;
import io.helenus.engine.query.RequestHandler;
import io.helenus.sstable.model.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A query layer without a database. A statement does what was said for its text, else its result is
/// void; any statement can be prepared.
final class FakeHandler implements RequestHandler {

    /// What a statement does.
    @FunctionalInterface
    interface Behaviour {
        Outcome run(Request request, ByteWriter body, boolean ioAllowed, Completion later);
    }

    private static final class FakePrepared implements Prepared {
        private final byte[] id;
        private final String text;

        FakePrepared(byte[] id, String text) {
            this.id = id;
            this.text = text;
        }

        @Override
        public byte[] id() {
            return id;
        }

        @Override
        public String text() {
            return text;
        }

        @Override
        public int markerCount() {
            return 0;
        }

        @Override
        public int markerIndex(String name) {
            return -1;
        }
    }

    record Batch(BatchKind kind, List<BatchEntry> entries, Request request) {}

    static final Behaviour VOID =
            (_, body, _, _) -> {
                body.writeInt(1);
                return Outcome.DONE;
            };

    private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();
    private final Map<String, Prepared> byId = new ConcurrentHashMap<>();
    final AtomicInteger calls = new AtomicInteger();

    /// The last request as it was, with bytes of its own.
    volatile @Nullable Request lastRequest;

    volatile @Nullable String lastText;
    volatile @Nullable Batch lastBatch;

    FakeHandler on(String text, Behaviour behaviour) {
        behaviours.put(text, behaviour);
        return this;
    }

    FakeHandler fails(String text, CqlException error) {
        return on(
                text,
                (_, _, _, _) -> {
                    throw error;
                });
    }

    /// Answers with rows of one blob each, without metadata.
    static Behaviour blobs(int rows, int bytes) {
        byte[] blob = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            blob[i] = (byte) (i * 31 >>> 3);
        }
        return (_, body, _, _) -> {
            body.writeInt(2).writeInt(4).writeInt(1).writeInt(rows);
            for (int i = 0; i < rows; i++) {
                body.writeInt(bytes).writeBytes(blob);
            }
            return Outcome.DONE;
        };
    }

    static Behaviour use(String keyspace) {
        return (_, body, _, _) -> {
            body.writeInt(3);
            Notations.writeString(body, keyspace);
            return Outcome.DONE;
        };
    }

    private Outcome run(
            String text, Request request, ByteWriter body, boolean ioAllowed, Completion later) {
        calls.incrementAndGet();
        lastText = text;
        lastRequest = copy(request);
        return behaviours.getOrDefault(text, VOID).run(request, body, ioAllowed, later);
    }

    private static Request copy(Request request) {
        Request copy = request.detach();
        byte[] id = request.resultMetadataId;
        copy.resultMetadataId = id == null ? null : id.clone();
        return copy;
    }

    @Override
    public Outcome query(
            String text, Request request, ByteWriter body, boolean ioAllowed, Completion later) {
        return run(text, request, body, ioAllowed, later);
    }

    @Override
    public Prepared prepare(String text, Request request, ByteWriter body) {
        lastText = text;
        lastRequest = copy(request);
        if (text.startsWith("BAD")) {
            throw CqlException.syntax("line 1:0 no viable alternative at input 'BAD'");
        }
        byte[] id = id(text);
        Prepared prepared = new FakePrepared(id, text);
        byId.put(Arrays.toString(id), prepared);
        body.writeInt(4);
        Notations.writeShortBytes(body, id);
        if (request.protocolVersion >= 5) {
            Notations.writeShortBytes(body, id);
        }
        body.writeInt(0).writeInt(0); // no global table, no markers
        if (request.protocolVersion >= 4) {
            body.writeInt(0); // no partition key indexes
        }
        body.writeInt(4).writeInt(0); // no result metadata
        return prepared;
    }

    static byte[] id(String text) {
        try {
            return MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public @Nullable Prepared prepared(byte[] array, int offset, int length) {
        return byId.get(Arrays.toString(Arrays.copyOfRange(array, offset, offset + length)));
    }

    @Override
    public Outcome execute(
            Prepared statement,
            Request request,
            ByteWriter body,
            boolean ioAllowed,
            Completion later) {
        return run(statement.text(), request, body, ioAllowed, later);
    }

    @Override
    public Outcome batch(
            BatchKind kind,
            List<BatchEntry> entries,
            Request request,
            ByteWriter body,
            boolean ioAllowed,
            Completion later) {
        List<BatchEntry> copies =
                entries.stream()
                        .map(e -> new BatchEntry(e.text(), e.prepared(), e.values().detach()))
                        .toList();
        lastBatch = new Batch(kind, copies, copy(request));
        String first = entries.isEmpty() ? null : entries.getFirst().text();
        return run(first == null ? "BATCH" : first, request, body, ioAllowed, later);
    }
}
