package io.helenus.tools.cluster;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

/// The ports of each node, the same on all addresses.
final class Ports {
    static final int NATIVE = 9042;
    static final int INTERNODE = 7000;
    static final int ADMIN = 7199;

    private Ports() {}

    /// @throws ClusterFailure if another program has one of them, or the machine has no such address
    static void requireFree(LocalNode node) throws ClusterFailure {
        InetAddress address = InetAddress.ofLiteral(node.address());
        requireAddress(address);
        for (int port : List.of(NATIVE, INTERNODE, ADMIN)) {
            try (ServerSocket probe = new ServerSocket()) {
                probe.setReuseAddress(true);
                probe.bind(new InetSocketAddress(address, port));
            } catch (BindException e) {
                throw new ClusterFailure(
                        "%s:%d is in use by another program (%s)"
                                .formatted(node.address(), port, e.getMessage()));
            } catch (IOException e) {
                throw new ClusterFailure(
                        "%s:%d cannot be used: %s".formatted(node.address(), port, e.getMessage()));
            }
        }
    }

    private static void requireAddress(InetAddress address) throws ClusterFailure {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(address, 0));
        } catch (IOException e) {
            throw new ClusterFailure(
                    "This machine has no address %s: %s (macOS: sudo ifconfig lo0 alias %s)"
                            .formatted(
                                    address.getHostAddress(),
                                    e.getMessage(),
                                    address.getHostAddress()));
        }
    }
}
