package io.helenus.engine.storage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Who reads which View, on one node. A reader announces the View that it reads in a slot of its own
/// and then looks whether that is still the table's newest; so pinning is one store and touches no
/// memory that others write. A View that was replaced waits here until no slot names it.
///
/// Any thread pins. Views are freed by whoever replaces one, and if a reader was in it, on the executor
/// after that reader has left.
final class ViewPins {
    /// One reader's pin. Set and cleared by one thread.
    static final class Slot {
        private volatile @Nullable View view;
    }

    private final Executor executor;
    private final AtomicBoolean asked = new AtomicBoolean();
    private volatile Slot[] slots = {};
    private volatile int retiredCount;
    private final List<View> retired = new ArrayList<>(); // guarded by this

    ViewPins(Executor executor) {
        this.executor = executor;
    }

    synchronized Slot register() {
        Slot slot = new Slot();
        Slot[] grown = Arrays.copyOf(slots, slots.length + 1);
        grown[slots.length] = slot;
        slots = grown;
        return slot;
    }

    synchronized void unregister(Slot slot) {
        slots = Arrays.stream(slots).filter(other -> other != slot).toArray(Slot[]::new);
    }

    int slots() {
        return slots.length;
    }

    /// Pins a table's newest View.
    View pin(Slot slot, TableStore table) {
        View view = table.view();
        slot.view = view;
        View again = table.view();
        while (again != view) {
            view = again;
            slot.view = view;
            again = table.view();
        }
        return view;
    }

    void unpin(Slot slot) {
        slot.view = null;
        if (retiredCount > 0 && asked.compareAndSet(false, true)) {
            executor.execute(() -> {
                asked.set(false);
                freeUnpinned();
            });
        }
    }

    /// Takes a View that has been replaced, and frees it when nobody reads it.
    void retire(View view) {
        synchronized (this) {
            retired.add(view);
            retiredCount = retired.size();
        }
        freeUnpinned();
    }

    private void freeUnpinned() {
        List<View> unpinned = new ArrayList<>();
        synchronized (this) {
            Slot[] all = slots;
            for (int i = retired.size() - 1; i >= 0; i--) {
                View view = retired.get(i);
                if (Arrays.stream(all).noneMatch(slot -> slot.view == view)) {
                    unpinned.add(view);
                    retired.remove(i);
                }
            }
            retiredCount = retired.size();
        }
        unpinned.forEach(View::free);
    }
}
