package io.helenus.engine.node;

import io.helenus.commitlog.CommitLogOptions;
import io.helenus.engine.transport.TransportOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a node is told at its start.
///
/// @param dataDirectory its own alone
/// @param commitLog where and how writes are logged; the position to start after is set by the node
/// @param listenAddress for other nodes
/// @param nativeAddress for clients; null if there is to be no native protocol server
/// @param tokens of the ring; empty to have `tokenCount` of them made at the first start
/// @param memtableBytes bytes that all memtables may take together
/// @param blockCacheBytes bytes that cached blocks of SSTables may take
/// @param readerThreads requests that may wait for a disk at a time
/// @param readerQueue requests that may wait for a reader thread
/// @param preparedMax prepared statements that are kept
/// @param operations how it is operated
/// @param cluster what it has to do with other nodes
public record NodeOptions(
        String clusterName,
        String datacenter,
        String rack,
        Path dataDirectory,
        CommitLogOptions commitLog,
        boolean ignoreCommitLogDamage,
        InetAddress listenAddress,
        int storagePort,
        @Nullable InetSocketAddress nativeAddress,
        TransportOptions transport,
        int tokenCount,
        List<Long> tokens,
        long memtableBytes,
        long blockCacheBytes,
        int readerThreads,
        int readerQueue,
        int preparedMax,
        OperationsOptions operations,
        ClusterOptions cluster) {
    public NodeOptions {
        tokens = List.copyOf(tokens);
    }

    /// One that is not administered, and looks for no others.
    public NodeOptions(
            String clusterName,
            String datacenter,
            String rack,
            Path dataDirectory,
            CommitLogOptions commitLog,
            boolean ignoreCommitLogDamage,
            InetAddress listenAddress,
            int storagePort,
            @Nullable InetSocketAddress nativeAddress,
            TransportOptions transport,
            int tokenCount,
            List<Long> tokens,
            long memtableBytes,
            long blockCacheBytes,
            int readerThreads,
            int readerQueue,
            int preparedMax) {
        this(
                clusterName,
                datacenter,
                rack,
                dataDirectory,
                commitLog,
                ignoreCommitLogDamage,
                listenAddress,
                storagePort,
                nativeAddress,
                transport,
                tokenCount,
                tokens,
                memtableBytes,
                blockCacheBytes,
                readerThreads,
                readerQueue,
                preparedMax,
                OperationsOptions.defaults(),
                ClusterOptions.alone());
    }
}
