package io.helenus.engine.compaction;

import io.helenus.engine.compaction.Compactions.Outcome;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Something that an operator asked for: one compaction, or several one after another. Guarded by the
/// manager's lock.
final class Asked {
    final Compactions.Kind kind;
    final TableState table;
    final CompletableFuture<Outcome> done = new CompletableFuture<>();

    /// What is still to be started; known once no other compaction of the table runs.
    private final Function<TableState, List<CompactionJob.Plan>> prepare;

    private @Nullable Deque<CompactionJob.Plan> remaining;
    int running;
    Outcome outcome = Outcome.NOTHING;
    @Nullable Exception failure;

    Asked(
            Compactions.Kind kind,
            TableState table,
            Function<TableState, List<CompactionJob.Plan>> prepare) {
        this.kind = kind;
        this.table = table;
        this.prepare = prepare;
    }

    Deque<CompactionJob.Plan> remaining() {
        Deque<CompactionJob.Plan> known = remaining;
        if (known == null) {
            known = new ArrayDeque<>(prepare.apply(table));
            remaining = known;
        }
        return known;
    }

    boolean isPrepared() {
        return remaining != null;
    }

    /// Compactions that are not started; one as long as it is not known how many.
    int waiting() {
        Deque<CompactionJob.Plan> known = remaining;
        return known == null ? 1 : known.size();
    }

    /// Starts nothing more. What was not begun counts as stopped, so that nobody takes it for done.
    void cancel() {
        outcome = outcome.plus(new Outcome(0, waiting(), 0, 0));
        remaining = new ArrayDeque<>();
    }

    boolean isDone() {
        Deque<CompactionJob.Plan> known = remaining;
        return known != null && known.isEmpty() && running == 0;
    }

    /// To be called without the lock.
    void complete() {
        Exception met = failure;
        if (met == null) {
            done.complete(outcome);
        } else {
            done.completeExceptionally(met);
        }
    }
}
