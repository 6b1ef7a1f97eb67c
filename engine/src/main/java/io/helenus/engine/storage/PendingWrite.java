package io.helenus.engine.storage;

import io.helenus.commitlog.CommitLogException;
import io.helenus.commitlog.DurabilityCallback;
import io.helenus.engine.storage.mutation.WriteCallback;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A batch on its way into its memtables, possibly after its record has been forced. Its parts count
/// down, wherever each is applied; the last one tells the caller.
final class PendingWrite implements DurabilityCallback, WriteCallback {
    private final WriteBatch batch;
    private final WriteCallback callback;
    private final AtomicInteger left;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /// @param batch whose write groups have been entered
    PendingWrite(WriteBatch batch, WriteCallback callback) {
        this.batch = batch;
        this.callback = callback;
        left = new AtomicInteger(batch.count() + 1); // one for the thread that applies
    }

    /// @return whether all of it is applied; if not, the callback will be told
    boolean apply() {
        int done = 1;
        for (int i = 0; i < batch.count(); i++) {
            try {
                if (batch.memtable(i)
                        .apply(batch.array(i), batch.offset(i), batch.length(i), this)) {
                    done++;
                }
            } catch (RuntimeException e) {
                failure.compareAndSet(null, e);
                done++;
            }
        }
        if (left.addAndGet(-done) > 0) {
            return false;
        }
        Throwable failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("A write could not be applied", failed);
        }
        return true;
    }

    @Override
    public void applied() {
        if (left.decrementAndGet() == 0) {
            tell();
        }
    }

    @Override
    public void failed(Throwable met) {
        failure.compareAndSet(null, met);
        applied();
    }

    private void tell() {
        Throwable failed = failure.get();
        if (failed == null) {
            callback.applied();
        } else {
            callback.failed(failed);
        }
    }

    @Override
    public void onDurable(long position) {
        try {
            if (apply()) {
                callback.applied();
            }
        } catch (IllegalStateException e) {
            callback.failed(e);
        }
    }

    @Override
    public void onFailure(long position, CommitLogException met) {
        batch.leave(0, batch.count());
        callback.failed(met);
    }
}
