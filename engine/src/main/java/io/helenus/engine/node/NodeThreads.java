package io.helenus.engine.node;

import io.helenus.engine.messaging.Timer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes and ends a node's threads. All are daemons: a node ends by being closed, not by its threads.
final class NodeThreads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeThreads.class);
    private static final int STORAGE_THREADS = 2;
    private static final long IDLE_SECONDS = 30;
    private static final long END_SECONDS = 30;

    private final ThreadPoolExecutor readers;
    private final ThreadPoolExecutor storage;
    private final ScheduledExecutorService ticks;

    /// @param readerThreads that may wait for disks at the same time
    /// @param readerQueue requests that may wait for one of them
    NodeThreads(int readerThreads, int readerQueue) {
        readers =
                new ThreadPoolExecutor(
                        readerThreads,
                        readerThreads,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(readerQueue),
                        factory("helenus-reader"));
        readers.allowCoreThreadTimeOut(true);
        storage =
                new ThreadPoolExecutor(
                        STORAGE_THREADS,
                        STORAGE_THREADS,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        factory("helenus-storage"));
        storage.allowCoreThreadTimeOut(true);
        ticks = Executors.newSingleThreadScheduledExecutor(factory("helenus-tick"));
    }

    static ThreadFactory factory(String name) {
        AtomicInteger number = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(work, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /// Runs things later on an executor, and nothing any more when that has ended. An action that fails is
    /// logged.
    static Timer timer(ScheduledExecutorService executor) {
        return (delayNanos, action) -> {
            try {
                var _ =
                        executor.schedule(
                                () -> runLogged(action), delayNanos, TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                LOG.debug("The node ends", e);
            }
        };
    }

    private static void runLogged(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.error("A timer failed", e);
        }
    }

    /// Waits so long for what still runs; an interruption ends the waiting and is kept.
    static void awaitEnd(ExecutorService executor, long seconds) {
        try {
            boolean _ = executor.awaitTermination(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    ThreadPoolExecutor readers() {
        return readers;
    }

    ThreadPoolExecutor storage() {
        return storage;
    }

    ScheduledExecutorService ticks() {
        return ticks;
    }

    @Override
    public void close() {
        ticks.shutdownNow();
        readers.shutdown();
        storage.shutdown();
        awaitEnd(readers, END_SECONDS);
        awaitEnd(storage, END_SECONDS);
    }
}
