package io.helenus.commitlog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// Keeps room ready ahead of the appends and puts away full segments. [#doWork] belongs to the prepare
/// agent's thread; opening comes before it and closing takes the same monitor. The other methods are
/// for any thread and never block.
///
/// A new segment starts with its header and a little room, is forced and renamed into place, and then
/// filled with zeros further as its tail moves: nothing is written that a small log never needs, the
/// first segment is there in milliseconds, and a full disk is met here, in a `write` that fails, and not
/// by an append. The spare is made when the active segment is half full. A recycled segment has its
/// blocks already and gets a new header only.
final class Preparer implements LogAgent {
    private static final int FIRST_FILL_BYTES = 256 << 10;
    private static final int FILL_STEP_BYTES = 1 << 20;
    private static final int FILL_AHEAD_BYTES = 8 << 20;
    private static final int TOUCH_AHEAD_BYTES = 1 << 20;
    private static final int FIRST_TOUCH_BYTES = 64 << 10;
    private static final int ZEROS_BYTES = 64 << 10;
    private static final long RETRY_NANOS = 1_000_000_000L;

    /// Ids of a log that begins in an empty directory start at the seconds since this moment, so that
    /// positions which somebody remembers from before the directory was emptied lie behind.
    private static final long ID_EPOCH_SECONDS = 1_704_067_200L; // 2024-01-01

    private static final long MICROS_PER_SECOND = 1_000_000L;

    private record RoomWaiter(int bytes, Runnable callback) {}

