package io.helenus.sstable.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// An open file as SSTables need it: written once from front to end by one thread, then read at
/// positions by any number of threads. The seam at which tests let the disk fail.
public interface BlockFile extends Closeable {

    /// For messages.
    Path path();

    /// Reads from `position` into the buffer, as `FileChannel` does: possibly less than fits, and -1
    /// at or after the end of the file.
    int read(ByteBuffer target, long position) throws IOException;

    /// Reads `bytes` from `position` on, all of them, if that needs no waiting for a disk.
    ///
    /// @return whether they are in the buffer now; never, for a file that cannot tell
    default boolean readNow(ReadBuffer target, int bytes, long position) {
        return false;
    }

    /// Appends all that remains in the buffer.
    void write(ByteBuffer source) throws IOException;

    long size() throws IOException;

    /// Returns when everything written is on stable storage, the file's length included.
    void force() throws IOException;

    /// Idempotent.
    @Override
    void close() throws IOException;
}
