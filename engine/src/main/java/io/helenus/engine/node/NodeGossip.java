package io.helenus.engine.node;

import io.helenus.engine.cluster.gossip.LocalState;
import io.helenus.engine.messaging.NettyTransport;
import io.helenus.engine.schema.NodeInfo;
import io.helenus.engine.storage.StorageEngine;
import io.helenus.gossip.exchange.StateKey;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What the node says of itself in gossip. On the owner of gossip.
final class NodeGossip implements LocalState {
    private static final long LOAD_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Supplier<NodeInfo> info;
    private final LongSupplier epoch;
    private final StorageEngine storage;
    private final BooleanSupplier servesClients;
    private final LongSupplier nanoTime;
    private long loadBytes = -1;
    private long loadNanos;

    NodeGossip(
            Supplier<NodeInfo> info,
            LongSupplier epoch,
            StorageEngine storage,
            BooleanSupplier servesClients,
            LongSupplier nanoTime) {
        this.info = info;
        this.epoch = epoch;
        this.storage = storage;
        this.servesClients = servesClients;
        this.nanoTime = nanoTime;
    }

    @Override
    public void tell(BiConsumer<StateKey, String> out) {
        NodeInfo now = info.get();
        boolean serving = servesClients.getAsBoolean();
        out.accept(StateKey.DATA_CENTER, now.datacenter());
        out.accept(StateKey.RACK, now.rack());
        out.accept(StateKey.RELEASE_VERSION, now.releaseVersion());
        out.accept(StateKey.SCHEMA_VERSION, String.valueOf(now.schemaVersion()));
        out.accept(StateKey.METADATA_EPOCH, Long.toString(epoch.getAsLong()));
        out.accept(StateKey.MESSAGING_VERSION, Integer.toString(NettyTransport.VERSION));
        out.accept(StateKey.LOAD, Long.toString(load()));
        if (serving) {
            out.accept(StateKey.NATIVE_ADDRESS, address(now.rpcAddress(), now.rpcPort()));
        }
        out.accept(StateKey.NATIVE_READY, Boolean.toString(serving));
    }

    private static String address(InetAddress address, int port) {
        String host = address.getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    private long load() {
        long now = nanoTime.getAsLong();
        if (loadBytes < 0 || now - loadNanos >= LOAD_NANOS) {
            loadNanos = now;
            loadBytes =
                    storage.tables().stream()
                            .flatMap(table -> table.sstables().stream())
                            .mapToLong(sstable -> sstable.file().bytes())
                            .sum();
        }
        return loadBytes;
    }
}
