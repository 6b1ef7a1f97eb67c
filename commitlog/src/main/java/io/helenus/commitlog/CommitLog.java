package io.helenus.commitlog;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One append log in one directory. See the package's documentation for files and guarantees.
///
/// Threads: any thread may call any method, except that [#replay] is for the one that starts the
/// node, and [#close] waits for a force that is under way. [#append] and the rest of what event loops
/// call never park: the critical section is a spin lock around claim, copy and publication of one
/// record, so that all earlier bytes of a segment are written whenever a position is returned. The
/// checksum is computed before it. What else changes while the log runs is grouped below by who may
/// change it.
public final class CommitLog implements AutoCloseable {
    private static final VarHandle LOCK;
    private static final VarHandle TAIL;
    private static final VarHandle FAILURE;
    private static final VarHandle ANNOUNCED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            LOCK = lookup.findVarHandle(CommitLog.class, "lock", int.class);
            TAIL = lookup.findVarHandle(CommitLog.class, "tailPosition", long.class);
            FAILURE = lookup.findVarHandle(CommitLog.class, "failure", CommitLogException.class);
            ANNOUNCED = lookup.findVarHandle(CommitLog.class, "announced", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /// What [#mayAppend()] asks for: enough for the mutations that one turn of a loop takes in.
    private static final int USUAL_ROOM_BYTES = 64 << 10;

    private static final int SPINS_BEFORE_YIELD = 1 << 10;

    // Constant after construction.
    private final CommitLogOptions options;
    private final CommitLogEnvironment environment;
    private final int recordBytesMax;
    private final Syncer syncer;
    private final Preparer preparer;
    private final ThreadLocal<RecordParts> scratch = ThreadLocal.withInitial(RecordParts::new);
    private final List<Segment> segmentsToReplay;

    // The lock itself: 0 is free.
    @SuppressWarnings("UnusedVariable") // accessed through LOCK
    private volatile int lock;

    // Guarded by the lock, and read by any thread.
    private volatile @Nullable Segment active;
    private volatile @Nullable Segment spare;
    private volatile Segment[]
            segments; // oldest first, the active one last; never changed in place
    private volatile long tailPosition;
    private volatile boolean closed;
    private volatile int wantedBytes; // a record of this size found no room

    // Set once.
    private volatile @Nullable CommitLogException failure;

    @SuppressWarnings("UnusedVariable") // accessed through ANNOUNCED
    private volatile boolean announced;

    private boolean replayed; // of the replaying thread

    private CommitLog(
            CommitLogOptions options,
            CommitLogEnvironment environment,
            List<Segment> found,
            Preparer preparer,
            Segment first) {
        this.options = options;
        this.environment = environment;
        this.preparer = preparer;
        recordBytesMax = options.recordBytesMax();
        segmentsToReplay = found;
        segments = found.toArray(new Segment[found.size() + 1]);
        segments[found.size()] = first;
        active = first;
        tailPosition = LogPosition.of(first.id, first.tail);
        syncer = new Syncer(this, options, environment, tailPosition);
        preparer.attach(this);
    }

    /// Opens the log of a directory and makes its first new segment. Segments from before are kept
    /// until [#replay] has read them and what it retained is clean.
    ///
    /// Does I/O in the calling thread; a few milliseconds.
    ///
    /// @throws SegmentVersionException if a later release wrote to the directory; nothing is changed then
    public static CommitLog open(CommitLogOptions options, CommitLogEnvironment environment)
            throws IOException {
        if (options.segmentKind() == SegmentKind.MAPPED
                || options.firstSegmentKind() == SegmentKind.MAPPED) {
            ChronicleMemory.requireFlags();
        }
        Preparer preparer = new Preparer(options, environment);
        List<Segment> found = preparer.openDirectory();
        Segment first = preparer.createFirst();
        return new CommitLog(options, environment, found, preparer, first);
    }

    /// Makes bytes durable and tells who waits for it.
    public LogAgent syncAgent() {
        return syncer;
    }

    /// Prepares segments ahead of the appends and retires those that are no longer needed.
    public LogAgent prepareAgent() {
        return preparer;
    }

    public CommitLogOptions options() {
        return options;
    }

    /// Appends a record with one part. Allocates nothing, and does not keep the array.
    ///
    /// @return the position of the record
    /// @throws CommitLogBusyException if nothing is prepared to take it: see [#whenMayAppend]
    /// @throws CommitLogFullException if nothing can be prepared
    /// @throws RecordTooLargeException if it could never fit
    /// @throws CommitLogException if the log has failed or is closed
    public long append(long tableIdHigh, long tableIdLow, byte[] bytes, int offset, int length) {
        RecordParts parts = scratch.get();
        parts.add(tableIdHigh, tableIdLow, bytes, offset, length);
        try {
            return append(parts);
        } finally {
            parts.clear();
        }
    }

    /// Appends a record with several parts, which are replayed together or not at all. Throws as the
    /// other one does. The parts stay as they are; their owner clears them.
    public long append(RecordParts parts) {
        int recordBytes = checkedBytes(parts);
        int checksum = parts.checksum();
        long position = 0;
        boolean wakePreparer = false;
        boolean switched = false;
        lock();
        try {
            Segment before = active;
            Segment segment = failure == null ? roomFor(recordBytes) : null;
            if (segment != null) {
                position = write(parts, segment, recordBytes, checksum);
                switched = segment != before;
                wakePreparer = switched || segment.tail > segment.prepareAt;
                if (wakePreparer) {
                    segment.prepareAt = Integer.MAX_VALUE; // until the agent sets it again
                }
            }
        } finally {
            unlock();
            if (failure != null) {
                announceFailure(); // not under the lock: the listener is not ours
            }
        }
        if (position == 0) {
            throw refusal(recordBytes);
        }
        if (wakePreparer) {
            preparer.wake();
        }
        if (switched) {
            syncer.wake(); // a full segment is forced at once, and then unmapped
        }
        return position;
    }

    private int checkedBytes(RecordParts parts) {
        if (parts.count() == 0) {
            throw new IllegalArgumentException("A commit log record has no parts");
        }
        if (parts.recordBytes() > recordBytesMax) {
            throw new RecordTooLargeException(parts.recordBytes(), recordBytesMax);
        }
        return (int) parts.recordBytes();
    }

    /// Under the lock: copies the record to the segment's tail and publishes it.
    private long write(RecordParts parts, Segment segment, int recordBytes, int checksum) {
        int at = segment.tail;
        int end = at + recordBytes;
        int length = recordBytes - SegmentFormat.RECORD_HEADER_BYTES;
        try {
            parts.writeTo(
                    segment.memory(), at, checksum ^ SegmentFormat.salt(segment.id, at, length));
        } catch (RuntimeException | InternalError e) {
            // The bytes at the tail are unknown now. InternalError is how a mapping says that its
            // page could not be read or written.
            CommitLogException failed = failed("Cannot write to " + segment.path + " at " + at, e);
            FAILURE.compareAndSet(this, null, failed);
            throw failed;
        }
        for (int part = 0; part < parts.count(); part++) {
            segment.dirty.mark(parts.tableIdHigh(part), parts.tableIdLow(part), end);
        }
        segment.tail = end;
        long position = LogPosition.of(segment.id, end);
        TAIL.setRelease(this, position); // pairs with getAcquire in position()
        return position;
    }

    /// Under the lock: the segment that has room now, or null. Switches to the spare when the active
    /// segment is too full.
    private @Nullable Segment roomFor(int recordBytes) {
        Segment current = active;
        if (current == null) {
            return null;
        }
        if (current.tail + recordBytes <= current.readyTo) {
            return current;
        }
        Segment next = spare;
        boolean fits = current.tail + recordBytes <= current.capacity;
        if (fits || next == null || next.tail + recordBytes > next.readyTo) {
            wantedBytes = Math.max(wantedBytes, recordBytes);
            return null;
        }
        current.sealed = true;
        Segment[] more = Arrays.copyOf(segments, segments.length + 1);
        more[segments.length] = next;
        segments = more;
        spare = null;
        active = next;
        return next;
    }

    /// Why [#append] wrote nothing.
    private CommitLogException refusal(int recordBytes) {
        CommitLogException failed = failure;
        if (failed != null) {
            return new CommitLogException(
                    "The commit log has failed: " + failed.getMessage(), failed);
        }
        if (closed) {
            return new CommitLogException("The commit log is closed", null);
        }
        preparer.wake();
        CommitLogException unprepared = preparer.failure();
        return unprepared == null
                ? new CommitLogBusyException(recordBytes)
                : new CommitLogFullException(recordBytes, unprepared);
    }

    /// Whether the next mutations will find room, and forces keep up. When this says no, take in no
    /// more work and ask again in a callback of [#whenMayAppend]. It says yes when the log has failed
    /// or is closed, so that the append that follows can say why.
    public boolean mayAppend() {
        return mayAppend(USUAL_ROOM_BYTES);
    }

    /// The same for one record whose bytes are known.
    public boolean mayAppend(int bytes) {
        return failure != null || closed || hasRoom(bytes) && !syncer.lags();
    }

    /// Runs the callback on the prepare agent's thread as soon as [#mayAppend(int)] is true.
    public void whenMayAppend(int bytes, Runnable callback) {
        preparer.whenMayAppend(bytes, callback);
    }

    private int recordBytes(int bytes) {
        long record =
                (long) bytes + SegmentFormat.RECORD_HEADER_BYTES + SegmentFormat.PART_HEADER_BYTES;
        return (int) Math.min(record, recordBytesMax);
    }

    private boolean hasRoom(int bytes) {
        int needed = recordBytes(bytes);
        Segment current = active;
        long tail = position();
        if (current == null || LogPosition.segmentId(tail) != current.id) {
            return true; // just switched
        }
        int end = LogPosition.offset(tail) + needed;
        if (end <= current.capacity) {
            return end <= current.readyTo;
        }
        Segment next = spare;
        return next != null && next.tail + needed <= next.readyTo;
    }

    /// The position of the last record. Bytes up to here are in the log, maybe not on disk.
    public long position() {
        return (long) TAIL.getAcquire(this);
    }

    /// Everything up to here is on disk.
    public long durablePosition() {
        return syncer.durablePosition();
    }

    public boolean isDurable(long position) {
        return position <= syncer.durablePosition();
    }

    /// Whether a write may be acknowledged only once its position is durable.
    public boolean acknowledgesAfterForce() {
        return options.syncMode() != SyncMode.PERIODIC;
    }

    /// Has the callback told when a position is durable, which makes a force happen soon in every
    /// mode. Allocates one small object.
    public void whenDurable(long position, DurabilityCallback callback) {
        if (position > position()) {
            throw new IllegalArgumentException(
                    "Nothing is appended at "
                            + LogPosition.text(position)
                            + ", the log ends at "
                            + LogPosition.text(position()));
        }
        syncer.whenDurable(position, callback);
    }

    /// What the table had in the log up to a position is on disk elsewhere. Segments that hold nothing
    /// else are released, the active one excepted.
    public void markClean(long tableIdHigh, long tableIdLow, long upToPosition) {
        boolean released = false;
        for (Segment segment : segments) {
            long upToSegment = LogPosition.segmentId(upToPosition);
            if (segment.id > upToSegment) {
                break;
            }
            int upTo =
                    segment.id < upToSegment ? Integer.MAX_VALUE : LogPosition.offset(upToPosition);
            lock();
            try {
                released |=
                        segment.dirty.clean(tableIdHigh, tableIdLow, upTo)
                                && segment.dirty.isEmpty()
                                && segment.sealed;
            } finally {
                unlock();
            }
        }
        if (released) {
            preparer.wake();
        }
    }

    /// Reads all segments from before [#open], oldest first, and shows each record to the visitor. A
    /// segment stays until every table that the visitor retained in it is marked clean. Call it once;
    /// appends may already go on.
    ///
    /// @throws CorruptSegmentException if forced bytes are damaged and the options say to stop
    public ReplayReport replay(ReplayVisitor visitor, ReplayOptions replayOptions)
            throws IOException {
        if (replayed) {
            throw new IllegalStateException("The commit log has been replayed");
        }
        List<Path> paths = new ArrayList<>();
        for (Segment segment : segmentsToReplay) {
            paths.add(segment.path);
        }
        ReplayReport report =
                new CommitLogReplay(environment.files(), replayOptions)
                        .run(paths, (index, record) -> retain(index, record, visitor));
        replayed = true;
        lock();
        try {
            for (Segment segment : segmentsToReplay) {
                segment.awaitsReplay = false;
                for (CorruptSegmentException damage : report.damages()) {
                    segment.damaged |= damage.file().equals(segment.path);
                }
            }
        } finally {
            unlock();
        }
        preparer.wake();
        return report;
    }

    private void retain(int index, ReplayedRecord record, ReplayVisitor visitor) {
        visitor.visit(record);
        if (!record.retainsAny()) {
            return;
        }
        Segment segment = segmentsToReplay.get(index);
        lock();
        try {
            for (int part = 0; part < record.parts(); part++) {
                if (record.retains(part)) {
                    segment.dirty.mark(
                            record.tableIdHigh(part),
                            record.tableIdLow(part),
                            LogPosition.offset(record.position()));
                }
            }
        } finally {
            unlock();
        }
    }

    public CommitLogStats stats() {
        return syncer.stats(totalBytes(), segments.length, options.segmentBytes());
    }

    /// Forces what is there, tells who waits, and closes. Waits for a running force and must not be
    /// called by an event loop. Later calls do nothing.
    ///
    /// @throws CommitLogException if the last force or closing a file fails
    @Override
    public void close() {
        Segment last;
        Segment unused;
        lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            last = active;
            unused = spare;
            if (last != null) {
                last.sealed = true;
            }
            active = null;
            spare = null;
        } finally {
            unlock();
        }
        try {
            syncer.close();
        } finally {
            preparer.close(last, unused);
        }
    }

