package io.helenus.engine.transport;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.BoundValues;
import io.helenus.engine.query.ClientState;
import io.helenus.sstable.model.ByteWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client: its handshake, what of it is unanswered, and whether it is being read from. Belongs to
/// its loop; others may call [#isOpen], [#takesResults], [#onItsWay] and [#info].
///
/// Reading stops for any of the reasons below and goes on when all are gone. Bytes that were read
/// meanwhile wait in the [Inbound].
final class Connection extends ChannelInboundHandlerAdapter {
    /// The client does not take its answers.
    static final int UNWRITABLE = 1;

    /// Too many requests or bytes are unanswered.
    static final int IN_FLIGHT = 2;

    /// The reader pool has no room for a request of this connection.
    static final int READERS_FULL = 4;

    /// The server stops.
    static final int DRAINING = 8;

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final long LINGER_MILLIS = 1000;
    private static final int PARKED_AT_A_TIME = 8;

    private enum Stage {
        FRESH("established"),
        AUTHENTICATION("authenticating"),
        READY("ready");

        private final String text;

        Stage(String text) {
            this.text = text;
        }
    }

    private final LoopState loop;
    private final Shared shared;
    private final Inbound inbound;
    private final AtomicLong requests = new AtomicLong(); // set by the loop alone
    private @Nullable ChannelHandlerContext context;
    private @Nullable Outbound outbound;
    private @Nullable ClientState state;

    private volatile Stage stage = Stage.FRESH; // set by the loop alone
    private volatile int version;
    private volatile Map<String, String> startupOptions = Map.of();
    private boolean compresses;
    private boolean framed;
    private boolean throwsOnOverload;
    private ClientAuthenticator.@Nullable Conversation conversation;
    private final Set<ServerEvent.Type> registered = EnumSet.noneOf(ServerEvent.Type.class);

    private int pauses;
    private int waitingForReaders;
    private int inFlight;
    private long inFlightBytes;

    /// Bytes of results that other threads made and the loop has not seen yet.
    private final AtomicLong undelivered = new AtomicLong();

    private final List<Deferred> parked = new ArrayList<>(0);
    private final Patience answersTaken;
    private final Patience firstMessage;
    private final Patience requestsMade;
    private boolean unflushed;
    private boolean closing;
    private boolean admitted;

    Connection(LoopState loop) {
        this.loop = loop;
        shared = loop.shared;
        inbound = new Inbound(this, loop);
        long stalled = shared.options.stalledMillisMax();
        answersTaken =
                new Patience(
                        loop.eventLoop,
                        stalled,
                        () -> outbound().takenBytes(),
                        () -> !closing && (pauses & UNWRITABLE) != 0,
                        () -> cutOff("it does not take its answers"));
        firstMessage =
                new Patience(
                        loop.eventLoop,
                        stalled,
                        requests::getPlain,
                        () -> !closing && requests.getPlain() == 0,
                        () -> cutOff("it says nothing"));
        requestsMade =
                new Patience(
                        loop.eventLoop,
                        shared.options.idleMillisMax(),
                        requests::getPlain,
                        () -> !closing,
                        this::cutOffIfIdle);
    }

    /// Who waits for an answer is not idle.
    private void cutOffIfIdle() {
        if (inFlight == 0) {
            cutOff("it is idle");
        } else {
            requestsMade.start();
        }
    }

    private void cutOff(String why) {
        LOG.info("Closing {}: {}", this, why);
        closing = true;
        outbound().flush(); // an answer may have been written just now
        var _ = channel().close();
    }

