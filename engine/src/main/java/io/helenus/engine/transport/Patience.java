package io.helenus.engine.transport;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Looks whether something moves: takes a figure, and again after a while, and so on. A figure that has
/// not grown meanwhile, while it should have, means that patience is over. Of one loop.
final class Patience {
    /// What should grow.
    interface Progress {
        long figure();
    }

    private final EventLoop loop;
    private final long millis;
    private final Progress progress;
    private final BooleanSupplier expected;
    private final Runnable over;
    private @Nullable Future<?> next;
    private long before;

    /// @param millis 0 for endless patience
    /// @param expected whether progress is; if not, watching ends, until it is started again
    /// @param over what happens then
    Patience(
            EventLoop loop,
            long millis,
            Progress progress,
            BooleanSupplier expected,
            Runnable over) {
        this.loop = loop;
        this.millis = millis;
        this.progress = progress;
        this.expected = expected;
        this.over = over;
    }

    /// Begins to watch. Nothing if it does already.
    void start() {
        if (millis > 0 && next == null) {
            lookLater();
        }
    }

    private void lookLater() {
        before = progress.figure();
        next = loop.schedule(this::look, millis, TimeUnit.MILLISECONDS);
    }

    private void look() {
        next = null;
        if (!expected.getAsBoolean()) {
            return;
        }
        if (progress.figure() <= before) {
            over.run();
        } else {
            lookLater();
        }
    }

    /// Watches no more.
    void stop() {
        Future<?> scheduled = next;
        if (scheduled != null) {
            next = null;
            boolean _ = scheduled.cancel(false);
        }
    }
}
