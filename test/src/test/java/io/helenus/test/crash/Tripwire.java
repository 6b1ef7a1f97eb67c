package io.helenus.test.crash;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// In the child: marks each operation on files, and stops for good in the n-th of the wanted phase, for
/// the parent to kill the process there. Other threads go on. Any thread.
final class Tripwire {
    private final Marks marks;
    private final Phase wanted;
    private final AtomicInteger left;
    private volatile boolean serving;

    /// @param operations of the wanted phase that pass before one stops
    Tripwire(Marks marks, Phase wanted, int operations) {
        this.marks = marks;
        this.wanted = wanted;
        left = new AtomicInteger(operations);
    }

    /// From now on a start is over.
    void serving() {
        serving = true;
        marks.leave(Phase.REPLAY);
    }

    /// Part of an operation.
    @FunctionalInterface
    interface Half {
        void run() throws IOException;
    }

    /// Before an operation that has either happened or not.
    void enter(Phase phase) throws IOException {
        enter(phase, () -> {});
    }

    /// @param half is done, and no more, if the operation is the one to stop in
    void enter(Phase phase, Half half) throws IOException {
        marks.enter(phase);
        boolean counts = phase == wanted && (serving || wanted == Phase.REPLAY);
        if (counts && left.getAndDecrement() == 0) {
            half.run();
            System.out.println(Child.stopped());
            forEver();
        }
    }

    /// After an operation.
    void leave(Phase phase) {
        marks.leave(phase);
    }

    private static void forEver() {
        CountDownLatch never = new CountDownLatch(1);
        while (never.getCount() > 0) {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the process is about to be killed
            }
        }
    }
}
