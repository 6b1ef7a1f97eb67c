package io.helenus.engine.query;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.plan.Workspace;
import io.helenus.engine.query.plan.WriteTimes;
import io.helenus.engine.query.select.ReadLimits;
import io.helenus.engine.query.select.RowAccess;
import io.helenus.engine.query.select.SelectExecution;
import io.helenus.engine.query.term.ColumnSpec;
import io.helenus.engine.query.term.TimeUuids;
import io.helenus.engine.storage.ReadContext;
import io.helenus.engine.storage.ReadView;
import io.helenus.engine.storage.RowResult;
import io.helenus.engine.storage.TableStore;
import io.helenus.engine.storage.mutation.MutationWriter;
import io.helenus.sstable.file.ReadMode;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowCursor;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// Everything that a request needs, kept from one to the next. Used by one thread at a time.
final class Worker implements AutoCloseable {
    private static final long MICROS_PER_SECOND = 1_000_000L;

    final Workspace workspace;
    final SelectExecution select;
    final WriteTimes times = new WriteTimes();
    final ByteWriter mutationBytes = new ByteWriter(1024);
    final MutationWriter mutation = new MutationWriter(mutationBytes);
    final MutationCollector collector = new MutationCollector();
    final BatchGuard batches;
    private final BoundValues reordered = new BoundValues();
    private final ReadContext context;
    private final Rows rows;

    Worker(
            TimeUuids timeUuids,
            ReadContext context,
            ReadLimits limits,
            BatchLimits batchLimits,
            InetSocketAddress self) {
        this.context = context;
        batches = new BatchGuard(batchLimits);
        workspace = new Workspace(timeUuids);
        select = new SelectExecution(workspace, limits, self);
        rows = new Rows(context);
    }

    /// Pins the table for a read.
    RowAccess rows(TableStore store, int @Nullable [] wanted, ReadMode mode) {
        return rows.open(store, wanted, mode);
    }

    /// The values in the order of the markers. If they have names, they are copied to [#reordered], until
    /// the next call.
    BoundValues inOrder(Statement.Bound bound, BoundValues given) {
        int count = bound.markers().size();
        if (!given.named()) {
            if (given.count() != count) {
                throw CqlException.invalid(
                        given.count() == 0
                                ? "Invalid amount of bind variables"
                                : "there were %d markers(?) in CQL but %d bound variables"
                                        .formatted(count, given.count()));
            }
            return given;
        }
        BoundValues ordered = reordered;
        ordered.reset(given.array());
        for (ColumnSpec marker : bound.markers()) {
            int found = -1;
            for (int i = 0; i < given.count() && found < 0; i++) {
                if (marker.name().equals(given.name(i))) {
                    found = i;
                }
            }
            if (found < 0) {
                throw CqlException.invalid(
                        "Invalid amount of bind variables: no value for " + marker.name());
            }
            ordered.add(given.offset(found), given.length(found));
        }
        return ordered;
    }

    /// @param micros that it is now
    /// @return the seconds since 1970 that decide on expiry
    long startEvaluation(Request request, BoundValues values, long micros) {
        long now = nowSeconds(request, micros);
        workspace.evaluation.start(values, micros, now);
        return now;
    }

    private static long nowSeconds(Request request, long micros) {
        return request.nowInSeconds != Request.NO_NOW
                ? request.nowInSeconds
                : Math.floorDiv(micros, MICROS_PER_SECOND);
    }

    /// What its buffers hold on to, roughly; requests grow them.
    long bytes() {
        return (long) mutationBytes.array().length
                + workspace.bytes()
                + select.bytes()
                + collector.bytes()
                + rows.result.array().length;
    }

    /// Gives up its pins. Between requests.
    @Override
    public void close() {
        context.close();
    }

    private static final class Rows implements RowAccess {
        private final ReadContext context;
        private final RowResult result = new RowResult();
        private @Nullable ReadView view;
        private int @Nullable [] wanted;
        private ReadMode mode = ReadMode.CACHED;

        Rows(ReadContext context) {
            this.context = context;
        }

        Rows open(TableStore store, int @Nullable [] columns, ReadMode readMode) {
            view = store.read(context);
            wanted = columns;
            mode = readMode;
            return this;
        }

        private ReadView view() {
            if (view == null) {
                throw new IllegalStateException("Not open");
            }
            return view;
        }

        @Override
        public RowCursor cursor(
                byte[] start,
                int startOffset,
                int startLength,
                byte[] end,
                int endOffset,
                int endLength,
                boolean reversed) {
            return view().cursor(
                            start,
                            startOffset,
                            startLength,
                            end,
                            endOffset,
                            endLength,
                            reversed,
                            mode);
        }

        @Override
        public boolean row(byte[] key, int offset, int length) {
            ReadMode rowMode = mode == ReadMode.SCAN ? ReadMode.FILL : mode;
            return view().readRow(key, offset, length, wanted, rowMode, result);
        }

        @Override
        public byte[] rowArray() {
            return result.array();
        }

        @Override
        public int rowOffset() {
            return result.offset();
        }

        @Override
        public int rowLength() {
            return result.length();
        }

        @Override
        public void close() {
            if (view != null) {
                view.close();
                view = null;
            }
        }
    }
}
