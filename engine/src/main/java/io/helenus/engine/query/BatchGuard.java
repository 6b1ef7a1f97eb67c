package io.helenus.engine.query;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.RequestHandler.BatchKind;
import io.helenus.engine.schema.TableSchema;
import io.helenus.engine.types.Names;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells clients that a batch is not what batches are for, in Cassandra's words. Reused; one thread.
final class BatchGuard {
    private static final Logger LOG = LoggerFactory.getLogger(BatchGuard.class);

    private final BatchLimits limits;
    private final MutationSize size = new MutationSize();

    /// What each statement of the batch at hand writes to.
    private final List<TableSchema> tables = new ArrayList<>();

    BatchGuard(BatchLimits limits) {
        this.limits = limits;
    }

    /// Begins with a batch.
    void begin() {
        tables.clear();
    }

    /// A statement of the batch writes to this table.
    void writes(TableSchema table) {
        tables.add(table);
    }

    /// All writes have been gathered.
    ///
    /// @throws CqlException if it is too large
    void check(BatchKind kind, MutationCollector writes, Request request) {
        if (kind == BatchKind.LOGGED) {
            checkKept(request);
        }
        checkWrites(kind, writes, request);
    }

    /// Of a logged batch: the batch log would forget the writes to a table that keeps no deletions before
    /// it has replayed them.
    private void checkKept(Request request) {
        Collection<String> unkept = new TreeSet<>();
        for (TableSchema table : tables) {
            if (table.options().gcGraceSeconds() == 0) {
                unkept.add(name(table));
            }
        }
        if (!unkept.isEmpty()) {
            request.warn(
                    ("Executing a LOGGED BATCH on table%s %s, configured with a gc_grace_seconds of 0."
                                    + " The gc_grace_seconds is used to TTL batchlog entries, so"
                                    + " setting gc_grace_seconds too low on tables involved in an"
                                    + " atomic batch might cause batchlog entries to expire before"
                                    + " being replayed.")
                            .formatted(plural(unkept), unkept));
        }
    }

    /// A batch that writes to one partition may have any size.
    private void checkWrites(BatchKind kind, MutationCollector writes, Request request) {
        if (writes.mutations() <= 1) {
            return;
        }
        if (writes.encodedBytes() > limits.bytesWarn() / MutationSize.FACTOR_MAX) {
            checkSize(writes.bytes(size), request);
        }
        if (kind == BatchKind.UNLOGGED && writes.keys() > limits.partitionsWarn()) {
            Collection<String> names = names();
            request.warn(
                    ("Unlogged batch covering %d partitions detected against table%s %s. You should"
                                    + " use a logged batch for atomicity, or asynchronous writes for"
                                    + " performance.")
                            .formatted(writes.keys(), plural(names), names));
        }
    }

    private void checkSize(long bytes, Request request) {
        if (bytes > limits.bytesFail()) {
            LOG.error(
                    "Batch for {} is of size {}, exceeding specified threshold of {} by {}. (see batch_size_fail_threshold)",
                    names(),
                    bytes,
                    limits.bytesFail(),
                    bytes - limits.bytesFail());
            throw CqlException.invalid("Batch too large");
        }
        if (bytes > limits.bytesWarn()) {
            request.warn(
                    "Batch for %s is of size %d, exceeding specified threshold of %d by %d."
                            .formatted(
                                    names(),
                                    bytes,
                                    limits.bytesWarn(),
                                    bytes - limits.bytesWarn()));
        }
    }

    private Collection<String> names() {
        Collection<String> names = new TreeSet<>();
        tables.forEach(table -> names.add(name(table)));
        return names;
    }

    private static String name(TableSchema table) {
        return Names.maybeQuote(table.keyspace()) + "." + Names.maybeQuote(table.name());
    }

    private static String plural(Collection<String> names) {
        return names.size() == 1 ? "" : "s";
    }
}
