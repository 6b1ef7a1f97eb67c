package io.helenus.engine.messaging;

import io.helenus.gossip.Endpoint;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Messages over TCP, as the package describes. Connects by itself; connections of others are handed to
/// [#accept] by whoever listens. Any thread.
public final class NettyTransport implements MessageTransport, AutoCloseable {
    /// Newest version of the frames that is spoken here.
    public static final int VERSION = Handshake.VERSION;

    private static final Logger LOG = LoggerFactory.getLogger(NettyTransport.class);
    private static final WriteBufferWaterMark WATER_MARKS =
            new WriteBufferWaterMark(64 << 10, 256 << 10);

    private final TransportShared shared;
    private final EventLoopGroup loops;
    private final EventLoop ownLoop; // delivers what the node sends to itself
    private final ByteBudget ownBudget;
    private final ConcurrentMap<Endpoint, Peer> peers = new ConcurrentHashMap<>();
    private final InboundConnections inbound;
    private volatile boolean closed;

    /// @param clusterName only nodes of the same cluster are talked to
    /// @param self where others reach this node
    /// @param loops run the connections; ended by their owner, after this transport is closed
    /// @param clientChannel the kind of sockets that fits the loops
    /// @param random for jitter; not used by others
    /// @param onContact told when another node connects, on an event loop
    public NettyTransport(
            String clusterName,
            Endpoint self,
            MessagingOptions options,
            EventLoopGroup loops,
            Class<? extends Channel> clientChannel,
            LongSupplier nanoTime,
            Timer timer,
            RandomGenerator random,
            Runnable onContact) {
        int nameBytes = clusterName.getBytes(StandardCharsets.UTF_8).length;
        if (nameBytes > Handshake.NAME_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "cluster_name has %d bytes, must have at most %d"
                            .formatted(nameBytes, Handshake.NAME_BYTES_MAX));
        }
        Bootstrap bootstrap =
                new Bootstrap()
                        .channel(clientChannel)
                        .option(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                (int) options.connectTimeout().toMillis())
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.SO_KEEPALIVE, true)
                        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARKS);
        shared =
                new TransportShared(
                        clusterName,
                        self,
                        options,
                        bootstrap,
                        nanoTime,
                        timer,
                        random,
                        new LogLimiter(nanoTime),
                        new ByteBudget(options.queueBytesTotalMax()),
                        new ByteBudget(options.inboundBytesTotalMax()),
                        new CompletableFuture<>());
        this.loops = loops;
        ownLoop = loops.next();
        ownBudget = new ByteBudget(options.queueBytesMax());
        inbound = new InboundConnections(shared, this::peerOfContact, onContact);
    }

    @Override
    public Endpoint self() {
        return shared.self();
    }

    @Override
    public void start(Receiver receiver) {
        if (!shared.receiver().complete(receiver)) {
            throw new IllegalStateException("The transport has been started");
        }
    }

    /// Takes over a connection that said [Hello#MESSAGES]. On its event loop.
    public void accept(ChannelPipeline pipeline) {
        if (closed) {
            var _ = pipeline.close();
            return;
        }
        var _ = pipeline.addLast(new InboundHandshake(shared, inbound));
    }

    @Override
    public void send(Endpoint to, Message message) {
        if (closed) {
            return;
        }
        if (to.equals(shared.self())) {
            sendToSelf(message);
            return;
        }
        peer(to).lane(Lane.of(message)).send(message);
    }

    private Peer peer(Endpoint endpoint) {
        Peer known = peers.get(endpoint);
        return known != null
                ? known
                : peers.computeIfAbsent(endpoint, _ -> new Peer(endpoint, shared, loops));
    }

    /// A stranger may say that it is anybody: there is a limit to whom it can make known here.
    private @Nullable Peer peerOfContact(Endpoint endpoint) {
        boolean room = peers.size() < shared.options().inboundConnectionsMax();
        return room || peers.containsKey(endpoint) ? peer(endpoint) : null;
    }

    private void sendToSelf(Message message) {
        long bytes = Frame.BYTES + (long) message.payloadBytes();
        boolean fits = ownBudget.tryTake(bytes);
        try {
            ownLoop.execute(() -> {
                Receiver receiver = shared.receiverNow();
                if (receiver == null) {
                    return;
                }
                if (fits) {
                    receiver.onMessage(
                            shared.self(),
                            message,
                            () -> {
                                boolean _ = ownBudget.giveBack(bytes);
                            });
                } else {
                    receiver.onDropped(
                            shared.self(),
                            message,
                            DropReason.QUEUE_FULL,
                            "%d bytes of messages of this node to itself wait, the limit is %d"
                                    .formatted(ownBudget.used(), ownBudget.bytesMax()));
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("The loops have ended", e);
        }
    }

    /// Ends all connections with a node that is none of the cluster any more.
    public void disconnect(Endpoint endpoint) {
        Peer peer = peers.remove(endpoint);
        if (peer != null) {
            peer.close();
        }
        inbound.close(endpoint);
    }

    /// Why a node cannot be reached; null if it can, or nothing was sent to it.
    public @Nullable String lastFailure(Endpoint endpoint) {
        Peer peer = peers.get(endpoint);
        return peer == null ? null : peer.lane(Lane.URGENT).lastFailure();
    }

    /// Of each node that this one has talked with, by address.
    public List<PeerStatistics> statistics() {
        List<PeerStatistics> all = new ArrayList<>();
        new TreeMap<>(peers).values().forEach(peer -> all.add(peer.statistics()));
        return all;
    }

    /// Connections that other nodes have made.
    public int inboundConnections() {
        return inbound.count();
    }

    /// Sends what is queued on connections that are there, and ends. Nothing is told to the receiver of
    /// what is sent later.
    @Override
    public void close() {
        closed = true;
        peers.values().forEach(Peer::close);
        inbound.closeAll();
    }
}
