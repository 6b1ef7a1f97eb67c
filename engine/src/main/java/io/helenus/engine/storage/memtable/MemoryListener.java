package io.helenus.engine.storage.memtable;

/// Told how the memory of memtables changes, in steps of some kilobytes. Any writer's thread runs it,
/// event loops included.
@FunctionalInterface
public interface MemoryListener {
    void changed(long bytes);
}
