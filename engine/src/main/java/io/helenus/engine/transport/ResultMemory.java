package io.helenus.engine.transport;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/// The results that one server has made and no socket has taken yet: those on their way from another
/// thread to a loop, and large ones that wait in a connection. The more of its budget is in use, the
/// earlier pages end, as the protocol permits; with nothing left, requests that run off the loops wait
/// until sockets have taken something, or their clients were cut off. Any thread.
final class ResultMemory {
    /// However little is left, a page may have this; and what waits in a connection and is no larger is
    /// not counted.
    static final int PAGE_BYTES_MIN = 64 << 10;

    private static final int PAGE_BYTES_MAX = 8 << 20;

    /// Pages that fit what is left: others are being made at the same time.
    private static final int PAGES = 8;

    private final long bytesMax;
    private final AtomicLong bytes = new AtomicLong();
    private final Queue<Deferred> waiting = new ConcurrentLinkedQueue<>();

    ResultMemory(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    void add(long made) {
        bytes.addAndGet(made);
    }

    void remove(long taken) {
        bytes.addAndGet(-taken);
        letGoOn();
    }

    long bytes() {
        return bytes.get();
    }

    boolean hasRoom() {
        return bytes.get() < bytesMax;
    }

    /// At how many bytes a page ends that is made now.
    int pageBytes() {
        long left = bytesMax - bytes.get();
        return Math.clamp(left / PAGES, PAGE_BYTES_MIN, PAGE_BYTES_MAX);
    }

    /// Has a request run again when there is room.
    void await(Deferred request) {
        waiting.add(request);
        letGoOn(); // room may have come before it stood in the queue
    }

    private void letGoOn() {
        while (hasRoom()) {
            Deferred next = waiting.poll();
            if (next == null) {
                return;
            }
            next.again();
        }
    }
}