    // Netty calls these, on the loop.

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.context = context;
        outbound = new Outbound(context, loop);
        SocketAddress remote = context.channel().remoteAddress();
        String text = remote == null ? "unknown" : remote.toString();
        state = new ClientState(text.startsWith("/") ? text.substring(1) : text);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        int limit = shared.options.connectionsMax();
        if (shared.connectionCount.incrementAndGet() > limit && limit > 0) {
            shared.connectionCount.decrementAndGet();
            shared.refusedConnections.incrementAndGet();
            LOG.warn("Refused {}: there are {} connections already", this, limit);
            closing = true;
            var _ = context.close();
            return;
        }
        admitted = true;
        shared.connections.add(this);
        firstMessage.start();
        requestsMade.start();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            loop.counters.receivedBytes(in.readableBytes());
            if (!closing) {
                inbound.read(in);
            }
        } finally {
            in.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        outbound().flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            submitParked();
            resume(UNWRITABLE);
        } else {
            pause(UNWRITABLE);
            answersTaken.start();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closing = true;
        answersTaken.stop();
        firstMessage.stop();
        requestsMade.stop();
        if (admitted) {
            admitted = false;
            shared.connectionCount.decrementAndGet();
            shared.connections.remove(this);
            shared.checkEmpty();
        }
        loop.subscribers.remove(this);
        inbound.release();
        outbound().release();
        parked.forEach(Deferred::drop);
        parked.clear();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("{} broke off", this, cause);
        } else {
            LOG.error("Closing {}", this, cause);
        }
        closing = true;
        var _ = context.close();
    }

    // Inbound calls these.

    boolean stopped() {
        return pauses != 0 || closing;
    }

    boolean closed() {
        return closing;
    }

    ByteBufAllocator allocator() {
        return channel().alloc();
    }

    boolean framed() {
        return framed;
    }

    boolean compresses() {
        return compresses;
    }

    /// v3 and v4 compress each body, v5 its segments.
    boolean compressesBodies() {
        return compresses && !framed;
    }

    /// The stream of bytes makes no sense any more: tells the client, and ends.
    void fail(FramingException error) {
        int replyVersion = version == 0 ? Protocol.V5 : version;
        loop.dispatcher.sendError(this, replyVersion, 0, error, List.of());
        closeGently();
    }

    /// A first byte that names a protocol version which nobody here speaks. Drivers find the text, in
    /// the newest version or, to v1 and v2, in their own header.
    void failVersion(int unsupported) {
        CqlException error =
                new FramingException(
                        "Invalid or unsupported protocol version ("
                                + unsupported
                                + "); supported versions are ("
                                + Protocol.SUPPORTED_VERSIONS
                                + ")");
        if (unsupported == 1 || unsupported == 2) {
            ByteWriter body = loop.bodyWriter();
            ErrorEncoder.write(body, Protocol.V3, error);
            loop.counters.error();
            outbound().sendAncient(unsupported, body.array(), body.length());
        } else {
            loop.dispatcher.sendError(this, Protocol.V5, 0, error, List.of());
        }
        closeGently();
    }

    /// Ends the sending side only, so that the last answer is not lost to a reset while the client
    /// still sends, and the rest when the client hangs up or a second has passed.
    private void closeGently() {
        closing = true;
        loop.subscribers.remove(this);
        inbound.release();
        Channel channel = channel();
        if (channel instanceof DuplexChannel duplex) {
            var _ =
                    outbound()
                            .flushAll()
                            .addListener(_ -> {
                                var _ = duplex.shutdownOutput();
                            });
            setAutoRead(true);
            var _ =
                    loop.eventLoop.schedule(
                            () -> {
                                var _ = channel.close();
                            },
                            LINGER_MILLIS,
                            TimeUnit.MILLISECONDS);
        } else {
            var _ = outbound().flushAll().addListener(ChannelFutureListener.CLOSE);
        }
    }

    // The dispatcher and deferred requests call these.

    int version() {
        return version;
    }

    ClientState state() {
        ClientState mine = state;
        if (mine == null) {
            throw new IllegalStateException("not connected");
        }
        return mine;
    }

    Outbound outbound() {
        Outbound mine = outbound;
        if (mine == null) {
            throw new IllegalStateException("not connected");
        }
        return mine;
    }

    boolean throwsOnOverload() {
        return throwsOnOverload;
    }

    void countRequest() {
        requests.setRelease(requests.getPlain() + 1);
    }

    void checkExpected(int opcode) {
        switch (stage) {
            case FRESH -> {
                if (opcode != Protocol.STARTUP && opcode != Protocol.OPTIONS) {
                    throw CqlException.protocol(
                            "Unexpected message "
                                    + Protocol.name(opcode)
                                    + ", expecting STARTUP or OPTIONS");
                }
            }
            case AUTHENTICATION -> {
                if (opcode != Protocol.AUTH_RESPONSE && opcode != Protocol.OPTIONS) {
                    throw CqlException.protocol(
                            "Unexpected message "
                                    + Protocol.name(opcode)
                                    + ", expecting AUTH_RESPONSE");
                }
                if (opcode == Protocol.AUTH_RESPONSE && conversation == null) {
                    throw CqlException.protocol(
                            "Unexpected message AUTH_RESPONSE, the last one is being checked");
                }
            }
            case READY -> {
                if (opcode == Protocol.STARTUP) {
                    throw CqlException.protocol(
                            "Unexpected message STARTUP, the connection is already initialized");
                }
            }
        }
    }

    /// STARTUP. All keys are checked before anything changes, so that a refused one can be repeated.
    /// NO_COMPACT needs nothing: no table is shown in a compact form anyway.
    void startup(int requestVersion, int stream, Map<String, String> given) {
        Map<String, String> options = new TreeMap<>();
        given.forEach((key, value) -> options.put(key.toUpperCase(Locale.ROOT), value));
        checkCqlVersion(options.get("CQL_VERSION"));
        boolean lz4 = wantsLz4(options.get("COMPRESSION"), requestVersion);
        throwsOnOverload = "1".equals(options.get("THROW_ON_OVERLOAD"));
        startupOptions = Map.copyOf(options);
        version = requestVersion;
        ClientAuthenticator authenticator = shared.authenticator;
        ByteWriter body = loop.bodyWriter();
        if (authenticator == null) {
            stage = Stage.READY;
            loop.dispatcher.send(this, requestVersion, stream, Protocol.READY, body);
        } else {
            stage = Stage.AUTHENTICATION;
            conversation = authenticator.begin(state());
            Notations.writeString(body, authenticator.className());
            loop.dispatcher.send(this, requestVersion, stream, Protocol.AUTHENTICATE, body);
        }
        compresses = lz4; // after the answer, which is plain
        if (lz4) {
            outbound().compress();
        }
        if (requestVersion >= Protocol.V5) {
            framed = true;
            outbound().frame();
        }
    }

    private static void checkCqlVersion(@Nullable String cqlVersion) {
        if (cqlVersion == null) {
            throw CqlException.protocol("Missing value CQL_VERSION in STARTUP message");
        }
        if (!cqlVersion.matches("\\d{1,9}\\.\\d{1,9}(\\.\\d{1,9})?([-+].*)?")) {
            throw CqlException.protocol("Invalid version value: " + cqlVersion);
        }
        if (Integer.parseInt(cqlVersion.substring(0, cqlVersion.indexOf('.'))) < 3) {
            throw CqlException.protocol(
                    "CQL version "
                            + cqlVersion
                            + " is not supported by the binary protocol (supported version are >="
                            + " 3.0.0)");
        }
    }

    private static boolean wantsLz4(@Nullable String compression, int version) {
        if (compression == null || compression.isEmpty()) {
            return false;
        }
        String algorithm = compression.toLowerCase(Locale.ROOT);
        return switch (algorithm) {
            case "lz4" -> true;
            case "snappy" ->
                    throw CqlException.protocol(
                            version >= Protocol.V5
                                    ? "Snappy compression is not supported in protocol V5"
                                    : "This instance does not support Snappy compression");
            default -> throw CqlException.protocol("Unknown compression algorithm: " + algorithm);
        };
    }

    /// Takes the conversation for one answer: until that is judged, another one is unexpected.
    ClientAuthenticator.@Nullable Conversation takeConversation() {
        ClientAuthenticator.Conversation mine = conversation;
        conversation = null;
        return mine;
    }

    /// On the loop, after a conversation's step went well; a null challenge is its end.
    void authenticated(
            int requestVersion,
            int stream,
            byte @Nullable [] challenge,
            ClientAuthenticator.Conversation talk,
            Deferred ticket) {
        finished(ticket);
        if (!isOpen()) {
            return;
        }
        ByteWriter body = loop.bodyWriter();
        if (challenge == null) {
            stage = Stage.READY;
            body.writeInt(BoundValues.NULL);
        } else {
            conversation = talk;
            body.writeInt(challenge.length).writeBytes(challenge);
        }
        int opcode = challenge == null ? Protocol.AUTH_SUCCESS : Protocol.AUTH_CHALLENGE;
        loop.dispatcher.send(this, requestVersion, stream, opcode, body);
        loop.flushSoon(this);
    }

    /// On the loop, after wrong credentials: the client may try again from the start.
    void refused() {
        ClientAuthenticator authenticator = shared.authenticator;
        if (authenticator != null) {
            conversation = authenticator.begin(state());
        }
    }

    void register(List<ServerEvent.Type> types) {
        registered.addAll(types);
        if (!registered.isEmpty()) {
            loop.subscribers.add(this);
        }
    }

    void sendEvent(ServerEvent event, ByteWriter scratch) {
        if (!registered.contains(event.type()) || closing) {
            return;
        }
        if (channel().bytesBeforeWritable() > shared.options.outboundBytesMax()) {
            LOG.warn("Closing {}: it does not read its events", this);
            closing = true;
            var _ = channel().close();
            return;
        }
        EventEncoder.write(scratch.clear(), version, event);
        outbound()
                .send(
                        version,
                        0,
                        Protocol.EVENT_STREAM,
                        Protocol.EVENT,
                        loop.noPrefix,
                        scratch.array(),
                        scratch.length());
        loop.flushSoon(this);
    }

    void started(Deferred ticket) {
        inFlight++;
        inFlightBytes += ticket.bytes();
        shared.inFlightBytes.addAndGet(ticket.bytes());
        if (!throwsOnOverload && overLimits()) {
            pause(IN_FLIGHT);
        }
    }

    void finished(Deferred ticket) {
        inFlight--;
        inFlightBytes -= ticket.bytes();
        shared.inFlightBytes.addAndGet(-ticket.bytes());
        if (inFlight == 0 || !overLimits()) {
            resume(IN_FLIGHT);
        }
        if (inFlight == 0 && (pauses & DRAINING) != 0 && !closing) {
            loop.eventLoop.execute(this::closeDrained); // after its answer was written
        }
    }

    boolean overLimits() {
        TransportOptions options = shared.options;
        return inFlightBytes > options.inFlightBytesPerConnectionMax()
                || inFlight >= options.streamsPerConnectionMax()
                || shared.inFlightBytes.getPlain() > options.inFlightBytesMax();
    }

    /// The client was found not to read before this request ran: it runs when the client does.
    void park(Deferred ticket) {
        if (!isOpen()) {
            ticket.drop();
        } else if (takesResults()) {
            loop.submit(ticket);
        } else {
            parked.add(ticket);
        }
    }

    /// Runs some of those that wait for the client, if it takes results now. Called whenever that may have
    /// come true: the channel is writable again, or a result on its way has arrived. Each that is run ends
    /// in such a call, so the rest have their turn; and all at once would mostly be parked again.
    void submitParked() {
        if (parked.isEmpty() || !takesResults()) {
            return;
        }
        List<Deferred> first = parked.subList(0, Math.min(parked.size(), PARKED_AT_A_TIME));
        List<Deferred> again = List.copyOf(first);
        first.clear();
        again.forEach(loop::submit);
    }

    // Reading on and off.

    void waitForReaders() {
        waitingForReaders++;
        pause(READERS_FULL);
    }

    void readersTookOne() {
        waitingForReaders--;
        if (waitingForReaders == 0) {
            resume(READERS_FULL);
        }
    }

    private void pause(int reason) {
        if (pauses == 0) {
            loop.counters.pause();
            setAutoRead(false);
        }
        pauses |= reason;
    }

    private void resume(int reason) {
        if ((pauses & reason) == 0) {
            return;
        }
        pauses &= ~reason;
        if (pauses == 0 && !closing) {
            if (loop.busy) {
                loop.eventLoop.execute(this::readOn);
            } else {
                readOn();
            }
        }
    }

    private void readOn() {
        if (stopped()) {
            return;
        }
        inbound.resume();
        loop.flushSoon(this);
        if (!stopped()) {
            setAutoRead(true);
        }
    }

    private void setAutoRead(boolean on) {
        channel().config().setAutoRead(on);
    }

    boolean markUnflushed() {
        boolean first = !unflushed;
        unflushed = true;
        return first;
    }

    void flushNow() {
        unflushed = false;
        if (!channel().isActive()) {
            outbound().release();
            return;
        }
        boolean flushed = false;
        try {
            outbound().flush();
            flushed = true;
        } finally {
            if (!flushed) { // an answer is lost, so nobody may wait for it
                close();
            }
        }
    }

    /// On the loop: reads nothing more, answers what runs, ends.
    void drain() {
        if (closing) {
            return;
        }
        pause(DRAINING);
        if (inFlight == 0) {
            closeDrained();
        }
    }

    private void closeDrained() {
        if (!closing) {
            closing = true;
            inbound.release();
            var _ = outbound().flushAll().addListener(ChannelFutureListener.CLOSE);
        }
    }

    // Any thread.

    boolean isOpen() {
        return channel().isActive();
    }

    /// Whether results would find their way out now: a client that does not read gets none made.
    boolean takesResults() {
        return channel().isWritable() && undelivered.get() <= shared.options.outboundHighBytes();
    }

    /// Counts a result on its way from another thread to the loop.
    void onItsWay(int bytes) {
        undelivered.addAndGet(bytes);
    }

    void onLoop(Runnable task) {
        loop.eventLoop.execute(task);
    }

    void close() {
        var _ = channel().close();
    }

    ClientInfo info() {
        Map<String, String> options = startupOptions;
        return new ClientInfo(
                channel().remoteAddress(),
                stage.text,
                version,
                options,
                options.get("DRIVER_NAME"),
                options.get("DRIVER_VERSION"),
                state().keyspace(),
                requests.getAcquire());
    }

    private Channel channel() {
        ChannelHandlerContext mine = context;
        if (mine == null) {
            throw new IllegalStateException("not connected");
        }
        return mine.channel();
    }

    @Override
    public String toString() {
        ClientState mine = state;
        return "client " + (mine == null ? "?" : mine.remoteAddress());
    }
}
