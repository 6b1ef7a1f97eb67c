package io.helenus.test.simulation;

import static io.helenus.test.simulation.Simulation.MILLI;
import static io.helenus.test.simulation.Simulation.SECOND;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A file of records: appended to, or replaced as a whole, in order. Writing takes no time, forcing
/// does, and forces all that was written before it began. A force may fail; after that nothing is
/// written any more until the disk is opened again. A disk that is full takes nothing for a while.
final class SimulatedDisk {
    /// The process that uses it; never called inline.
    interface User {
        /// @param sequence of the last write that is durable
        void forced(long sequence);

        /// Writing is over.
        void failed();

        /// Whether a write that is the only one may be forgotten, for lack of room.
        boolean mayTakeBack(long sequence);

        /// It was.
        void notWritten(long sequence);

        /// There is no room; it is tried again.
        void delayed();
    }

    private record Write(long sequence, boolean replaces, List<byte[]> records) {}

    private final Simulation simulation;
    private final Deque<Write> unforced = new ArrayDeque<>();
    private List<byte[]> durable = new ArrayList<>();
    private boolean slow;
    private boolean forcing;
    private long life; // of the process that uses it
    private boolean failing; // the next force fails
    private boolean failed;
    private boolean full;
    private @Nullable User user;

    SimulatedDisk(Simulation simulation) {
        this.simulation = simulation;
    }

    /// A process starts and reads.
    List<byte[]> open(User process) {
        life++;
        user = process;
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

    /// Whether there is no room.
    void setFull(boolean value) {
        full = value;
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
        User process = user;
        if (process == null) {
            return;
        }
        if (failing) {
            forcing = false;
            failed = true;
            process.failed();
            return;
        }
        if (full) {
            forcing = false;
            refuse(process);
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
        process.forced(sequence);
    }

    private void refuse(User process) {
        Write first = unforced.getFirst();
        if (unforced.size() == 1 && !first.replaces && process.mayTakeBack(first.sequence)) {
            unforced.clear();
            process.notWritten(first.sequence);
            return;
        }
        long began = life;
        simulation.after(
                SECOND,
                () -> {
                    if (life == began && !forcing && !failed && !unforced.isEmpty()) {
                        force();
                    }
                });
        process.delayed();
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
        user = null;
    }
}
