package io.helenus.engine.node;

import io.helenus.engine.query.SchemaAuthority;
import io.helenus.engine.schema.KeyspaceSchema;
import io.helenus.engine.schema.TableSchema;
import io.helenus.engine.storage.StorageEngine;
import io.helenus.engine.storage.TableStore;
import io.helenus.engine.streaming.StreamServer;
import io.helenus.engine.streaming.StreamTables;
import io.helenus.engine.transport.IoTransport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The node's port for other nodes, where files come in, and messages, which are handed on.
final class NodeStreams implements StreamTables, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeStreams.class);
    private static final int WORKERS = 4;
    private static final long IDLE_SECONDS = 10;
    private static final long END_SECONDS = 10;

    private final SchemaAuthority schemas;
    private final StorageEngine storage;
    private final long roomBytesMin;
    private final NodeInternode internode;
    private final LongSupplier nanoTime;
    private final ThreadPoolExecutor workers;
    private @Nullable StreamServer server; // of the thread that starts and closes

    NodeStreams(
            SchemaAuthority schemas,
            StorageEngine storage,
            long roomBytesMin,
            NodeInternode internode,
            LongSupplier nanoTime) {
        this.schemas = schemas;
        this.storage = storage;
        this.roomBytesMin = roomBytesMin;
        this.internode = internode;
        this.nanoTime = nanoTime;
        workers =
                new ThreadPoolExecutor(
                        WORKERS,
                        WORKERS,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        NodeThreads.factory("helenus-stream"));
        workers.allowCoreThreadTimeOut(true);
    }

    /// A node without others whose port is taken serves its clients all the same.
    ///
    /// @throws IOException if the port cannot be had, and the node has others to talk to
    void listen(InetSocketAddress address, IoTransport transport) throws IOException {
        try {
            StreamServer started =
                    StreamServer.start(
                            address,
                            transport,
                            NodeThreads.factory("helenus-stream-loop"),
                            workers,
                            this,
                            internode::accept,
                            internode.timer(),
                            nanoTime);
            server = started;
            internode.listening(started);
            LOG.info("Listening for other nodes and bulk loads on {}", started.address());
        } catch (IOException e) {
            if (internode.hasOthers()) {
                throw e;
            }
            LOG.warn("Nothing can be streamed to this node. {}", e.getMessage());
        }
    }

    @Nullable InetSocketAddress address() {
        return server == null ? null : server.address();
    }

    @Override
    public @Nullable Stored find(String keyspaceName, String tableName) {
        KeyspaceSchema keyspace = schemas.current().keyspace(keyspaceName);
        TableSchema table = keyspace == null ? null : keyspace.table(tableName);
        TableStore store = table == null ? null : storage.table(table.id());
        return keyspace == null || table == null || store == null
                ? null
                : new Stored(keyspace, table, store);
    }

    @Override
    public @Nullable String refusal() {
        return storage.writeRefusal();
    }

    @Override
    public long roomBytesMin() {
        return roomBytesMin;
    }

    @Override
    public void close() throws IOException {
        StreamServer running = server;
        if (running != null) {
            running.close();
        }
        workers.shutdown();
        NodeThreads.awaitEnd(workers, END_SECONDS);
    }
}
