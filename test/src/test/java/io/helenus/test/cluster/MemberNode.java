package io.helenus.test.cluster;

import io.helenus.engine.cluster.agreement.AgreementSettings;
import io.helenus.engine.messaging.MessagingOptions;
import io.helenus.engine.node.ClusterOptions;
import io.helenus.engine.node.Node;
import io.helenus.engine.node.NodeOptions;
import io.helenus.gossip.Endpoint;
import io.helenus.gossip.Location;
import io.helenus.test.node.TestNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A node of several that serves clients, on an address of its own and the same ports as the others. Gossips
/// twenty times a second.
record MemberNode(
        Path directory, Endpoint address, int nativePort, Location location, List<Endpoint> seeds) {
    private static final long DISCOVERY_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int TOKENS = 4;

    /// Starts it; returns when it answers.
    Node start() throws IOException {
        return Node.start(options(), Clock.systemUTC());
    }

    InetSocketAddress nativeAddress() {
        return new InetSocketAddress(address.address(), nativePort);
    }

    private NodeOptions options() {
        NodeOptions usual = TestNode.options(directory, 0);
        return new NodeOptions(
                "Test",
                location.dataCenter(),
                location.rack(),
                directory,
                usual.commitLog(),
                false,
                address.address(),
                address.port(),
                nativeAddress(),
                usual.transport(),
                TOKENS,
                List.of(),
                8 << 20,
                1 << 20,
                2,
                100,
                100,
                usual.operations(),
                new ClusterOptions(
                        seeds,
                        GossipingNode.gossip(DISCOVERY_NANOS),
                        MessagingOptions.of(32 << 20),
                        AgreementSettings.DEFAULT,
                        "GossipingPropertyFileSnitch"));
    }
}
