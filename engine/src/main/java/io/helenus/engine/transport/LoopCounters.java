package io.helenus.engine.transport;

import java.util.concurrent.atomic.AtomicLong;

/// Counters of one loop. The loop alone adds, without a locked instruction; any thread reads.
final class LoopCounters {
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicLong deferred = new AtomicLong();
    private final AtomicLong pauses = new AtomicLong();
    private final AtomicLong receivedBytes = new AtomicLong();
    private final AtomicLong sentBytes = new AtomicLong();

    private static void add(AtomicLong counter, long amount) {
        counter.setRelease(counter.getPlain() + amount);
    }

    void request() {
        add(requests, 1);
    }

    void error() {
        add(errors, 1);
    }

    void deferred() {
        add(deferred, 1);
    }

    void pause() {
        add(pauses, 1);
    }

    void receivedBytes(int bytes) {
        add(receivedBytes, bytes);
    }

    void sentBytes(int bytes) {
        add(sentBytes, bytes);
    }

    long requests() {
        return requests.getAcquire();
    }

    long errors() {
        return errors.getAcquire();
    }

    long deferredRequests() {
        return deferred.getAcquire();
    }

    long pauses() {
        return pauses.getAcquire();
    }

    long receivedBytes() {
        return receivedBytes.getAcquire();
    }

    long sentBytes() {
        return sentBytes.getAcquire();
    }
}
