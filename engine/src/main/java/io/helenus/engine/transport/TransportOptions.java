package io.helenus.engine.transport;

/// Limits of the native protocol server. The names in `helenus.yaml` are in brackets.
///
/// @param transport how sockets are driven; [IoTransport#AUTO] picks what was measured to be cheapest
/// @param loops event loops; each is one thread
/// @param frameBytesMax largest request in bytes, header included; a larger one is refused and skipped
///     (`native_transport_max_frame_size`, 16 MiB as in Cassandra 5.0)
/// @param connectionsMax connections at a time, more are closed at once; 0 is no limit
///     (`native_transport_max_concurrent_connections`)
/// @param streamsPerConnectionMax requests of one connection that may be unanswered at a time
/// @param inFlightBytesPerConnectionMax bytes of a connection's unanswered requests above which it is
///     not read from (one request always fits)
/// @param inFlightBytesMax the same over all connections; also bounds what half received large
///     requests may hold
/// @param outboundHighBytes unsent bytes of a connection above which it is no longer read from
/// @param outboundLowBytes unsent bytes at which reading goes on
/// @param outboundBytesMax unsent bytes at which a client that only listens to events is cut off
/// @param stalledMillisMax after so long a client is cut off that takes none of its answers, or has not
///     said anything since it connected; 0 is never (`native_transport_stalled_timeout`)
/// @param idleMillisMax after so long, or twice that, a client is cut off that asks for nothing; 0 is never
///     (`native_transport_idle_timeout`)
/// @param nodelay sends small packets at once
/// @param resultBytesMax bytes of results that were made and not yet taken by a socket, above which no
///     more are made (`native_transport_max_result_data_in_flight`)
public record TransportOptions(
        IoTransport transport,
        int loops,
        int frameBytesMax,
        int connectionsMax,
        int streamsPerConnectionMax,
        long inFlightBytesPerConnectionMax,
        long inFlightBytesMax,
        int outboundHighBytes,
        int outboundLowBytes,
        int outboundBytesMax,
        long stalledMillisMax,
        long idleMillisMax,
        boolean nodelay,
        long resultBytesMax) {
    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;
    private static final int FRAME_BYTES_LIMIT = 256 * MIB;
    private static final int STREAMS_LIMIT = 32_768;

    public TransportOptions {
        check(loops >= 1, "loops", loops, "at least 1");
        check(
                frameBytesMax >= KIB && frameBytesMax <= FRAME_BYTES_LIMIT,
                "frameBytesMax",
                frameBytesMax,
                "within 1 KiB and 256 MiB");
        check(connectionsMax >= 0, "connectionsMax", connectionsMax, "at least 0");
        check(
                streamsPerConnectionMax >= 1 && streamsPerConnectionMax <= STREAMS_LIMIT,
                "streamsPerConnectionMax",
                streamsPerConnectionMax,
                "within 1 and 32768");
        check(
                inFlightBytesPerConnectionMax >= KIB,
                "inFlightBytesPerConnectionMax",
                inFlightBytesPerConnectionMax,
                "at least 1 KiB");
        check(
                inFlightBytesMax >= Math.max(inFlightBytesPerConnectionMax, frameBytesMax),
                "inFlightBytesMax",
                inFlightBytesMax,
                "at least inFlightBytesPerConnectionMax and frameBytesMax");
        check(
                outboundLowBytes >= 1 && outboundLowBytes <= outboundHighBytes,
                "outboundLowBytes",
                outboundLowBytes,
                "within 1 and outboundHighBytes");
        check(
                outboundBytesMax >= outboundHighBytes,
                "outboundBytesMax",
                outboundBytesMax,
                "at least outboundHighBytes");
        check(stalledMillisMax >= 0, "stalledMillisMax", stalledMillisMax, "at least 0");
        check(idleMillisMax >= 0, "idleMillisMax", idleMillisMax, "at least 0");
        check(resultBytesMax >= KIB, "resultBytesMax", resultBytesMax, "at least 1 KiB");
    }

    public static TransportOptions defaults() {
        return new TransportOptions(
                IoTransport.AUTO,
                2,
                16 * MIB,
                0,
                STREAMS_LIMIT,
                8L * MIB,
                64L * MIB,
                256 * KIB,
                64 * KIB,
                32 * MIB,
                60_000,
                0,
                true,
                64L * MIB);
    }

    public TransportOptions withTransport(IoTransport other) {
        return new TransportOptions(
                other,
                loops,
                frameBytesMax,
                connectionsMax,
                streamsPerConnectionMax,
                inFlightBytesPerConnectionMax,
                inFlightBytesMax,
                outboundHighBytes,
                outboundLowBytes,
                outboundBytesMax,
                stalledMillisMax,
                idleMillisMax,
                nodelay,
                resultBytesMax);
    }

    private static void check(boolean valid, String name, long value, String allowed) {
        if (!valid) {
            throw new IllegalArgumentException(name + " is " + value + ", must be " + allowed);
        }
    }
}
