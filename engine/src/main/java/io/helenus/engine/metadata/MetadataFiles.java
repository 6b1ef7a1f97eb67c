package io.helenus.engine.metadata;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/// The directory that holds metadata files: all that they need of a file system.
public interface MetadataFiles {
    boolean exists(String name);

    byte[] read(String name) throws IOException;

    /// Opens for writing, creates if it is not there.
    MetadataFile open(String name) throws IOException;

    /// Gives the file a new name, atomically, in the place of what had it.
    void rename(String from, String to) throws IOException;

    /// Nothing happens if it is not there.
    void delete(String name) throws IOException;

    /// Makes names durable.
    void forceDirectory() throws IOException;

    /// The name as an operator would find it.
    String describe(String name);

    /// An open file.
    interface MetadataFile extends Closeable {
        /// Writes all of it, from a buffer that has an array.
        void write(ByteBuffer bytes, long at) throws IOException;

        void truncate(long size) throws IOException;

        void force() throws IOException;
    }
}
