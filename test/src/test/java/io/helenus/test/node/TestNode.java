package io.helenus.test.node;

import io.helenus.commitlog.CommitLogOptions;
import io.helenus.engine.node.Node;
import io.helenus.engine.node.NodeOptions;
import io.helenus.engine.storage.StorageEngine;
import io.helenus.engine.storage.TableStore;
import io.helenus.engine.transport.TransportOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/// A node in this JVM. Belongs to one test thread; its port is the same after a restart.
public final class TestNode implements AutoCloseable {
    public static final String DATACENTER = "datacenter1";
    private static final int SEGMENT_BYTES = 8 << 20;
    private static final int STORAGE_PORT = 7000;
    private static final long MEMTABLE_BYTES = 128L << 20;
    private static final long CACHE_BYTES = 64L << 20;
    private static final int READER_THREADS = 4;
    private static final int READER_QUEUE = 4_096;
    private static final int PREPARED_MAX = 10_000;
    private static final int TOKENS = 16;

    private final Path directory;
    private Node node;

    private TestNode(Path directory, Node node) {
        this.directory = directory;
        this.node = node;
    }

    public static TestNode start(Path directory) throws IOException {
        return new TestNode(directory, Node.start(options(directory, 0), Clock.systemUTC()));
    }

    /// @param port for clients; 0 takes a free one
    public static NodeOptions options(Path directory, int port) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        return new NodeOptions(
                "helenus",
                DATACENTER,
                "rack1",
                directory,
                CommitLogOptions.defaults(directory.resolve("commitlog"))
                        .withSegmentBytes(SEGMENT_BYTES),
                false,
                loopback,
                STORAGE_PORT,
                new InetSocketAddress(loopback, port),
                TransportOptions.defaults(),
                TOKENS,
                List.of(),
                MEMTABLE_BYTES,
                CACHE_BYTES,
                READER_THREADS,
                READER_QUEUE,
                PREPARED_MAX);
    }

    public InetSocketAddress address() {
        return Objects.requireNonNull(node.nativeAddress(), "it has a port for clients");
    }

    public Node node() {
        return node;
    }

    public StorageEngine storage() {
        return node.storage();
    }

    public TableStore table(String keyspace, String name) {
        return storage().tables().stream()
                .filter(table -> table.name().toString().startsWith(keyspace + "." + name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No table " + keyspace + "." + name));
    }

    /// Writes all memtables to SSTables; returns when they are there.
    public void flush() {
        List<CompletableFuture<Void>> flushes =
                storage().tables().stream().map(TableStore::flush).toList();
        flushes.forEach(CompletableFuture::join);
    }

    /// Stops and starts it again, with the same files and port.
    public void restart() throws IOException {
        int port = address().getPort();
        node.close();
        node = Node.start(options(directory, port), Clock.systemUTC());
    }

    @Override
    public void close() {
        node.close();
    }
}
