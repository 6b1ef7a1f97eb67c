package io.helenus.gossip.detector;

import java.util.Arrays;

/// The latest intervals between arrivals of news about one node, and their mean. Starts small and
/// grows, as a node keeps one for each other node.
public final class ArrivalWindow {
    private static final int FIRST_SAMPLES = 8;
    private static final int NANOS_PER_MICRO = 1_000;

    private final DetectorSettings settings;
    private int[] micros;
    private int count;
    private int next;
    private long sumMicros;
    private long lastNanos;

    /// @param nowNanos counts as the first arrival
    public ArrivalWindow(DetectorSettings settings, long nowNanos) {
        this.settings = settings;
        micros = new int[Math.min(FIRST_SAMPLES, settings.samplesMax())];
        lastNanos = nowNanos;
        add(settings.initialIntervalNanos());
    }

    public void arrived(long nowNanos) {
        long interval = nowNanos - lastNanos;
        lastNanos = nowNanos;
        if (interval <= settings.intervalNanosMax()) {
            add(interval);
        }
    }

    private void add(long intervalNanos) {
        if (count == micros.length && count < settings.samplesMax()) {
            micros = Arrays.copyOf(micros, Math.min(2 * count, settings.samplesMax()));
        }
        if (count == micros.length) {
            sumMicros -= micros[next];
        } else {
            count++;
        }
        micros[next] = (int) (intervalNanos / NANOS_PER_MICRO);
        sumMicros += micros[next];
        next = next + 1 == settings.samplesMax() ? 0 : next + 1;
    }

    public double meanNanos() {
        return (double) sumMicros * NANOS_PER_MICRO / count;
    }

    public long nanosSinceArrival(long nowNanos) {
        return nowNanos - lastNanos;
    }
}
