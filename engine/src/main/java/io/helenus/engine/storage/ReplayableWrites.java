package io.helenus.engine.storage;

import io.helenus.engine.storage.manifest.ManifestFile;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Of one table, the writes that are in files and come back in a replay nevertheless: they were on their
/// way when their memtable was switched, so they are in the log behind the position that its flush
/// released. As long as a later flush has not released them, too, what deletes them must not be purged.
///
/// Flushes change it, one at a time; any thread reads.
final class ReplayableWrites {
    /// What one flushed file may have of them.
    ///
    /// @param upTo log position of the last one
    /// @param span keys of the file
    /// @param minTimestamp of the file
    record InFile(long upTo, KeySpan span, long minTimestamp) {}

    private final List<InFile> files = new CopyOnWriteArrayList<>();

    /// To be called before the file comes into the View.
    ///
    /// @param flushed null if there was nothing to write
    /// @param lateTo log position of the last write of its memtables
    /// @param released log position that its flush releases
    void note(@Nullable SSTable flushed, long lateTo, long released) {
        if (flushed == null || lateTo <= released) {
            return;
        }
        if (files.stream().noneMatch(each -> each.upTo() == lateTo)) { // else tried again
            ManifestFile file = flushed.file();
            KeySpan span = new KeySpan(file.firstKey(), file.lastKey());
            files.add(new InFile(lateTo, span, file.minTimestamp()));
        }
    }

    /// Forgets those up to a log position: nobody replays them any more.
    void release(long position) {
        files.removeIf(each -> each.upTo() <= position);
    }

    boolean isEmpty() {
        return files.isEmpty();
    }

    List<InFile> files() {
        return files;
    }
}
