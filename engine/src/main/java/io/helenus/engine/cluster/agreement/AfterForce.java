package io.helenus.engine.cluster.agreement;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What has to wait until records are on disk: numbers the records, and keeps each action until the last
/// one before it is forced. Of the thread of its [Agreement].
final class AfterForce {
    /// What waits until the record of this sequence is forced.
    ///
    /// @param delayed instead, if it cannot be written for now; null if nobody waits for an answer
    private record Deferred(long sequence, Runnable action, @Nullable Consumer<String> delayed) {}

    private final boolean waitsForDisk;
    private final Deque<Deferred> deferred = new ArrayDeque<>(); // by sequence
    private long lastSequence; // of what was to be written
    private long forcedSequence;

    /// @param waitsForDisk false only where a simulation shows what that leads to
    AfterForce(boolean waitsForDisk) {
        this.waitsForDisk = waitsForDisk;
    }

    /// The number of one more record.
    long next() {
        return ++lastSequence;
    }

    /// Runs the action when all records so far are forced, perhaps at once.
    void run(Runnable action) {
        run(action, null);
    }

    /// The same.
    ///
    /// @param delayed told why, in place of the action, if they cannot be written for now
    void run(Runnable action, @Nullable Consumer<String> delayed) {
        if (lastSequence == forcedSequence || !waitsForDisk) {
            action.run();
        } else {
            deferred.addLast(new Deferred(lastSequence, action, delayed));
        }
    }

    /// Everything up to this sequence is on disk.
    void forced(long sequence) {
        forcedSequence = Math.max(forcedSequence, sequence);
        Deferred first = deferred.peekFirst();
        while (first != null && first.sequence <= forcedSequence) {
            deferred.removeFirst();
            first.action.run();
            first = deferred.peekFirst();
        }
    }

    /// Whether this is the last record, and the only one that is not forced.
    boolean waitsOnlyFor(long sequence) {
        return sequence == lastSequence && sequence == forcedSequence + 1;
    }

    /// That record is not written, and will not be. Answers are given now: what they say was durable
    /// before. Whatever else waits is forgotten.
    void givenUp(long sequence) {
        List<Deferred> waiting = List.copyOf(deferred);
        deferred.clear();
        forcedSequence = sequence;
        for (Deferred each : waiting) {
            if (each.delayed != null) {
                each.action.run();
            }
        }
    }

    /// Whoever has to be told that it takes longer is told so; what that was for no longer happens.
    void delayed(String why) {
        List<Deferred> waiting = List.copyOf(deferred);
        deferred.removeIf(each -> each.delayed != null);
        for (Deferred each : waiting) {
            Consumer<String> told = each.delayed;
            if (told != null) {
                told.accept(why);
            }
        }
    }

    /// Forgets all that waits.
    void clear() {
        deferred.clear();
    }
}
