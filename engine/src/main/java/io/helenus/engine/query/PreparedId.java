package io.helenus.engine.query;

import io.helenus.sstable.model.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/// MD5 of keyspace, if it matters, and text: the same on all nodes and after every restart, as in Cassandra.
record PreparedId(long high, long low) {
    static final int BYTES = 2 * Long.BYTES;

    static PreparedId of(@Nullable String keyspace, String text) {
        String named = keyspace == null ? text : keyspace + text;
        try {
            byte[] digest =
                    MessageDigest.getInstance("MD5").digest(named.getBytes(StandardCharsets.UTF_8));
            return of(digest, 0);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has MD5", e);
        }
    }

    static PreparedId of(byte[] array, int offset) {
        return new PreparedId(
                ByteWriter.getLong(array, offset), ByteWriter.getLong(array, offset + Long.BYTES));
    }

    byte[] bytes() {
        return new ByteWriter(BYTES).writeLong(high).writeLong(low).toArray();
    }
}
