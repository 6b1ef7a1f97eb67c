package io.helenus.engine.bulk;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Work that runs beside the thread that asked for it. The first failure is kept and is what everybody
/// gets from then on. Any thread.
final class BulkTasks {
    private final Executor executor;
    private final Path directory;
    private int running; // guarded by this
    private @Nullable Throwable failure; // guarded by this

    /// @param directory that they write to, for messages
    BulkTasks(Executor executor, Path directory) {
        this.executor = executor;
        this.directory = directory;
    }

    /// Something to be done once.
    @FunctionalInterface
    interface Task {
        void run() throws IOException;
    }

    /// @throws IOException if a task has failed before
    void start(Task task) throws IOException {
        synchronized (this) {
            check();
            running++;
        }
        boolean accepted = false;
        try {
            executor.execute(() -> run(task));
            accepted = true;
        } finally {
            if (!accepted) {
                end(null);
            }
        }
    }

    private void run(Task task) {
        Throwable thrown = null;
        try {
            task.run();
        } catch (IOException | RuntimeException | Error e) {
            thrown = e;
        } finally {
            end(thrown);
        }
    }

    private synchronized void end(@Nullable Throwable thrown) {
        running--;
        if (failure == null) {
            failure = thrown;
        }
        notifyAll();
    }

    /// @throws IOException if a task has failed
    synchronized void check() throws IOException {
        Throwable thrown = failure;
        if (thrown != null) {
            throw new IOException(
                    "%s cannot be written: %s".formatted(directory, text(thrown)), thrown);
        }
    }

    private static String text(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null ? thrown.toString() : message;
    }

    /// Returns when no task runs any more.
    ///
    /// @throws IOException if one has failed
    synchronized void await() throws IOException {
        while (running > 0) {
            pause();
        }
        check();
    }

    /// Returns when no task runs any more, however they ended, and although the thread is interrupted:
    /// what they write to is about to be deleted.
    synchronized void awaitIdle() {
        boolean interrupted = false;
        while (running > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits until something may have changed.
    @SuppressWarnings("WaitNotInLoop") // the callers loop: they know what they wait for
    synchronized void pause() throws InterruptedIOException {
        try {
            wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted =
                    new InterruptedIOException("interrupted while SSTables are being written");
            interrupted.initCause(e);
            throw interrupted;
        }
    }
}
