package io.helenus.engine.node;

import io.helenus.commitlog.CorruptSegmentException;
import io.helenus.commitlog.ReplayProgress;
import io.helenus.commitlog.ReplayReport;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Shows how far the replay of the commit log is: a line every two seconds, none if it takes less. One
/// thread.
final class ReplayLog implements ReplayProgress {
    private static final Logger LOG = LoggerFactory.getLogger(ReplayLog.class);
    private static final long PERIOD_NANOS = 2_000_000_000L;
    private static final double MIB = 1 << 20;
    private static final double NANOS = 1e9;

    private final LongSupplier nanoClock;
    private final Consumer<String> out;
    private final long begunNanos;
    private long toldNanos;

    ReplayLog(LongSupplier nanoClock, Consumer<String> out) {
        this.nanoClock = nanoClock;
        this.out = out;
        begunNanos = nanoClock.getAsLong();
        toldNanos = begunNanos;
    }

    @Override
    public void onProgress(Path segment, long bytesDone, long bytesTotal) {
        long now = nanoClock.getAsLong();
        if (now - toldNanos < PERIOD_NANOS || bytesTotal == 0) {
            return;
        }
        toldNanos = now;
        out.accept(
                String.format(
                        Locale.ROOT,
                        "Replaying the commit log: %d %% of %.0f MiB after %.0f s, now in %s",
                        bytesDone * 100 / bytesTotal,
                        bytesTotal / MIB,
                        (now - begunNanos) / NANOS,
                        segment.getFileName()));
    }

    /// Says how a replay ended.
    void report(ReplayReport report) {
        LOG.info(
                "Commit log replayed: {} records, {} MiB, of {} segments in {} s",
                report.records(),
                String.format(Locale.ROOT, "%.1f", report.bytes() / MIB),
                report.segments(),
                String.format(Locale.ROOT, "%.1f", (nanoClock.getAsLong() - begunNanos) / NANOS));
        for (CorruptSegmentException damage : report.damages()) {
            LOG.error(
                    "commitlog_ignore_replay_errors: {}. What follows in this segment is lost; the file is"
                            + " kept, and renamed to end in .damaged once the rest of it is flushed",
                    damage.getMessage());
        }
    }
}