    // Constant after construction; the log after attach.
    private final CommitLogOptions options;
    private final CommitLogEnvironment environment;
    private final LogFiles files;
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS_BYTES);
    private @Nullable CommitLog attached;

    // Any thread adds, the agent takes.
    private final ConcurrentLinkedQueue<RoomWaiter> arrivals = new ConcurrentLinkedQueue<>();

    // Written by the agent (the waker by the wiring), read by any thread.
    private volatile @Nullable CommitLogException failure;
    private volatile Runnable waker = () -> {};

    // Guarded by the monitor.
    private final Deque<Path> pool = new ArrayDeque<>();
    private final List<RoomWaiter> waiters = new ArrayList<>();
    private long lastId;
    private long retryAtNanos;
    private long capacityToldForId = -1;
    private boolean archiveFailed;
    private boolean closed;

    Preparer(CommitLogOptions options, CommitLogEnvironment environment) {
        this.options = options;
        this.environment = environment;
        files = environment.files();
    }

    void attach(CommitLog log) {
        attached = log;
    }

    private CommitLog log() {
        if (attached == null) {
            throw new IllegalStateException("The commit log is not open yet");
        }
        return attached;
    }

    @Override
    public void wakeWith(Runnable newWaker) {
        waker = newWaker;
    }

    void wake() {
        waker.run();
    }

    /// Why no room can be prepared at present.
    @Nullable CommitLogException failure() {
        return failure;
    }

    void whenMayAppend(int bytes, Runnable callback) {
        log().want(bytes);
        arrivals.add(new RoomWaiter(bytes, callback));
        wake();
        if (log().isClosed()) {
            tellLateWaiters(); // nobody else will
        }
    }

    private synchronized void tellLateWaiters() {
        if (closed) { // else closing will
            tellWaiters();
        }
    }

    /// Deletes unfinished files, pools recyclable ones, and lists the segments, oldest first.
    synchronized List<Segment> openDirectory() throws IOException {
        Path directory = options.directory();
        files.createDirectories(directory);
        List<Path> present = files.list(directory);
        for (Path file : present) {
            requireKnownVersion(file); // before anything is changed
        }
        List<Segment> found = new ArrayList<>();
        for (Path file : present) {
            if (SegmentName.matches(file, SegmentName.TEMPORARY)) {
                files.delete(file);
            } else if (SegmentName.matches(file, SegmentName.RECYCLE)) {
                lastId = Math.max(lastId, SegmentName.segmentId(file));
                putIntoPool(file, sizeOf(file));
            } else if (SegmentName.matches(file, SegmentName.LOG)) {
                long id = SegmentName.segmentId(file);
                lastId = Math.max(lastId, id);
                long bytes = Math.min(sizeOf(file), Integer.MAX_VALUE);
                found.add(new Segment(id, file, (int) bytes)); // names sort as ids do
            } else if (SegmentName.matches(file, SegmentName.DAMAGED)) {
                lastId = Math.max(lastId, SegmentName.segmentId(file));
            }
        }
        if (lastId == 0) {
            long seconds =
                    environment.wallMicros().getAsLong() / MICROS_PER_SECOND - ID_EPOCH_SECONDS;
            lastId = Math.max(0, Math.min(seconds, Integer.MAX_VALUE / 2));
        }
        lastId = Math.max(lastId, LogPosition.segmentId(options.startAfter()));
        return found;
    }

    private void requireKnownVersion(Path file) throws IOException {
        if (SegmentName.matches(file, SegmentName.LOG)
                || SegmentName.matches(file, SegmentName.RECYCLE)) {
            ByteBuffer header = ByteBuffer.allocate(SegmentHeader.BYTES);
            try (LogFile open = files.openForRead(file)) {
                int count = 0;
                while (header.hasRemaining() && count >= 0) {
                    count = open.read(header, header.position());
                }
            }
            SegmentHeader.requireKnownVersion(file, header.flip());
        }
    }

    private long sizeOf(Path file) throws IOException {
        try (LogFile open = files.openForRead(file)) {
            return open.size();
        }
    }

    synchronized Segment createFirst() throws IOException {
        return create(options.firstSegmentKind());
    }

    @Override
    public synchronized long doWork(long nowNanos) {
        if (closed) {
            return UNTIL_WOKEN;
        }
        boolean more = false;
        boolean resting = failure != null && nowNanos - retryAtNanos < 0;
        if (!resting && log().failure() == null) {
            more = prepare(nowNanos);
        }
        Segment active = log().active();
        if (active != null) {
            touchAhead(active);
        }
        retire(null);
        tellOverCapacity();
        tellWaiters();
        if (log().failure() != null) {
            return UNTIL_WOKEN;
        }
        if (failure != null) {
            return Math.max(1, retryAtNanos - nowNanos);
        }
        if (more || active != null && !log().setPrepareAt(active, nextCallAt(active))) {
            return 0;
        }
        return archiveFailed ? RETRY_NANOS : UNTIL_WOKEN;
    }

    /// Tried again, as everything that is prepared is.
    @Override
    public synchronized long doWorkFailed(Throwable thrown) {
        failure =
                new CommitLogException("The commit log's prepare agent failed: " + thrown, thrown);
        retryAtNanos = environment.nanoClock().getAsLong() + RETRY_NANOS;
        return RETRY_NANOS;
    }

    /// One step towards the room that there should be.
    ///
    /// @return whether there are more steps to do
    private boolean prepare(long nowNanos) {
        try {
            boolean more = prepareStep();
            failure = null;
            return more;
        } catch (IOException | RuntimeException | LinkageError e) {
            boolean news = failure == null;
            CommitLogException failed =
                    new CommitLogException(
                            "Cannot prepare a commit log segment in %s: %s"
                                    .formatted(options.directory(), e.getMessage()),
                            e);
            failure = failed;
            retryAtNanos = nowNanos + RETRY_NANOS;
            if (news) {
                environment.listener().onPrepareFailure(failed);
            }
            return false;
        }
    }

    private boolean prepareStep() throws IOException {
        Segment active = log().active();
        if (active == null) {
            return false;
        }
        int tail = tailOf(active);
        int wanted = log().wantedBytes();
        boolean fits = tail + wanted <= active.capacity;
        if (step(active, tail + (fits ? Math.max(wanted, ahead()) : 0))) {
            return true;
        }
        Segment spare = log().spare();
        if (spare == null && (tail > active.capacity / 2 || !fits)) {
            Segment created = create(options.segmentKind());
            created.touchedTo = Math.min(created.tail + FIRST_TOUCH_BYTES, created.readyTo);
            created.touch(created.tail, created.touchedTo);
            if (!log().offerSpare(created)) {
                created.unmap();
                created.closeFile();
            }
            return true;
        }
        if (spare != null && step(spare, spare.tail + Math.max(wanted, ahead()))) {
            return true;
        }
        if (wanted > 0) {
            log().clearWanted();
        }
        return false;
    }

    private int ahead() {
        return Math.min(FILL_AHEAD_BYTES, options.segmentBytes() / 4);
    }

    private boolean step(Segment segment, int goal) throws IOException {
        int to = Math.min(goal, segment.capacity);
        if (segment.readyTo >= to) {
            return false;
        }
        segment.fill(zeros, Math.min(segment.readyTo + FILL_STEP_BYTES, segment.capacity));
        return true;
    }

    private int tailOf(Segment active) {
        long tail = log().position();
        return LogPosition.segmentId(tail) == active.id
                ? LogPosition.offset(tail)
                : SegmentFormat.RECORDS_AT;
    }

    private void touchAhead(Segment active) {
        int tail = tailOf(active);
        if (active.touchedTo - tail < TOUCH_AHEAD_BYTES / 2) {
            int to = Math.min(tail + TOUCH_AHEAD_BYTES, active.readyTo);
            int from = Math.max(active.touchedTo, tail);
            if (from < to) {
                active.touch(from, to);
                active.touchedTo = to;
            }
        }
    }

    /// The offset in the active segment at which there is something to do again.
    private int nextCallAt(Segment active) {
        int at = Integer.MAX_VALUE;
        if (active.readyTo < active.capacity) {
            at = active.readyTo - ahead() / 2;
        }
        if (active.touchedTo < active.readyTo) {
            at = Math.min(at, active.touchedTo - TOUCH_AHEAD_BYTES / 2);
        }
        if (log().spare() == null) {
            at = Math.min(at, active.capacity / 2);
        }
        return at;
    }

    /// Makes a segment: under a temporary name, forced, renamed, the name forced.
    private Segment create(SegmentKind kind) throws IOException {
        long id = lastId + 1;
        Path temporary = SegmentName.of(options.directory(), id, SegmentName.TEMPORARY);
        Path path = SegmentName.of(options.directory(), id, SegmentName.LOG);
        int bytes = options.segmentBytes();
        Path recycled = pool.poll();
        if (recycled != null) {
            files.move(recycled, temporary);
            // Before the header changes, the old name must be gone for good: a crash must not bring
            // back a segment whose name and header contradict each other.
            files.forceDirectory(options.directory());
        }
        LogFile file = files.openForWrite(temporary);
        try {
            int readyTo = bytes;
            if (recycled == null) {
                readyTo = Math.min(bytes, FIRST_FILL_BYTES);
                // A mapping must not reach beyond the end of the file.
                file.write(ByteBuffer.allocate(1), bytes - 1L);
                for (int at = 0; at < readyTo; at += ZEROS_BYTES) {
                    file.write(zeros.clear().limit(Math.min(ZEROS_BYTES, readyTo - at)), at);
                }
            }
            long now = environment.wallMicros().getAsLong();
            file.write(new SegmentHeader(id, bytes, now).encode(), 0);
            file.force();
            files.move(temporary, path);
            lastId = id;
            files.forceDirectory(options.directory());
            SegmentMemory memory = SegmentMemory.open(kind, path, bytes, file);
            return new Segment(id, path, bytes, memory, file, readyTo);
        } catch (IOException | RuntimeException | LinkageError e) {
            discard(file, temporary, path);
            throw e;
        }
    }

    /// Cleans up after a failure that is on its way to the caller.
    private void discard(LogFile file, Path... paths) {
        try {
            file.close();
            List<Path> present = files.list(options.directory());
            for (Path path : paths) {
                if (present.contains(path)) {
                    files.delete(path);
                }
            }
        } catch (IOException e) {
            // The next start deletes or replays what is left: it holds no records.
            failure = new CommitLogException("Cannot clean up: " + e.getMessage(), e);
        }
    }

    /// Unmaps, archives and releases full segments.
    ///
    /// @param kept the last segment of a log that closes: it stays, so that ids go on from it
    private void retire(@Nullable Segment kept) {
        archiveFailed = false;
        for (Segment segment : log().segments()) {
            if (segment.sealed && SegmentMemory.FORCE_COVERS_MAPPINGS) {
                segment.unmap(); // need not wait for the force
            }
            if (!segment.complete || segment == kept) {
                continue;
            }
            try {
                segment.unmap();
                segment.closeFile();
                archive(segment);
                if (segment.archive == Segment.Archive.DONE && log().release(segment)) {
                    putAway(segment);
                }
            } catch (IOException e) {
                CommitLogException failed =
                        new CommitLogException(
                                "Cannot put away " + segment.path + ": " + e.getMessage(), e);
                environment.listener().onPrepareFailure(failed);
            }
            if (segment.archive == Segment.Archive.FAILED) {
                archiveFailed = true;
            }
        }
    }

    private void archive(Segment segment) {
        if (segment.archive == Segment.Archive.WAITING
                || segment.archive == Segment.Archive.FAILED) {
            segment.archive = Segment.Archive.RUNNING;
            environment.archiveExecutor().execute(() -> runArchiver(segment));
        }
    }

    private void runArchiver(Segment segment) {
        try {
            environment.archiver().archive(segment.path, segment.id);
            segment.archive = Segment.Archive.DONE;
        } catch (IOException | RuntimeException e) {
            segment.archive = Segment.Archive.FAILED;
            environment.listener().onArchiveFailure(segment.path, e);
        }
        wake();
    }

    private void putAway(Segment segment) throws IOException {
        Path directory = options.directory();
        if (segment.damaged) {
            files.move(segment.path, SegmentName.of(directory, segment.id, SegmentName.DAMAGED));
            return;
        }
        if (pool.size() < options.pooledSegmentsMax()
                && segment.capacity == options.segmentBytes()) {
            Path recycled = SegmentName.of(directory, segment.id, SegmentName.RECYCLE);
            files.move(segment.path, recycled);
            pool.add(recycled);
            return;
        }
        files.delete(segment.path);
    }

    private void putIntoPool(Path file, long bytes) throws IOException {
        if (pool.size() < options.pooledSegmentsMax() && bytes == options.segmentBytes()) {
            pool.add(file);
            return;
        }
        files.delete(file);
    }

    private void tellOverCapacity() {
        Segment active = log().active();
        long total = log().liveBytes();
        if (active == null || total <= options.totalBytesMax() || active.id == capacityToldForId) {
            return;
        }
        capacityToldForId = active.id; // again when the next segment begins
        List<TableId> tables = log().oldestDirtyTables(options.totalBytesMax());
        if (!tables.isEmpty()) {
            environment.listener().onOverCapacity(total, tables);
        }
    }

    private void tellWaiters() {
        RoomWaiter arrived = arrivals.poll();
        while (arrived != null) {
            waiters.add(arrived);
            arrived = arrivals.poll();
        }
        List<RoomWaiter> ready = new ArrayList<>();
        for (RoomWaiter waiter : waiters) {
            // Also when preparation fails: the append that follows says why.
            if (failure != null || log().mayAppend(waiter.bytes())) {
                ready.add(waiter);
            }
        }
        waiters.removeAll(ready);
        for (RoomWaiter waiter : ready) {
            try {
                waiter.callback().run();
            } catch (RuntimeException e) {
                Syncer.reportUncaught(e);
            }
        }
    }

    /// Unmaps and closes all. Any thread, once, after the sync agent is closed.
    synchronized void close(@Nullable Segment last, @Nullable Segment unused) {
        if (log().failure() == null) {
            retire(last);
        }
        closed = true;
        IOException failed = null;
        for (Segment segment : log().segments()) {
            failed = closeAll(segment, failed);
        }
        if (unused != null) {
            failed = closeAll(unused, failed);
            failed = deleteUnused(unused, failed);
        }
        if (last != null && last.tail == SegmentFormat.RECORDS_AT && log().segments().length > 1) {
            failed = deleteUnused(last, failed); // the ones before it keep the ids going
        }
        tellWaiters();
        if (failed != null) {
            throw new CommitLogException(
                    "Cannot close the commit log: " + failed.getMessage(), failed);
        }
    }

    private static @Nullable IOException closeAll(Segment segment, @Nullable IOException before) {
        try {
            segment.unmap();
            segment.closeFile();
            return before;
        } catch (IOException e) {
            return before == null ? e : before;
        }
    }

    private @Nullable IOException deleteUnused(Segment segment, @Nullable IOException before) {
        try {
            files.delete(segment.path);
            return before;
        } catch (IOException e) {
            return before == null ? e : before;
        }
    }
}
