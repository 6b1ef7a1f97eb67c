package io.helenus.engine.transport;

/// Small limits for tests, on one loop so that neighbours share it.
final class Limits {
    private static final TransportOptions USUAL = TransportOptions.defaults();

    private int frameBytes = USUAL.frameBytesMax();
    private int connections;
    private int streams = USUAL.streamsPerConnectionMax();
    private long inFlightPerConnection = USUAL.inFlightBytesPerConnectionMax();
    private long inFlight = USUAL.inFlightBytesMax();
    private long stalledMillis = USUAL.stalledMillisMax();
    private long idleMillis = USUAL.idleMillisMax();
    private long resultBytes = USUAL.resultBytesMax();

    private Limits() {}

    private TransportOptions options() {
        return new TransportOptions(
                USUAL.transport(),
                1,
                frameBytes,
                connections,
                streams,
                inFlightPerConnection,
                inFlight,
                USUAL.outboundHighBytes(),
                USUAL.outboundLowBytes(),
                USUAL.outboundBytesMax(),
                stalledMillis,
                idleMillis,
                true,
                resultBytes);
    }

    static TransportOptions with(int frameBytes, long perConnection, long total) {
        Limits limits = new Limits();
        limits.frameBytes = frameBytes;
        limits.inFlightPerConnection = perConnection;
        limits.inFlight = total;
        return limits.options();
    }

    static TransportOptions streams(int streams) {
        Limits limits = new Limits();
        limits.streams = streams;
        return limits.options();
    }

    static TransportOptions connections(int connections) {
        Limits limits = new Limits();
        limits.connections = connections;
        return limits.options();
    }

    static TransportOptions patience(long stalledMillis, long idleMillis) {
        Limits limits = new Limits();
        limits.stalledMillis = stalledMillis;
        limits.idleMillis = idleMillis;
        return limits.options();
    }

    static TransportOptions results(long bytes) {
        Limits limits = new Limits();
        limits.resultBytes = bytes;
        return limits.options();
    }
}
