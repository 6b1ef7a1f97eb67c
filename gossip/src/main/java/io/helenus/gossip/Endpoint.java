package io.helenus.gossip;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/// Where a node listens for other nodes: an IP address and a port. Ordered by the bytes of the
/// address, IPv4 before IPv6, then by port; never looks up a name.
public final class Endpoint implements Comparable<Endpoint> {
    public static final int IPV4_BYTES = 4;
    public static final int IPV6_BYTES = 16;
    public static final int PORT_MAX = 0xffff;

    private final boolean ipv6;
    private final long high; // of an IPv6 address; 0 otherwise
    private final long low;
    private final int port;

    private Endpoint(boolean ipv6, long high, long low, int port) {
        if (port < 0 || port > PORT_MAX) {
            throw new IllegalArgumentException(
                    "Port is %d, must be in 0..%d".formatted(port, PORT_MAX));
        }
        this.ipv6 = ipv6;
        this.high = high;
        this.low = low;
        this.port = port;
    }

    /// @param address 4 or 16 bytes
    public static Endpoint of(byte[] address, int port) {
        ByteBuffer bytes = ByteBuffer.wrap(address);
        return switch (address.length) {
            case IPV4_BYTES -> ipv4(bytes.getInt(), port);
            case IPV6_BYTES -> ipv6(bytes.getLong(), bytes.getLong(), port);
            default ->
                    throw new IllegalArgumentException(
                            "An IP address of %d bytes, must be %d or %d"
                                    .formatted(address.length, IPV4_BYTES, IPV6_BYTES));
        };
    }

    public static Endpoint ipv4(int address, int port) {
        return new Endpoint(false, 0, Integer.toUnsignedLong(address), port);
    }

    public static Endpoint ipv6(long high, long low, int port) {
        return new Endpoint(true, high, low, port);
    }

    /// @param literal an address, not a name: `10.0.0.1` or `2001:db8::1`
    public static Endpoint of(String literal, int port) {
        return of(InetAddress.ofLiteral(literal).getAddress(), port);
    }

    /// @throws IllegalArgumentException if the socket address holds a name that was never looked up
    public static Endpoint of(InetSocketAddress socket) {
        InetAddress address = socket.getAddress();
        if (address == null) {
            throw new IllegalArgumentException("Unresolved address " + socket);
        }
        return of(address.getAddress(), socket.getPort());
    }

    /// What [#toString] makes: `10.0.0.1:7000`, `[2001:db8:0:0:0:0:0:1]:7000`.
    public static Endpoint parse(String text) {
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            String host = text.substring(0, colon);
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            } else if (host.indexOf(':') >= 0) {
                throw new IllegalArgumentException("an IPv6 address needs brackets");
            }
            return of(host, port);
        } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
            throw new IllegalArgumentException("Not an address and port: '" + text + "'", e);
        }
    }

    public boolean isIpv6() {
        return ipv6;
    }

    /// The upper half of an IPv6 address.
    public long high() {
        return high;
    }

    /// The lower half of an IPv6 address, or the four bytes of an IPv4 address.
    public long low() {
        return low;
    }

    public int port() {
        return port;
    }

    public InetAddress address() {
        ByteBuffer bytes = ByteBuffer.allocate(ipv6 ? IPV6_BYTES : IPV4_BYTES);
        if (ipv6) {
            bytes.putLong(high).putLong(low);
        } else {
            bytes.putInt((int) low);
        }
        try {
            return InetAddress.getByAddress(bytes.array());
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes are always an address", e);
        }
    }

    public InetSocketAddress socketAddress() {
        return new InetSocketAddress(address(), port);
    }

    @Override
    public int compareTo(Endpoint other) {
        if (ipv6 != other.ipv6) {
            return ipv6 ? 1 : -1;
        }
        if (high != other.high) {
            return Long.compareUnsigned(high, other.high);
        }
        if (low != other.low) {
            return Long.compareUnsigned(low, other.low);
        }
        return Integer.compare(port, other.port);
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof Endpoint other
                && ipv6 == other.ipv6
                && high == other.high
                && low == other.low
                && port == other.port;
    }

    @Override
    public int hashCode() {
        long mixed = (high * 31 + low) * 31 + port;
        return Long.hashCode(mixed * 0x9E3779B97F4A7C15L);
    }

    @Override
    public String toString() {
        String host = address().getHostAddress();
        return (ipv6 ? "[" + host + "]" : host) + ":" + port;
    }
}
