package io.helenus.engine.query.select;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.error.ErrorCode;
import io.helenus.engine.query.Request;
import io.helenus.engine.query.plan.PartitionKeys;
import io.helenus.engine.schema.ColumnSchema;
import io.helenus.engine.schema.SchemaNames;
import io.helenus.engine.schema.TableSchema;
import io.helenus.engine.types.Names;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.ReadTally;
import io.helenus.sstable.model.RowKeys;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Holds reads to their limits: what they scan is counted per page, or per partition of an IN, as
/// Cassandra counts per command. Texts are Cassandra's. Costs two comparisons where nothing is over a
/// limit. Reused; one thread.
final class ReadGuard {
    private static final Logger LOG = LoggerFactory.getLogger(ReadGuard.class);

    /// Reasons of failures in protocol v5.
    private static final int TOO_MANY_TOMBSTONES = 1;

    private static final int READ_SIZE = 4;

    /// As many characters of a statement as Cassandra shows in warnings.
    private static final int STATEMENT_CHARS_MAX = 512;

    private final ReadLimits limits;
    private final InetSocketAddress self;
    private final ReadTally tally;
    private final List<String> warnings = new ArrayList<>();
    private boolean exempt;
    private long purgeableBefore;

    /// @param self as clients are told which node failed
    ReadGuard(ReadLimits limits, InetSocketAddress self, ReadTally tally) {
        this.limits = limits;
        this.self = self;
        this.tally = tally;
    }

    /// Begins a request.
    void start(TableSchema table, long nowSeconds) {
        exempt = SchemaNames.isLocalSystem(table.keyspace());
        purgeableBefore = nowSeconds - table.options().gcGraceSeconds();
        warnings.clear();
        startCommand();
    }

    /// What is scanned from here on counts anew.
    void startCommand() {
        tally.start(
                purgeableBefore,
                exempt ? Integer.MAX_VALUE : limits.tombstonesFail(),
                limits.localBytesFail());
    }

    /// Bytes that the values of a page may have.
    long pageBytesMax() {
        return limits.coordinatorBytesFail();
    }

    /// Ends what was started last.
    ///
    /// @param partition of what was read last: token, length and key; empty if nothing was
    void endCommand(SelectPlan plan, Request request, ByteWriter partition) {
        if (tally.tombstones() > limits.tombstonesWarn() && !exempt) {
            warnOfTombstones(plan, request, partition);
        }
        if (tally.bytes() > limits.localBytesWarn()) {
            warnings.add(
                    "1 nodes loaded over %d bytes and issued local read size warnings for query %s (see local_read_size_warn_threshold)"
                            .formatted(tally.bytes(), statement(plan, request, partition)));
        }
    }

    private void warnOfTombstones(SelectPlan plan, Request request, ByteWriter partition) {
        String statement = statement(plan, request, partition);
        warnings.add(
                "Read %d live rows and %d tombstone cells for query %s; token %d (see tombstone_warn_threshold)"
                        .formatted(
                                tally.liveRows(),
                                tally.tombstones(),
                                statement.substring(
                                        0, Math.min(statement.length(), STATEMENT_CHARS_MAX)),
                                partition.length() == 0
                                        ? Long.MIN_VALUE
                                        : RowKeys.token(partition.array(), 0)));
    }

    /// Ends a request that is answered: its client and the log get the warnings.
    void finish(SelectPlan plan, Request request, long pageBytes) {
        if (pageBytes > limits.coordinatorBytesWarn()) {
            warnings.add(
                    String.format(
                            Locale.ROOT,
                            "Read on table %s has exceeded the size warning threshold of %,d bytes",
                            name(plan.table()),
                            limits.coordinatorBytesWarn()));
        }
        if (!warnings.isEmpty()) {
            tell(request);
        }
    }

    private void tell(Request request) {
        for (String warning : warnings) {
            LOG.warn("{}", warning);
            request.warn(warning);
        }
        warnings.clear();
    }

    /// Says which limit ended the read.
    CqlException failure(SelectPlan plan, Request request, ByteWriter partition) {
        String statement = statement(plan, request, partition);
        if (tally.tombstones() > limits.tombstonesFail() && !exempt) {
            LOG.error(
                    "Scanned over {} tombstones during query '{}'; query aborted (see tombstone_failure_threshold)",
                    tally.tombstones(),
                    statement);
            warnOfTombstones(plan, request, partition);
            tell(request);
            return failure(request, TOO_MANY_TOMBSTONES, "READ_TOO_MANY_TOMBSTONES");
        }
        tell(request);
        if (tally.bytes() > limits.localBytesFail()) {
            LOG.error(
                    "Query {} attempted to read {} bytes but max allowed is {}; query aborted  (see local_read_size_fail_threshold)",
                    statement,
                    tally.bytes(),
                    limits.localBytesFail());
            return failure(request, READ_SIZE, "READ_SIZE");
        }
        String text =
                String.format(
                        Locale.ROOT,
                        "Read on table %s has exceeded the size failure threshold of %,d bytes",
                        name(plan.table()),
                        limits.coordinatorBytesFail());
        LOG.error("{} with query {}", text, statement);
        return requestFailure(request, READ_SIZE, text);
    }

    private CqlException failure(Request request, int reason, String name) {
        return requestFailure(
                request,
                reason,
                "Operation failed - received 0 responses and 1 failures: %s from %s"
                        .formatted(name, self));
    }

    private CqlException requestFailure(Request request, int reason, String text) {
        return new CqlException.Request(
                ErrorCode.READ_FAILURE,
                request.consistency.code(),
                0,
                1,
                false,
                "",
                Map.of(self.getAddress().getHostAddress(), reason),
                text);
    }

    private static String name(TableSchema table) {
        return Names.maybeQuote(table.keyspace()) + "." + Names.maybeQuote(table.name());
    }

    /// The read as a statement: of one partition if it was given by its key.
    private static String statement(SelectPlan plan, Request request, ByteWriter partition) {
        StringBuilder text = new StringBuilder("SELECT ");
        text.append(columns(plan)).append(" FROM ").append(name(plan.table()));
        if (plan.where().partitions().isKeys() && partition.length() > 0) {
            String separator = " WHERE ";
            byte[] array = partition.array();
            int key = RowKeys.PARTITION_KEY_OFFSET;
            int length = RowKeys.partitionKeyLength(array, 0);
            int count = plan.table().partitionKey().size();
            for (ColumnSchema column : plan.table().partitionKey()) {
                int at = PartitionKeys.valueOffset(array, key, column.position(), count);
                int bytes = PartitionKeys.valueLength(array, at, length, count);
                text.append(separator).append(Names.maybeQuote(column.name())).append(" = ");
                text.append(column.type().format(array, at, bytes));
                separator = " AND ";
            }
        }
        if (request.pageSize > 0) {
            text.append(" LIMIT ").append(request.pageSize);
        }
        return text.append(" ALLOW FILTERING").toString();
    }

    /// The columns that are read; key columns always are.
    private static String columns(SelectPlan plan) {
        FetchedColumns fetched = plan.fetched();
        int stored = plan.table().statics().size() + plan.table().regulars().size();
        if (fetched.slots() == 0 || fetched.slots() == stored) {
            return "*";
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < fetched.size(); i++) {
            if (!fetched.get(i).isPrimaryKey()) {
                names.add(Names.maybeQuote(fetched.get(i).name()));
            }
        }
        names.sort(null);
        return String.join(", ", names);
    }
}
