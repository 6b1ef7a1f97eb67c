package io.helenus.gossip.exchange;

import io.helenus.gossip.detector.DetectorSettings;

/// Limits and times of the exchange.
///
/// @param intervalNanos between two ticks; what one tick is late does not matter
/// @param digestsMax nodes in one SYN; in a larger cluster each SYN has another part of them, so news
/// and signs of life take longer by as much: detection is made for all of them in each
/// @param deltaBytesMax bytes of state in one message; what is left out comes with a later one
/// @param nodesMax nodes that are known at most; more are refused with a warning
/// @param echoTimeoutNanos after which an unanswered echo is sent again
/// @param quarantineNanos for which a removed node is not learned again, whatever its generation
/// @param discoveryNanos after which a discovery without result ends
/// @param generationAheadSecondsMax how far in the future a generation may lie
/// @param clockSkewMicrosMax difference of clocks that is warned of
public record GossipSettings(
        long intervalNanos,
        int digestsMax,
        int deltaBytesMax,
        int nodesMax,
        long echoTimeoutNanos,
        long quarantineNanos,
        long discoveryNanos,
        long generationAheadSecondsMax,
        long clockSkewMicrosMax,
        DetectorSettings detector) {
    private static final long SECOND = 1_000_000_000;
    private static final long YEAR_SECONDS = 365L * 24 * 3600;

    public static final GossipSettings DEFAULT =
            new GossipSettings(
                    SECOND,
                    8192,
                    128 << 10,
                    8192,
                    2 * SECOND,
                    60 * SECOND,
                    30 * SECOND,
                    YEAR_SECONDS,
                    5_000_000,
                    DetectorSettings.DEFAULT);

    public GossipSettings {
        atLeast("intervalNanos", intervalNanos, 1_000_000);
        atLeast("digestsMax", digestsMax, 2);
        atMost("digestsMax", digestsMax, GossipCodec.DIGESTS_MAX);
        atLeast("deltaBytesMax", deltaBytesMax, GossipCodec.ONE_ENTRY_BYTES_MAX);
        atMost("deltaBytesMax", deltaBytesMax, GossipCodec.MESSAGE_BYTES_MAX / 2);
        atLeast("nodesMax", nodesMax, 2);
        atLeast("echoTimeoutNanos", echoTimeoutNanos, 1);
        atLeast("quarantineNanos", quarantineNanos, 0);
        atLeast("discoveryNanos", discoveryNanos, intervalNanos);
        atLeast("generationAheadSecondsMax", generationAheadSecondsMax, 1);
        atLeast("clockSkewMicrosMax", clockSkewMicrosMax, 1);
    }

    private static void atLeast(String name, long value, long min) {
        if (value < min) {
            throw new IllegalArgumentException(
                    "%s is %d, must be at least %d".formatted(name, value, min));
        }
    }

    private static void atMost(String name, long value, long max) {
        if (value > max) {
            throw new IllegalArgumentException(
                    "%s is %d, must be at most %d".formatted(name, value, max));
        }
    }

    public GossipSettings withDetector(DetectorSettings other) {
        return new GossipSettings(
                intervalNanos,
                digestsMax,
                deltaBytesMax,
                nodesMax,
                echoTimeoutNanos,
                quarantineNanos,
                discoveryNanos,
                generationAheadSecondsMax,
                clockSkewMicrosMax,
                other);
    }

    public GossipSettings withDiscoveryNanos(long nanos) {
        return new GossipSettings(
                intervalNanos,
                digestsMax,
                deltaBytesMax,
                nodesMax,
                echoTimeoutNanos,
                quarantineNanos,
                nanos,
                generationAheadSecondsMax,
                clockSkewMicrosMax,
                detector);
    }

    /// The same with other limits of messages.
    public GossipSettings withMessageLimits(int digests, int deltaBytes) {
        return new GossipSettings(
                intervalNanos,
                digests,
                deltaBytes,
                nodesMax,
                echoTimeoutNanos,
                quarantineNanos,
                discoveryNanos,
                generationAheadSecondsMax,
                clockSkewMicrosMax,
                detector);
    }
}
