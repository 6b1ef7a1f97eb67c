package io.helenus.engine.storage.mutation;

/// Told what became of a write that could not be finished at once. Runs once, on a thread of somebody
/// else's (another event loop, the commit log's sync agent), never within the call that started the
/// write: it must be short, must not throw, and re-posts to its own loop whatever else there is to do.
public interface WriteCallback {
    /// The write is in the commit log, as its sync mode demands, and readers see it.
    void applied();

    /// It is unknown whether the write survives a restart; readers do not see it now.
    void failed(Throwable failure);
}
