package io.helenus.commitlog;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// Runs one agent on one thread until closed. Owned by whoever started it.
public final class LogAgentRunner implements AutoCloseable {
    private final LogAgent agent;
    private final LongSupplier nanoClock;
    private final Thread thread;
    private volatile boolean stopped;

    private LogAgentRunner(LogAgent agent, LongSupplier nanoClock, ThreadFactory threads) {
        this.agent = agent;
        this.nanoClock = nanoClock;
        this.thread = threads.newThread(this::run);
    }

    public static LogAgentRunner start(
            LogAgent agent, LongSupplier nanoClock, ThreadFactory threads) {
        LogAgentRunner runner = new LogAgentRunner(agent, nanoClock, threads);
        agent.wakeWith(runner::wake);
        runner.thread.start();
        return runner;
    }

    private void wake() {
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!stopped) {
            long waitNanos = work();
            if (waitNanos > 0) {
                // An unpark since the last park makes this return at once: no wake-up is lost.
                LockSupport.parkNanos(this, waitNanos);
            }
        }
    }

    /// The thread outlives whatever its agent throws: without it the log would stand still in silence.
    private long work() {
        try {
            return agent.doWork(nanoClock.getAsLong());
        } catch (RuntimeException | Error e) {
            Syncer.reportUncaught(e);
            return agent.doWorkFailed(e);
        }
    }

    /// Stops the thread and waits for it. Close the runners before the log, or after: both work.
    @Override
    public void close() {
        stopped = true;
        wake();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
