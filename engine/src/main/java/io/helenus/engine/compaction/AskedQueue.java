package io.helenus.engine.compaction;

import io.helenus.engine.compaction.Compactions.Kind;
import io.helenus.engine.storage.TableStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What operators asked for and is not finished, the oldest first. Of each table one is at work at a time,
/// and that begins when nothing else runs there. Guarded by the manager's lock.
final class AskedQueue {
    private final List<Asked> asked = new ArrayList<>();

    void add(Asked added) {
        asked.add(added);
    }

    /// Those of which something may start now.
    List<Asked> ready() {
        List<Asked> ready = new ArrayList<>();
        Set<TableState> tables = new HashSet<>();
        for (Asked each : asked) {
            boolean isFirst = tables.add(each.table);
            if (isFirst && (each.isPrepared() || each.table.running == 0)) {
                ready.add(each);
            }
        }
        return ready;
    }

    boolean hasAnyOf(TableState table) {
        return asked.stream().anyMatch(each -> each.table == table);
    }

    /// Compactions of a table that are not started; one where it is not known yet how many.
    int waiting(TableState table) {
        return asked.stream().filter(each -> each.table == table).mapToInt(Asked::waiting).sum();
    }

    void cancelAll() {
        asked.forEach(Asked::cancel);
    }

    void cancel(TableStore store) {
        asked.stream().filter(each -> each.table.store == store).forEach(Asked::cancel);
    }

    /// @return how many compactions are not started for that
    int cancel(Kind kind) {
        int count = 0;
        for (Asked each : asked) {
            if (each.kind == kind) {
                count += each.waiting();
                each.cancel();
            }
        }
        return count;
    }

    /// Whoever calls this completes them, without the lock.
    List<Asked> takeDone() {
        List<Asked> done = asked.stream().filter(Asked::isDone).toList();
        asked.removeAll(done);
        return done;
    }
}
