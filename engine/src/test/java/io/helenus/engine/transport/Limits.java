package io.helenus.engine.transport;

/// Small limits for tests, on one loop so that neighbours share it.
final class Limits {
    private Limits() {}

    static TransportOptions with(int frameBytes, long perConnection, long total) {
        TransportOptions o = TransportOptions.defaults();
        return new TransportOptions(
                o.transport(),
                1,
                frameBytes,
                0,
                o.streamsPerConnectionMax(),
                perConnection,
                total,
                o.outboundHighBytes(),
                o.outboundLowBytes(),
                o.outboundBytesMax(),
                o.stalledMillisMax(),
                o.idleMillisMax(),
                true,
                o.resultBytesMax());
    }

    static TransportOptions streams(int streams) {
        TransportOptions o = TransportOptions.defaults();
        return new TransportOptions(
                o.transport(),
                1,
                o.frameBytesMax(),
                0,
                streams,
                o.inFlightBytesPerConnectionMax(),
                o.inFlightBytesMax(),
                o.outboundHighBytes(),
                o.outboundLowBytes(),
                o.outboundBytesMax(),
                o.stalledMillisMax(),
                o.idleMillisMax(),
                true,
                o.resultBytesMax());
    }

    static TransportOptions connections(int connections) {
        TransportOptions o = TransportOptions.defaults();
        return new TransportOptions(
                o.transport(),
                1,
                o.frameBytesMax(),
                connections,
                o.streamsPerConnectionMax(),
                o.inFlightBytesPerConnectionMax(),
                o.inFlightBytesMax(),
                o.outboundHighBytes(),
                o.outboundLowBytes(),
                o.outboundBytesMax(),
                o.stalledMillisMax(),
                o.idleMillisMax(),
                true,
                o.resultBytesMax());
    }

    static TransportOptions patience(long stalledMillis, long idleMillis) {
        TransportOptions o = TransportOptions.defaults();
        return new TransportOptions(
                o.transport(),
                1,
                o.frameBytesMax(),
                0,
                o.streamsPerConnectionMax(),
                o.inFlightBytesPerConnectionMax(),
                o.inFlightBytesMax(),
                o.outboundHighBytes(),
                o.outboundLowBytes(),
                o.outboundBytesMax(),
                stalledMillis,
                idleMillis,
                true,
                o.resultBytesMax());
    }

    static TransportOptions results(long bytes) {
        TransportOptions o = TransportOptions.defaults();
        return new TransportOptions(
                o.transport(),
                1,
                o.frameBytesMax(),
                0,
                o.streamsPerConnectionMax(),
                o.inFlightBytesPerConnectionMax(),
                o.inFlightBytesMax(),
                o.outboundHighBytes(),
                o.outboundLowBytes(),
                o.outboundBytesMax(),
                o.stalledMillisMax(),
                o.idleMillisMax(),
                true,
                bytes);
    }
}
