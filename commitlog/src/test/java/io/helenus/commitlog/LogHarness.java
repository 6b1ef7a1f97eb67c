package io.helenus.commitlog;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/// A log whose clock and agents the test moves by hand, and all that its listener heard.
final class LogHarness implements AutoCloseable, CommitLogListener {
    /// A record as replay showed it.
    record Replayed(long position, List<Part> parts) {}

    /// One part, its bytes as a list so that parts are equal when their bytes are.
    record Part(long high, long low, List<Byte> bytes) {
        static Part of(long high, long low, byte[] bytes, int offset, int length) {
            List<Byte> list = new ArrayList<>();
            for (int i = 0; i < length; i++) {
                list.add(bytes[offset + i]);
            }
            return new Part(high, low, list);
        }
    }

    /// What a [DurabilityCallback] heard, as text: `durable 5` or `failed 5 why`.
    final List<String> heard = new ArrayList<>();

    final List<CommitLogException> failures = new ArrayList<>();
    final List<CommitLogException> prepareFailures = new ArrayList<>();
    final List<String> archiveFailures = new ArrayList<>();
    final List<List<TableId>> overCapacity = new ArrayList<>();
    final CommitLog log;
    long nowNanos = 1_000_000_000L;

    static CommitLogOptions options(Path directory, SegmentKind kind) {
        return CommitLogOptions.defaults(directory)
                .withSegmentBytes(CommitLogOptions.SEGMENT_BYTES_MIN)
                .withSegmentKinds(kind, kind);
    }

    LogHarness(CommitLogOptions options, LogFiles files) throws IOException {
        this(options, files, SegmentArchiver.NONE, Runnable::run);
    }

    LogHarness(
            CommitLogOptions options,
            LogFiles files,
            SegmentArchiver archiver,
            Executor archiveExecutor)
            throws IOException {
        log =
                CommitLog.open(
                        options,
                        new CommitLogEnvironment(
                                files, () -> nowNanos, () -> 0, this, archiver, archiveExecutor));
    }

    /// Runs both agents until neither has anything to do at this moment.
    void work() {
        boolean more = true;
        while (more) {
            boolean prepares = log.prepareAgent().doWork(nowNanos) <= 0;
            boolean syncs = log.syncAgent().doWork(nowNanos) <= 0;
            more = prepares || syncs;
        }
        log.prepareAgent().doWork(nowNanos); // what the last force allows
    }

    void pass(Duration time) {
        nowNanos += time.toNanos();
    }

    long append(long table, byte[] bytes) {
        return log.append(table, table, bytes, 0, bytes.length);
    }

    /// Fills up the active segment: returns after the append that went into the next one.
    long appendIntoNextSegment(long table) {
        long before = LogPosition.segmentId(log.position());
        long position = log.position();
        while (LogPosition.segmentId(position) == before) {
            work();
            position = append(table, new byte[1000]);
        }
        return position;
    }

    void hear(long position) {
        log.whenDurable(
                position,
                new DurabilityCallback() {
                    @Override
                    public void onDurable(long durable) {
                        heard.add("durable " + durable);
                    }

                    @Override
                    public void onFailure(long failed, CommitLogException failure) {
                        heard.add("failed " + failed + " " + failure.getMessage());
                    }
                });
    }

    /// Replays, retaining all.
    List<Replayed> replay() throws IOException {
        List<Replayed> records = new ArrayList<>();
        log.replay(
                record -> {
                    records.add(copy(record));
                    for (int part = 0; part < record.parts(); part++) {
                        record.retain(part);
                    }
                },
                ReplayOptions.DEFAULT);
        return records;
    }

    /// Replays a directory that no log has open.
    static List<Replayed> read(Path directory) throws IOException {
        List<Replayed> records = new ArrayList<>();
        new CommitLogReplay(new NioLogFiles(), ReplayOptions.DEFAULT)
                .run(directory, record -> records.add(copy(record)));
        return records;
    }

    static Replayed copy(ReplayedRecord record) {
        List<Part> parts = new ArrayList<>();
        for (int part = 0; part < record.parts(); part++) {
            parts.add(
                    Part.of(
                            record.tableIdHigh(part),
                            record.tableIdLow(part),
                            record.array(),
                            record.offset(part),
                            record.length(part)));
        }
        return new Replayed(record.position(), parts);
    }

    @Override
    public void onFailure(CommitLogException failure) {
        failures.add(failure);
    }

    @Override
    public void onPrepareFailure(CommitLogException failure) {
        prepareFailures.add(failure);
    }

    @Override
    public void onArchiveFailure(Path segment, Exception failure) {
        archiveFailures.add(segment.getFileName() + " " + failure.getMessage());
    }

    @Override
    public void onOverCapacity(long totalBytes, List<TableId> oldestDirtyTables) {
        overCapacity.add(oldestDirtyTables);
    }

    @Override
    public void close() {
        log.close();
    }
}
