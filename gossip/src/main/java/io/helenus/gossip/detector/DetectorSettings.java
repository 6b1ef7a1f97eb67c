package io.helenus.gossip.detector;

/// What the package's table says.
public record DetectorSettings(
        double convictThreshold,
        int samplesMax,
        long initialIntervalNanos,
        long intervalNanosMax,
        long localPauseNanos) {
    public static final double THRESHOLD_MIN = 5;
    public static final double THRESHOLD_MAX = 16;
    private static final long SECOND = 1_000_000_000;

    public static final DetectorSettings DEFAULT =
            new DetectorSettings(8, 1000, 2 * SECOND, 2 * SECOND, 5 * SECOND);

    public DetectorSettings {
        boolean valid = convictThreshold >= THRESHOLD_MIN && convictThreshold <= THRESHOLD_MAX;
        if (!valid) { // NaN, too
            throw new IllegalArgumentException(
                    "phi_convict_threshold is %s, must be in %s..%s"
                            .formatted(convictThreshold, THRESHOLD_MIN, THRESHOLD_MAX));
        }
        if (samplesMax < 1) {
            throw new IllegalArgumentException(
                    "samplesMax is " + samplesMax + ", must be at least 1");
        }
        checkInterval("initialIntervalNanos", initialIntervalNanos);
        checkInterval("intervalNanosMax", intervalNanosMax);
        checkInterval("localPauseNanos", localPauseNanos);
    }

    private static void checkInterval(String name, long nanos) {
        if (nanos < 1_000 || nanos > 1_000_000 * (long) Integer.MAX_VALUE / 1_000) {
            throw new IllegalArgumentException(
                    "%s is %d, must be in 1 µs..35 min".formatted(name, nanos));
        }
    }

    public DetectorSettings withConvictThreshold(double threshold) {
        return new DetectorSettings(
                threshold, samplesMax, initialIntervalNanos, intervalNanosMax, localPauseNanos);
    }
}
