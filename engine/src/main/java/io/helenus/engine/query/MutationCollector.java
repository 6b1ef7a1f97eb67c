package io.helenus.engine.query;

import io.helenus.engine.query.plan.MutationTarget;
import io.helenus.engine.schema.TableSchema;
import io.helenus.engine.storage.TableStore;
import io.helenus.engine.storage.WriteBatch;
import io.helenus.engine.storage.mutation.MutationWriter;
import io.helenus.sstable.model.ByteWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Gathers the writes of a batch: one mutation for each partition of each table, whatever the number of
/// statements that write to it, so that readers see all of them at once. Reused; one thread.
final class MutationCollector implements MutationTarget {
    private static final int PART_BYTES = 256; // its objects, the mutation's bytes apart

    private static final class Part {
        final ByteWriter bytes = new ByteWriter(512);
        final MutationWriter writer = new MutationWriter(bytes);
        final ByteWriter key = new ByteWriter(64);
        TableStore store;

        Part(TableStore store) {
            this.store = store;
        }
    }

    private final List<Part> parts = new ArrayList<>();
    private final Map<Long, List<Part>> byToken = new HashMap<>();
    private final WriteBatch batch = new WriteBatch();
    private int count;
    private long heldBytes;
    private long schemaEpoch;
    private @Nullable TableStore store;

    void start(long epoch) {
        schemaEpoch = epoch;
        count = 0;
        byToken.clear();
        store = null;
    }

    /// The following writes are of this table.
    MutationCollector into(TableStore table) {
        store = table;
        return this;
    }

    @Override
    public MutationWriter partition(
            TableSchema table, long token, byte[] key, int offset, int length) {
        TableStore current = store;
        if (current == null) {
            throw new IllegalStateException("No table was given");
        }
        List<Part> same = byToken.computeIfAbsent(token, _ -> new ArrayList<>(1));
        for (Part part : same) {
            if (part.store == current
                    && Arrays.equals(
                            part.key.array(), 0, part.key.length(), key, offset, offset + length)) {
                return part.writer;
            }
        }
        if (count == parts.size()) {
            parts.add(new Part(current));
        }
        Part part = parts.get(count++);
        part.store = current;
        part.key.clear().writeBytes(key, offset, length);
        part.writer.begin(schemaEpoch, token, key, offset, length);
        same.add(part);
        return part.writer;
    }

    /// Mutations as Cassandra counts them: those to one key in tables of one keyspace are one.
    int mutations() {
        return isOneTable() ? count : distinct(true);
    }

    /// Different partition keys, whatever table they are in.
    int keys() {
        return isOneTable() ? count : distinct(false);
    }

    private boolean isOneTable() {
        for (int i = 1; i < count; i++) {
            if (parts.get(i).store != parts.get(0).store) {
                return false;
            }
        }
        return true;
    }

    private int distinct(boolean byKeyspace) {
        record Target(String keyspace, ByteBuffer key) {}
        Set<Target> targets = new HashSet<>();
        for (int i = 0; i < count; i++) {
            Part part = parts.get(i);
            ByteBuffer key = ByteBuffer.wrap(part.key.array(), 0, part.key.length());
            targets.add(new Target(byKeyspace ? part.store.name().keyspace() : "", key));
        }
        return targets.size();
    }

    /// Bytes of all mutations as they are encoded.
    long encodedBytes() {
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            bytes += parts.get(i).bytes.length();
        }
        return bytes;
    }

    /// Bytes of all mutations as `size` counts them.
    long bytes(MutationSize size) {
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            ByteWriter mutation = parts.get(i).bytes;
            bytes += size.of(mutation.array(), 0, mutation.length());
        }
        return bytes;
    }

    /// What was gathered; empty mutations are left out. Good until the next [#start].
    WriteBatch finish() {
        batch.clear();
        for (int i = 0; i < count; i++) {
            Part part = parts.get(i);
            if (!part.writer.isEmpty()) {
                batch.add(part.store, part.bytes);
            }
        }
        return batch;
    }

    /// Lets go of tables and of other threads' bytes.
    void release() {
        batch.clear();
        byToken.clear();
        long sum = 0;
        for (Part part : parts) {
            sum += PART_BYTES + part.bytes.array().length;
        }
        heldBytes = sum;
    }

    /// What its parts hold on to, from batch to batch.
    long bytes() {
        return heldBytes;
    }
}
