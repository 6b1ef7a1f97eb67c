package io.helenus.engine.storage;

import io.helenus.engine.storage.memtable.Memtable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// What a table consists of at one moment: memtables, newest first, and SSTables, newest data first.
/// Immutable. Holds its parts from when it is made until [ViewPins] finds that nobody reads it.
final class View {
    private static final Comparator<SSTable> NEWEST_DATA_FIRST =
            Comparator.comparingLong((SSTable table) -> table.file().maxTimestamp())
                    .reversed()
                    .thenComparing(Comparator.comparingLong(SSTable::generation).reversed());

    /// The active one first.
    final CountedMemtable[] memtables;

    final SSTable[] sstables;

    private View(CountedMemtable[] memtables, SSTable[] sstables) {
        this.memtables = memtables;
        this.sstables = sstables;
    }

    static View of(List<CountedMemtable> memtables, Collection<SSTable> sstables) {
        SSTable[] sorted = sstables.toArray(SSTable[]::new);
        Arrays.sort(sorted, NEWEST_DATA_FIRST);
        View view = new View(memtables.toArray(CountedMemtable[]::new), sorted);
        for (CountedMemtable memtable : view.memtables) {
            memtable.retain();
        }
        for (SSTable sstable : sorted) {
            sstable.retain();
        }
        return view;
    }

    Memtable active() {
        return memtables[0].memtable();
    }

    /// A new memtable before all others.
    View withActive(CountedMemtable fresh) {
        List<CountedMemtable> all = new ArrayList<>(memtables.length + 1);
        all.add(fresh);
        all.addAll(List.of(memtables));
        return of(all, List.of(sstables));
    }

    View without(
            Collection<CountedMemtable> goneMemtables,
            Collection<SSTable> goneSSTables,
            Collection<SSTable> added) {
        List<CountedMemtable> keptMemtables = new ArrayList<>(List.of(memtables));
        keptMemtables.removeAll(goneMemtables);
        List<SSTable> keptSSTables = new ArrayList<>(List.of(sstables));
        keptSSTables.removeAll(goneSSTables);
        keptSSTables.addAll(added);
        return of(keptMemtables, keptSSTables);
    }

    boolean holds(CountedMemtable memtable) {
        return List.of(memtables).contains(memtable);
    }

    /// Lets go of its parts. Once, by [ViewPins].
    void free() {
        for (SSTable sstable : sstables) {
            sstable.release();
        }
        for (CountedMemtable memtable : memtables) {
            memtable.release();
        }
    }
}
