package io.helenus.commitlog;

/// A part of the log that works when it is called. Threads are assigned outside: [LogAgentRunner] in
/// production, the test itself in tests.
public interface LogAgent {
    /// Nothing to do until woken.
    long UNTIL_WOKEN = Long.MAX_VALUE;

    /// Does what is due.
    ///
    /// @return after how many nanoseconds to call again if nobody wakes the agent before; 0 for at once
    long doWork(long nowNanos);

    /// Told by the thread that [#doWork] threw, which is a bug or a machine in trouble. Whatever depends
    /// on this agent must hear of it rather than wait for ever.
    ///
    /// @return after how many nanoseconds to call [#doWork] again
    long doWorkFailed(Throwable thrown);

    /// Sets what makes the thread of this agent call [#doWork] soon. Any thread runs it, event loops
    /// included.
    void wakeWith(Runnable waker);
}
