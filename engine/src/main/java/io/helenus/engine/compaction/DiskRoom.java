package io.helenus.engine.compaction;

import io.helenus.engine.storage.SSTable;
import io.helenus.engine.storage.TableStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;

/// Keeps compactions within the room that the disk has: each may need as much as its input has, and those
/// that run still need what they have not written. Any thread, without the manager's lock.
final class DiskRoom {
    private final LongSupplier bytesAhead;
    private final CompactionListener listener;

    /// @param bytesAhead what those that run may still write
    DiskRoom(LongSupplier bytesAhead, CompactionListener listener) {
        this.bytesAhead = bytesAhead;
        this.listener = listener;
    }

    private long usable(TableStore table) throws IOException {
        return table.usableBytes() - bytesAhead.getAsLong();
    }

    /// Leaves the largest files out as long as there is too little room.
    ///
    /// @return those that fit; none if these are not worth it
    List<SSTable> fitting(TableStore table, List<SSTable> wanted) {
        List<SSTable> files = new ArrayList<>(wanted);
        files.sort(Comparator.comparingLong((SSTable file) -> file.file().bytes()).reversed());
        try {
            while (!files.isEmpty()) {
                long needed = files.stream().mapToLong(file -> file.file().bytes()).sum();
                long usable = usable(table);
                if (needed <= usable) {
                    return files;
                }
                files.removeFirst();
                if (files.size() < 2) {
                    listener.onNoRoom(table, needed, usable);
                    return List.of();
                }
            }
        } catch (IOException e) {
            return List.of(); // the next write says more
        }
        return files;
    }

    /// Refuses one that is among those that run, but has not begun, if there is too little room for it.
    void refuseWithout(CompactionJob job) {
        long needed = job.bytesTotal();
        long usable;
        try {
            usable = usable(job.table()) + job.bytesAhead(); // which is its own need
        } catch (IOException e) {
            return; // the next write says more
        }
        if (needed > usable) {
            listener.onNoRoom(job.table(), needed, usable);
            job.refuse(
                    new IOException(
                            ("Not enough space for compaction of %s: it may need %d bytes of"
                                            + " disk, and %d are free")
                                    .formatted(job.table(), needed, usable)));
        }
    }
}
