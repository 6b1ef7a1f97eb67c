package io.helenus.engine.messaging;

import io.helenus.gossip.Endpoint;
import io.netty.channel.Channel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The connections that other nodes have made: one for each lane of each. Any thread.
final class InboundConnections {
    private record Key(Endpoint from, Lane lane) {}

    private final TransportShared shared;
    private final Function<Endpoint, @Nullable Peer> peers;
    private final ConcurrentMap<Key, InboundConnection> byKey = new ConcurrentHashMap<>();
    private final Set<InboundConnection> all = ConcurrentHashMap.newKeySet();
    private final Runnable onContact;

    /// @param peers null for one more than there may be
    /// @param onContact told of each connection that is accepted
    InboundConnections(
            TransportShared shared, Function<Endpoint, @Nullable Peer> peers, Runnable onContact) {
        this.shared = shared;
        this.peers = peers;
        this.onContact = onContact;
    }

    /// A node that connects again has given up the connection that it had before, even if that has not
    /// been noticed here.
    ///
    /// @return null if there are too many
    @Nullable InboundConnection accept(Handshake.Greeting greeting, Channel channel) {
        Key key = new Key(greeting.from(), greeting.lane());
        InboundConnection before = byKey.get(key);
        if (before == null && all.size() >= shared.options().inboundConnectionsMax()) {
            return null;
        }
        Peer peer = peers.apply(greeting.from());
        if (peer == null) {
            return null;
        }
        InboundConnection accepted =
                new InboundConnection(
                        shared, this, greeting, channel, peer.counters(greeting.lane()));
        all.add(accepted);
        InboundConnection replaced = byKey.put(key, accepted);
        var _ = channel.closeFuture().addListener(_ -> closed(key, accepted));
        if (replaced != null) {
            replaced.close();
        }
        peer.isBack();
        onContact.run();
        return accepted;
    }

    private void closed(Key key, InboundConnection connection) {
        all.remove(connection);
        byKey.remove(key, connection);
    }

    void resumeAll() {
        all.forEach(InboundConnection::resumeLater);
    }

    /// Ends all of a node.
    void close(Endpoint from) {
        for (InboundConnection connection : all) {
            if (connection.from().equals(from)) {
                connection.close();
            }
        }
    }

    void closeAll() {
        all.forEach(InboundConnection::close);
    }

    int count() {
        return all.size();
    }
}
