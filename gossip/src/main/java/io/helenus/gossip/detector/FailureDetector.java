package io.helenus.gossip.detector;

/// Says whether a silence is long enough; knows when the local process was silent itself.
public final class FailureDetector {
    private static final double LN_10 = Math.log(10);

    private final DetectorSettings settings;
    private boolean ticked;
    private long lastTickNanos;
    private boolean paused;
    private long pauseEndNanos;

    public FailureDetector(DetectorSettings settings) {
        this.settings = settings;
    }

    public ArrivalWindow newWindow(long nowNanos) {
        return new ArrivalWindow(settings, nowNanos);
    }

    /// To be called before windows are judged, at least once in `localPauseNanos`.
    ///
    /// @return how long the process stood still, 0 if it did not
    public long tick(long nowNanos) {
        long sinceLast = ticked ? nowNanos - lastTickNanos : 0;
        ticked = true;
        lastTickNanos = nowNanos;
        if (sinceLast > settings.localPauseNanos()) {
            paused = true;
            pauseEndNanos = nowNanos;
            return sinceLast;
        }
        if (paused && nowNanos - pauseEndNanos >= settings.localPauseNanos()) {
            paused = false;
        }
        return 0;
    }

    public double phi(ArrivalWindow window, long nowNanos) {
        double mean = Math.max(1, window.meanNanos()); // many arrivals at one moment
        return window.nanosSinceArrival(nowNanos) / (mean * LN_10);
    }

    /// Whether the silence convicts; never soon after a pause of the local process.
    public boolean convicts(ArrivalWindow window, long nowNanos) {
        return !paused && phi(window, nowNanos) > settings.convictThreshold();
    }
}