    // What follows is for the agents.

    /// Stops the log for good.
    CommitLogException fail(String what, Throwable cause) {
        CommitLogException failed = failed(what, cause);
        FAILURE.compareAndSet(this, null, failed);
        announceFailure();
        return failed;
    }

    private static CommitLogException failed(String what, Throwable cause) {
        return new CommitLogException(what + ": " + cause.getMessage(), cause);
    }

    private void announceFailure() {
        CommitLogException failed = failure;
        if (failed != null && ANNOUNCED.compareAndSet(this, false, true)) {
            environment.listener().onFailure(failed);
            syncer.wake();
            preparer.wake();
        }
    }

    @Nullable CommitLogException failure() {
        return failure;
    }

    boolean isClosed() {
        return closed;
    }

    @Nullable Segment active() {
        return active;
    }

    @Nullable Segment spare() {
        return spare;
    }

    Segment[] segments() {
        return segments;
    }

    int wantedBytes() {
        return wantedBytes;
    }

    void wakePreparer() {
        preparer.wake();
    }

    /// Offers a spare segment.
    ///
    /// @return false if the log has been closed meanwhile
    boolean offerSpare(Segment segment) {
        lock();
        try {
            if (!closed) {
                spare = segment;
            }
            return !closed;
        } finally {
            unlock();
        }
    }

