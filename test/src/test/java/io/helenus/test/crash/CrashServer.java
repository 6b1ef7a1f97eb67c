package io.helenus.test.crash;

import io.helenus.commitlog.CommitLogOptions;
import io.helenus.engine.node.Node;
import io.helenus.engine.node.NodeFiles;
import io.helenus.engine.node.NodeOptions;
import io.helenus.engine.node.OperationsOptions;
import io.helenus.test.node.TestNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;

/// The child: a node whose segments and memtables are so small that it switches and flushes all the
/// time. Arguments: data directory, file of marks, phase to stop in, operations to pass before.
final class CrashServer {
    private static final int SEGMENT_BYTES = 1 << 20;
    private static final long MEMTABLE_BYTES = 2L << 20;
    private static final long LOG_BYTES = 8L << 20;

    private CrashServer() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path directory = Path.of(arguments[0]);
        Marks marks = new Marks(Path.of(arguments[1]));
        Tripwire wire =
                new Tripwire(marks, Phase.valueOf(arguments[2]), Integer.parseInt(arguments[3]));
        marks.enter(Phase.REPLAY);
        Node node =
                Node.start(
                        options(directory),
                        Clock.systemUTC(),
                        TrippingFiles.around(NodeFiles.nio(), wire));
        InetSocketAddress address = Objects.requireNonNull(node.nativeAddress(), "has a port");
        InetSocketAddress admin = Objects.requireNonNull(node.adminAddress(), "has a port");
        wire.serving();
        System.out.println(Child.serving(address.getPort(), admin.getPort()));
        Thread.currentThread().join(); // until it is killed
    }

    private static NodeOptions options(Path directory) {
        NodeOptions usual = TestNode.options(directory, 0);
        CommitLogOptions log =
                usual.commitLog().withSegmentBytes(SEGMENT_BYTES).withTotalBytesMax(LOG_BYTES);
        return new NodeOptions(
                usual.clusterName(),
                usual.datacenter(),
                usual.rack(),
                usual.dataDirectory(),
                log,
                usual.ignoreCommitLogDamage(),
                usual.listenAddress(),
                usual.storagePort(),
                usual.nativeAddress(),
                usual.transport(),
                usual.tokenCount(),
                usual.tokens(),
                MEMTABLE_BYTES,
                usual.blockCacheBytes(),
                usual.readerThreads(),
                usual.readerQueue(),
                usual.preparedMax(),
                operations(),
                usual.cluster());
    }

    private static OperationsOptions operations() {
        OperationsOptions usual = OperationsOptions.defaults();
        return new OperationsOptions(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                usual.autoSnapshot(),
                usual.incrementalBackups(),
                usual.compaction(),
                usual.diskFailurePolicy(),
                usual.commitFailurePolicy(),
                usual.roomBytesMin(),
                usual.readLimits(),
                usual.death());
    }
}
