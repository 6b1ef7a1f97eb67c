package io.helenus.engine.transport;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.error.ErrorCode;
import io.helenus.engine.query.BoundValues;
import io.helenus.engine.query.Request;
import io.helenus.engine.query.RequestHandler;
import io.helenus.engine.query.RequestHandler.BatchEntry;
import io.helenus.engine.query.RequestHandler.BatchKind;
import io.helenus.engine.query.RequestHandler.Outcome;
import io.helenus.engine.query.RequestHandler.Prepared;
import io.helenus.sstable.model.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs one message: decodes its body in place, calls the query layer, and sends the answer or the
/// error. One per loop. Nothing that is wrong with a message's body ends its connection.
final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    /// Longer texts, and more statements in a batch as text, are parsed on a reader thread.
    private static final int LOOP_TEXT_CHARS_MAX = 4096;

    private static final BatchKind[] BATCH_KINDS = BatchKind.values();
    private static final String[] LOOP_STATEMENTS = {"SELECT", "INSERT", "UPDATE", "DELETE", "USE"};

    private final LoopState loop;
    private final RequestHandler handler;
    private final BodyReader in;

    Dispatcher(LoopState loop) {
        this.loop = loop;
        handler = loop.shared.handler;
        in = loop.reader;
    }

    /// Runs the envelope whose header is at `at`, with `length` bytes of body after it. Both lie in
    /// `array`, which is reused when this method has returned.
    void dispatch(Connection client, byte[] array, int at, int length) {
        loop.counters.request();
        client.countRequest();
        int stream = (short) ByteWriter.getUnsignedShort(array, at + Protocol.STREAM_AT);
        int opcode = array[at + Protocol.OPCODE_AT];
        int version = array[at] & Protocol.VERSION_MASK;
        int replyVersion = client.version() == 0 ? version : client.version();
        Request request = loop.request;
        try {
            checkHeader(client, array[at], opcode, version);
            int flags = array[at + Protocol.FLAGS_AT];
            if ((flags & Protocol.FLAG_TRACING) != 0) {
                request = new Request(); // its tracing id is asked for when the answer comes later
            }
            request.reset(version, client.state());
            request.pageBytesMax = loop.shared.results.pageBytes();
            request.tracing = (flags & Protocol.FLAG_TRACING) != 0;
            open(client, flags, array, at + Protocol.HEADER_BYTES, length);
            if ((flags & Protocol.FLAG_PAYLOAD) != 0) {
                readPayload(request);
            }
            if (client.throwsOnOverload() && client.overLimits()) {
                throw overloaded();
            }
            loop.spare().prepare(client, replyVersion, stream, Protocol.HEADER_BYTES + length);
            if (request.tracing) {
                loop.spare().request(request);
            }
            run(client, opcode, stream, request);
        } catch (CqlException e) {
            abandonSpare();
            sendError(client, replyVersion, stream, e, request.warnings());
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (Throwable e) {
            abandonSpare();
            LOG.error("{} of {} failed", Protocol.name(opcode), client, e);
            sendError(client, replyVersion, stream, serverError(e), List.of());
        }
    }

    /// The handler may have handed the completion on before it failed.
    private void abandonSpare() {
        loop.spare().abandon();
        loop.takeSpare();
    }

    static CqlException overloaded() {
        return new CqlException(
                ErrorCode.OVERLOADED,
                "Request breached limit on bytes in flight. Server is currently in an overloaded"
                        + " state and cannot accept more requests.");
    }

    static CqlException serverError(Throwable e) {
        return new CqlException(ErrorCode.SERVER_ERROR, e.toString());
    }

    private static void checkHeader(Connection client, byte versionByte, int opcode, int version) {
        boolean isRequest = Protocol.isRequest(opcode);
        if (!Protocol.isKnown(opcode)) {
            throw CqlException.protocol("Unknown opcode " + opcode);
        }
        if (versionByte < 0 || !isRequest) {
            throw CqlException.protocol(
                    "Wrong protocol direction (expected %s, got %s) for opcode %d (%s)"
                            .formatted(
                                    isRequest ? "REQUEST" : "RESPONSE",
                                    versionByte < 0 ? "RESPONSE" : "REQUEST",
                                    opcode,
                                    Protocol.name(opcode)));
        }
        if (client.version() != 0 && client.version() != version) {
            throw CqlException.protocol(
                    "Invalid message version. Got %s but previous messages on this connection had version %s"
                            .formatted(
                                    Protocol.versionName(version),
                                    Protocol.versionName(client.version())));
        }
        client.checkExpected(opcode);
    }

    /// Points the reader at the body, decompressed if need be.
    private void open(Connection client, int flags, byte[] array, int at, int length) {
        boolean packed = (flags & Protocol.FLAG_COMPRESSED) != 0 && client.compressesBodies();
        if (!packed) {
            in.wrap(array, at, length);
            return;
        }
        if (length < Integer.BYTES) {
            throw CqlException.protocol("Compressed body of " + length + " bytes has no length");
        }
        int plain = ByteWriter.getInt(array, at);
        int packedBytes = length - Integer.BYTES;
        if (plain < 0
                || plain > loop.shared.options.frameBytesMax()
                || plain > (long) Lz4.RATIO_MAX * packedBytes) {
            throw CqlException.protocol(
                    "Compressed body of %d bytes claims to hold %d".formatted(packedBytes, plain));
        }
        byte[] to = loop.unpackedScratch(plain);
        if (plain > 0) {
            Lz4.decompress(array, at + Integer.BYTES, packedBytes, to, plain);
        }
        in.wrap(to, 0, plain);
    }

    private void readPayload(Request request) {
        if (request.protocolVersion < Protocol.V4) {
            throw CqlException.protocol(
                    "Received frame with CUSTOM_PAYLOAD flag for native protocol version < 4");
        }
        request.customPayload(in.readBytesMap());
    }

    private void run(Connection client, int opcode, int stream, Request request) {
        switch (opcode) {
            case Protocol.EXECUTE -> execute(client, request);
            case Protocol.QUERY -> query(client, request);
            case Protocol.BATCH -> batch(client, request);
            case Protocol.PREPARE -> prepare(client, request);
            case Protocol.OPTIONS -> sendSupported(client, request.protocolVersion, stream);
            case Protocol.STARTUP ->
                    client.startup(request.protocolVersion, stream, in.readStringMap());
            case Protocol.REGISTER -> {
                client.register(readEventTypes());
                send(client, request.protocolVersion, stream, Protocol.READY, loop.bodyWriter());
            }
            case Protocol.AUTH_RESPONSE -> authenticate(client, stream, request);
            default -> throw new IllegalStateException(Protocol.name(opcode));
        }
    }

    private void execute(Connection client, Request request) {
        int idBytes = in.readShort();
        int idAt = in.skip(idBytes, "a prepared id");
        if (request.protocolVersion >= Protocol.V5) {
            readMetadataId(request);
        }
        Prepared prepared = handler.prepared(in.array(), idAt, idBytes);
        if (prepared == null) {
            throw unprepared(in.array(), idAt, idBytes);
        }
        RequestDecoder.readOptions(in, request);
        ByteWriter body = loop.bodyWriter();
        Outcome outcome = handler.execute(prepared, request, body, false, loop.spare());
        if (outcome == Outcome.DONE) {
            sendDone(client, request, body);
        } else if (outcome == Outcome.LATER) {
            later(client);
        } else {
            onReader(
                    client,
                    request,
                    (detached, out, later) ->
                            handler.execute(prepared, detached, out, true, later));
        }
    }

    /// Into a reused array: it is good until the request's method returns, as all its slices are.
    private void readMetadataId(Request request) {
        int length = in.readShort();
        int at = in.skip(length, "a result metadata id");
        byte[] id = length == loop.metadataId.length ? loop.metadataId : new byte[length];
        System.arraycopy(in.array(), at, id, 0, length);
        request.resultMetadataId = id;
    }

    private static CqlException unprepared(byte[] array, int at, int length) {
        byte[] id = new byte[length];
        System.arraycopy(array, at, id, 0, length);
        return new CqlException.Unprepared(id);
    }

    private void query(Connection client, Request request) {
        String text = in.readLongString();
        RequestDecoder.readOptions(in, request);
        RequestHandler mine = handler;
        if (!runsOnLoop(text)) {
            onReader(
                    client,
                    request,
                    (detached, out, later) -> mine.query(text, detached, out, true, later));
            return;
        }
        ByteWriter body = loop.bodyWriter();
        Outcome outcome = mine.query(text, request, body, false, loop.spare());
        if (outcome == Outcome.DONE) {
            sendDone(client, request, body);
        } else if (outcome == Outcome.LATER) {
            later(client);
        } else {
            onReader(
                    client,
                    request,
                    (detached, out, later) -> mine.query(text, detached, out, true, later));
        }
    }

    /// Reads, writes and USE start on the loop; what changes the schema, is long or begins with a
    /// comment costs too much there.
    static boolean runsOnLoop(String text) {
        if (text.length() > LOOP_TEXT_CHARS_MAX) {
            return false;
        }
        int at = 0;
        while (at < text.length() && text.charAt(at) <= ' ') {
            at++;
        }
        for (String word : LOOP_STATEMENTS) {
            if (text.regionMatches(true, at, word, 0, word.length())) {
                return true;
            }
        }
        return false;
    }

    private void prepare(Connection client, Request request) {
        String text = in.readLongString();
        RequestDecoder.readPrepareOptions(in, request);
        request.values.reset(in.array());
        onReader(
                client,
                request,
                (detached, out, _) -> {
                    handler.prepare(text, detached, out);
                    return Outcome.DONE;
                });
    }

    private void batch(Connection client, Request request) {
        int type = in.readByte();
        if (type >= BATCH_KINDS.length) {
            throw CqlException.protocol("Invalid BATCH message type " + type);
        }
        BatchKind kind = BATCH_KINDS[type];
        int count = in.readShort();
        List<BatchEntry> entries = new ArrayList<>();
        int textChars = 0;
        for (int i = 0; i < count; i++) {
            BatchEntry entry = readEntry(i, request.protocolVersion);
            entries.add(entry);
            String text = entry.text();
            textChars += text == null ? 0 : text.length();
        }
        RequestDecoder.readBatchOptions(in, request);
        if (textChars <= LOOP_TEXT_CHARS_MAX) {
            ByteWriter body = loop.bodyWriter();
            Outcome outcome = handler.batch(kind, entries, request, body, false, loop.spare());
            if (outcome == Outcome.DONE) {
                sendDone(client, request, body);
                return;
            }
            if (outcome == Outcome.LATER) {
                later(client);
                return;
            }
        }
        List<BatchEntry> copies = new ArrayList<>(count);
        for (BatchEntry entry : entries) {
            copies.add(new BatchEntry(entry.text(), entry.prepared(), entry.values().detach()));
        }
        onReader(
                client,
                request,
                (detached, out, later) -> handler.batch(kind, copies, detached, out, true, later));
    }

    private BatchEntry readEntry(int index, int version) {
        BoundValues values = loop.batchValues(index);
        int kind = in.readByte();
        String text = null;
        Prepared prepared = null;
        switch (kind) {
            case 0 -> text = in.readLongString();
            case 1 -> {
                int idBytes = in.readShort();
                int idAt = in.skip(idBytes, "a prepared id");
                prepared = handler.prepared(in.array(), idAt, idBytes);
                if (prepared == null) {
                    throw unprepared(in.array(), idAt, idBytes);
                }
            }
            default ->
                    throw CqlException.protocol(
                            "Invalid query kind in BATCH messages. Must be 0 or 1 but got " + kind);
        }
        RequestDecoder.readValues(in, values, false, version);
        return new BatchEntry(text, prepared, values);
    }

    private List<ServerEvent.Type> readEventTypes() {
        int count = in.readShort();
        List<ServerEvent.Type> types = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = in.readString();
            try {
                types.add(ServerEvent.Type.valueOf(name.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw CqlException.protocol("Invalid value '" + name + "' for Type");
            }
        }
        return types;
    }

    private void authenticate(Connection client, int stream, Request request) {
        byte[] answer = in.readBytes();
        ClientAuthenticator.Conversation conversation = client.takeConversation();
        if (conversation == null) { // nobody asked: as Cassandra with its AllowAllAuthenticator
            ByteWriter body = loop.bodyWriter().writeInt(BoundValues.NULL);
            send(client, request.protocolVersion, stream, Protocol.AUTH_SUCCESS, body);
            return;
        }
        int version = request.protocolVersion;
        request.values.reset(in.array());
        Request none = request.detach();
        Deferred ticket = track(client);
        ticket.work(
                none,
                (_, _, _) -> {
                    byte[] challenge;
                    try {
                        challenge = conversation.evaluate(answer);
                    } catch (RuntimeException e) {
                        client.onLoop(client::refused);
                        throw e;
                    }
                    client.onLoop(() ->
                            client.authenticated(version, stream, challenge, conversation, ticket));
                    return Outcome.LATER;
                });
        loop.submit(ticket);
    }

    /// Runs a request again, or for the first time, where it may wait, on bytes of its own.
    private void onReader(Connection client, Request request, Deferred.Work work) {
        Request detached = request.detach();
        byte[] id = request.resultMetadataId;
        detached.resultMetadataId = id == null ? null : id.clone();
        Deferred ticket = track(client);
        ticket.work(detached, work);
        loop.submit(ticket);
    }

    private void later(Connection client) {
        var _ = track(client);
    }

    private Deferred track(Connection client) {
        Deferred ticket = loop.spare();
        loop.takeSpare();
        loop.counters.deferred();
        client.started(ticket);
        return ticket;
    }

    private void sendDone(Connection client, Request request, ByteWriter body) {
        sendResult(
                client,
                request.protocolVersion,
                loop.spare().stream(),
                request.tracingId(),
                request.warnings(),
                body.array(),
                body.length());
    }

    /// Frames a result body and applies it if it is the answer to USE.
    void sendResult(
            Connection client,
            int version,
            int stream,
            @Nullable UUID tracingId,
            List<String> warnings,
            byte[] body,
            int length) {
        if (length > Integer.BYTES && ByteWriter.getInt(body, 0) == Protocol.RESULT_SET_KEYSPACE) {
            int bytes = ByteWriter.getUnsignedShort(body, Integer.BYTES);
            int at = Integer.BYTES + Short.BYTES;
            client.state().useKeyspace(new String(body, at, bytes, StandardCharsets.UTF_8));
        }
        int flags = writePrefix(version, tracingId, warnings);
        client.outbound().send(version, flags, stream, Protocol.RESULT, loop.prefix, body, length);
    }

    void sendError(
            Connection client, int version, int stream, CqlException error, List<String> warnings) {
        loop.counters.error();
        ByteWriter body = loop.bodyWriter();
        ErrorEncoder.write(body, version, error);
        int flags = writePrefix(version, null, warnings);
        client.outbound()
                .send(
                        version,
                        flags,
                        stream,
                        Protocol.ERROR,
                        loop.prefix,
                        body.array(),
                        body.length());
    }

    /// Tracing id and warnings precede the message; v3 knows no warnings. Returns the flags.
    private int writePrefix(int version, @Nullable UUID tracingId, List<String> warnings) {
        ByteWriter prefix = loop.prefix.clear();
        int flags = 0;
        if (tracingId != null) {
            flags |= Protocol.FLAG_TRACING;
            prefix.writeLong(tracingId.getMostSignificantBits());
            prefix.writeLong(tracingId.getLeastSignificantBits());
        }
        if (version >= Protocol.V4 && !warnings.isEmpty()) {
            flags |= Protocol.FLAG_WARNING;
            Notations.writeStringList(prefix, warnings);
        }
        return flags;
    }

    void send(Connection client, int version, int stream, int opcode, ByteWriter body) {
        client.outbound()
                .send(version, 0, stream, opcode, loop.noPrefix, body.array(), body.length());
    }

    private void sendSupported(Connection client, int version, int stream) {
        ByteWriter body = loop.bodyWriter();
        body.writeShort(3);
        Notations.writeString(body, "PROTOCOL_VERSIONS");
        Notations.writeStringList(body, List.of(Protocol.SUPPORTED_VERSIONS.split(", ")));
        Notations.writeString(body, "COMPRESSION");
        Notations.writeStringList(body, List.of("lz4"));
        Notations.writeString(body, "CQL_VERSION");
        Notations.writeStringList(body, List.of(Protocol.CQL_VERSION));
        send(client, version, stream, Protocol.SUPPORTED, body);
    }
}