    /// Has the prepare agent make room for a record.
    void want(int bytes) {
        lock();
        try {
            wantedBytes = Math.max(wantedBytes, recordBytes(bytes));
        } finally {
            unlock();
        }
    }

    void clearWanted() {
        lock();
        try {
            wantedBytes = 0;
        } finally {
            unlock();
        }
    }

    /// Sets when the prepare agent wants to be woken next.
    ///
    /// @return false if the segment's tail is already beyond
    boolean setPrepareAt(Segment segment, int offset) {
        lock();
        try {
            segment.prepareAt = offset;
            return segment.tail <= offset;
        } finally {
            unlock();
        }
    }

    /// Takes a segment out of the log if nothing in it is needed.
    boolean release(Segment segment) {
        lock();
        try {
            if (segment.awaitsReplay || !segment.dirty.isEmpty()) {
                return false;
            }
            segments =
                    Arrays.stream(segments)
                            .filter(other -> other != segment)
                            .toArray(Segment[]::new);
            return true;
        } finally {
            unlock();
        }
    }

    /// The tables whose flush releases the oldest segments, until at most `bytesMax` remain.
    List<TableId> oldestDirtyTables(long bytesMax) {
        Set<TableId> tables = new LinkedHashSet<>();
        long excess = liveBytes() - bytesMax;
        Segment[] oldestFirst = segments;
        for (int i = 0; i < oldestFirst.length - 1 && excess > 0; i++) {
            List<TableId> dirty = new ArrayList<>();
            lock();
            try {
                oldestFirst[i].dirty.forEach(dirty::add);
            } finally {
                unlock();
            }
            dirty.sort(TableId.ORDER);
            tables.addAll(dirty);
            excess -= oldestFirst[i].capacity;
        }
        return List.copyOf(tables);
    }

    private long totalBytes() {
        Segment next = spare;
        return liveBytes() + (next == null ? 0 : next.capacity);
    }

    /// Size of all segments that hold records, or may soon.
    long liveBytes() {
        long bytes = 0;
        for (Segment segment : segments) {
            bytes += segment.capacity;
        }
        return bytes;
    }

    static long nanos(Duration duration) {
        return duration.compareTo(Duration.ofDays(365)) > 0
                ? Duration.ofDays(365).toNanos()
                : duration.toNanos();
    }

    /// Never parks: whoever holds the lock leaves it within a copy of one record. Yielding after a
    /// while is for a holder that has lost its core.
    @SuppressWarnings("ThreadPriorityCheck") // progress does not depend on the yield
    private void lock() {
        int spins = 0;
        while (!LOCK.compareAndSet(this, 0, 1)) {
            do {
                if (++spins % SPINS_BEFORE_YIELD == 0) {
                    Thread.yield();
                } else {
                    Thread.onSpinWait();
                }
            } while ((int) LOCK.getOpaque(this) != 0);
        }
    }

    private void unlock() {
        LOCK.setRelease(this, 0);
    }
}
