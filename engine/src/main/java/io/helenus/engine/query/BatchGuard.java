package io.helenus.engine.query;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.RequestHandler.BatchKind;
import io.helenus.engine.schema.TableSchema;
import io.helenus.engine.types.Names;
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

    BatchGuard(BatchLimits limits) {
        this.limits = limits;
    }

    /// Of a logged batch: the batch log would forget the writes to a table that keeps no deletions before
    /// it has replayed them.
    ///
    /// @param tables of its statements
    void checkTables(List<TableSchema> tables, Request request) {
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

    /// Of a batch whose writes have been gathered. One that writes to one partition may have any size.
    ///
    /// @param tables of its statements
    /// @throws CqlException if it is too large
    void checkWrites(
            BatchKind kind,
            MutationCollector writes,
            Collection<TableSchema> tables,
            Request request) {
        if (writes.mutations() <= 1) {
            return;
        }
        if (writes.encodedBytes() > limits.bytesWarn() / MutationSize.FACTOR_MAX) {
            checkSize(writes.bytes(size), tables, request);
        }
        if (kind == BatchKind.UNLOGGED && writes.keys() > limits.partitionsWarn()) {
            Collection<String> names = names(tables);
            request.warn(
                    ("Unlogged batch covering %d partitions detected against table%s %s. You should"
                                    + " use a logged batch for atomicity, or asynchronous writes for"
                                    + " performance.")
                            .formatted(writes.keys(), plural(names), names));
        }
    }

    private void checkSize(long bytes, Collection<TableSchema> tables, Request request) {
        if (bytes > limits.bytesFail()) {
            LOG.error(
                    "Batch for {} is of size {}, exceeding specified threshold of {} by {}. (see batch_size_fail_threshold)",
                    names(tables),
                    bytes,
                    limits.bytesFail(),
                    bytes - limits.bytesFail());
            throw CqlException.invalid("Batch too large");
        }
        if (bytes > limits.bytesWarn()) {
            request.warn(
                    "Batch for %s is of size %d, exceeding specified threshold of %d by %d."
                            .formatted(
                                    names(tables),
                                    bytes,
                                    limits.bytesWarn(),
                                    bytes - limits.bytesWarn()));
        }
    }

    private static Collection<String> names(Collection<TableSchema> tables) {
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
