package io.helenus.engine.bulk;

import io.helenus.sstable.model.ByteWriter;
import java.io.IOException;

/// Takes encoded entries, one after another, from one thread.
interface EntryTarget {
    /// Takes an entry.
    ///
    /// @param key token, length and key of the partition, and the position
    /// @param value as the key, it is the caller's again afterwards, whatever it then holds
    /// @throws IOException if it cannot be written
    void add(ByteWriter key, ByteWriter value) throws IOException;
}
