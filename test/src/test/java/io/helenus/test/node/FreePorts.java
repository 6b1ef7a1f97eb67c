package io.helenus.test.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/// Ports that nobody listens at. They are below those that the system hands out to clients, so that none
/// of these, of this test or of others that run at the same time, has taken one when it is used.
public final class FreePorts {
    private static final int FIRST = 10_000;
    private static final int LAST = 32_000;
    private static final int TRIES_MAX = 1_000;

    private FreePorts() {}

    public static InetSocketAddress at(InetAddress address) throws IOException {
        for (int i = 0; i < TRIES_MAX; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            if (isFree(address, port)) {
                return new InetSocketAddress(address, port);
            }
        }
        throw new IOException("None of %d ports of %s is free".formatted(TRIES_MAX, address));
    }

    /// @param address such as `127.0.0.2`
    public static InetSocketAddress at(String address) throws IOException {
        return at(InetAddress.ofLiteral(address));
    }

    private static boolean isFree(InetAddress address, int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, address)) {
            return socket.isBound();
        } catch (IOException _) {
            return false;
        }
    }
}
