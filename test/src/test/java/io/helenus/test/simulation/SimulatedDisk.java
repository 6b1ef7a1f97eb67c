package io.helenus.test.simulation;

import static io.helenus.test.simulation.Simulation.MILLI;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongConsumer;

/// A file of records: appended to, or replaced as a whole, in order. Writing takes no time, forcing
/// does, and forces all that was written before it began. A force may fail; after that nothing is
/// written any more until the disk is opened again.
final class SimulatedDisk {
    private record Write(long sequence, boolean replaces, List<byte[]> records) {}

    private final Simulation simulation;
    private final Deque<Write> unforced = new ArrayDeque<>();
    private List<byte[]> durable = new ArrayList<>();
    private boolean slow;
    private boolean forcing;
    private long life; // of the process that uses it
    private boolean failing; // the next force fails
    private boolean failed;
    private LongConsumer onForced = _ -> {};
    private Runnable onFailure = () -> {};

    SimulatedDisk(Simulation simulation) {
        this.simulation = simulation;
    }

    /// A process starts and reads.
    ///
    /// @param forcedUpTo told the sequence of the last write that is durable, never inline
    /// @param failure told once, never inline, that writing is over
    List<byte[]> open(LongConsumer forcedUpTo, Runnable failure) {
        life++;
        onForced = forcedUpTo;
        onFailure = failure;
        forcing = false;
        failing = false;
        failed = false;
        return List.copyOf(durable);
    }

    /// Whether forcing often takes long.
    void setSlow(boolean value) {
        slow = value;
    }

    /// Whether the next force fails.
    void setFailing(boolean value) {
        failing = value;
    }

    void append(long sequence, byte[] bytes) {
        write(new Write(sequence, false, List.of(bytes)));
    }

    void replace(long sequence, List<byte[]> records) {
        write(new Write(sequence, true, List.copyOf(records)));
    }

    private void write(Write write) {
        unforced.addLast(write);
        if (!forcing && !failed) {
            force();
        }
    }

    private void force() {
        forcing = true;
        int count = unforced.size();
        long began = life;
        boolean longTime = simulation.happens(slow ? 0.5 : 0.02);
        long takes =
                longTime
                        ? simulation.between(50 * MILLI, 800 * MILLI)
                        : simulation.between(MILLI / 10, 8 * MILLI);
        simulation.after(
                takes,
                () -> {
                    if (life == began) {
                        forced(count);
                    }
                });
    }

    private void forced(int count) {
        if (failing) {
            forcing = false;
            failed = true;
            onFailure.run();
            return;
        }
        long sequence = 0;
        for (int i = 0; i < count; i++) {
            sequence = persist(unforced.removeFirst());
        }
        forcing = false;
        if (!unforced.isEmpty()) {
            force();
        }
        onForced.accept(sequence);
    }

    private long persist(Write write) {
        if (write.replaces) {
            durable = new ArrayList<>();
        }
        durable.addAll(write.records);
        return write.sequence;
    }

    /// The machine stops. Of what was not forced a beginning may be there afterwards, also of what a
    /// force that failed should have written.
    void crash() {
        life++;
        int survives = simulation.happens(0.5) ? 0 : simulation.random.nextInt(unforced.size() + 1);
        for (int i = 0; i < survives; i++) {
            persist(unforced.removeFirst());
        }
        unforced.clear();
        forcing = false;
        onForced = _ -> {};
        onFailure = () -> {};
    }
}
