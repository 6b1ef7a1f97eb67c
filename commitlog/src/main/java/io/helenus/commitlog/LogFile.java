package io.helenus.commitlog;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/// One open file. Calls may come from several threads at once.
public interface LogFile extends Closeable {
    /// As `FileChannel.read`: how many bytes, or -1 at the end.
    int read(ByteBuffer target, long position) throws IOException;

    /// Writes all that remains in the source.
    void write(ByteBuffer source, long position) throws IOException;

    /// Makes the bytes of the file durable, also those written through a mapping of it, and its size.
    void force() throws IOException;

    long size() throws IOException;
}
