package io.helenus.engine.messaging;

import java.time.Duration;

/// Limits of the messages between nodes.
///
/// @param messageBytesMax payload of one message
/// @param queueBytesMax what may wait, or be on its way into the socket, for one lane of one peer
/// @param queueBytesTotalMax the same for all peers together, urgent lanes not counted
/// @param inboundBytesMax what may have come on one connection without having been handled; a single
///     message may go beyond
/// @param inboundBytesTotalMax the same for all connections together, urgent lanes not counted
/// @param inboundConnectionsMax from other nodes at a time
/// @param compress whether payloads of the large lane are compressed
/// @param connectTimeout for the connection and the handshake, each
/// @param backoffMin wait before the second attempt to connect
/// @param backoffMax longest wait between two attempts
/// @param stallTimeout after which a connection that takes nothing is given up
public record MessagingOptions(
        int messageBytesMax,
        long queueBytesMax,
        long queueBytesTotalMax,
        long inboundBytesMax,
        long inboundBytesTotalMax,
        int inboundConnectionsMax,
        boolean compress,
        Duration connectTimeout,
        Duration backoffMin,
        Duration backoffMax,
        Duration stallTimeout) {
    private static final long MIB = 1 << 20;
    private static final int CONNECTIONS_MAX = 8192;

    public MessagingOptions {
        atLeast("messageBytesMax", messageBytesMax, Lane.SMALL_BYTES_MAX);
        atLeast("queueBytesMax", queueBytesMax, (long) messageBytesMax + Frame.BYTES);
        atLeast("queueBytesTotalMax", queueBytesTotalMax, queueBytesMax);
        atLeast("inboundBytesMax", inboundBytesMax, 1);
        atLeast("inboundBytesTotalMax", inboundBytesTotalMax, inboundBytesMax);
        atLeast("inboundConnectionsMax", inboundConnectionsMax, 1);
        atLeast("connectTimeout", connectTimeout.toMillis(), 1);
        atLeast("backoffMin", backoffMin.toNanos(), 1);
        atLeast("backoffMax", backoffMax.toNanos(), backoffMin.toNanos());
        atLeast("stallTimeout", stallTimeout.toNanos(), 1);
    }

    private static void atLeast(String name, long value, long min) {
        if (value < min) {
            throw new IllegalArgumentException(
                    "%s is %d, must be at least %d".formatted(name, value, min));
        }
    }

    /// @param memoryBytes that messages in either direction may take, each
    public static MessagingOptions of(long memoryBytes) {
        long total = Math.max(memoryBytes, 18 * MIB);
        int message = Math.toIntExact(Math.min(total - MIB, 64 * MIB));
        return new MessagingOptions(
                message,
                message + MIB,
                total,
                Math.min(total, 8 * MIB),
                total,
                CONNECTIONS_MAX,
                true,
                Duration.ofSeconds(5),
                Duration.ofMillis(100),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30));
    }
}
