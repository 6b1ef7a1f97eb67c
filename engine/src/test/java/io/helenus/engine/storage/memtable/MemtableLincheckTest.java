package io.helenus.engine.storage.memtable;

import io.helenus.engine.storage.mutation.MutationWriter;
import io.helenus.engine.storage.mutation.WriteCallback;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowKeys;
import io.helenus.sstable.model.RowView;
import io.helenus.sstable.model.RowWriter;
import java.util.Random;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/// Lincheck tries the interleavings of writers that change two rows at once and of readers that look at
/// both. What is queued for another writer counts as concurrent until it is applied, so a write here
/// ends when it is visible: it helps by reading until then.
@Param(name = "value", gen = IntGen.class, conf = "1:3")
public class MemtableLincheckTest {
    private static final int SCENARIOS = Boolean.getBoolean("helenus.thorough") ? 10 : 4;
    private static final byte[] KEY = {1};
    private static final byte[] FIRST = {0x40, 1, RowKeys.ROW_END};
    private static final byte[] SECOND = {0x40, 2, RowKeys.ROW_END};

    private final MemtableReaders readers = new MemtableReaders();
    private final Memtable memtable =
            new Memtable(readers, new ChunkPool(0), _ -> {}, new Random(1), 1, 1);

    @Operation
    public int read() {
        MemtableCursor cursor = new MemtableCursor(readers);
        ByteWriter start = new ByteWriter();
        RowKeys.writePartition(start, 5, KEY, 0, 1);
        byte[] key = start.toArray();
        cursor.open(memtable, key, 0, key.length, key, 0, -1, false);
        int seen = 0;
        while (cursor.next() != RowCursor.Kind.END) {
            RowView row =
                    new RowView()
                            .wrap(cursor.valueArray(), cursor.valueOffset(), cursor.valueLength());
            seen = seen * 10 + (int) row.timestamp();
        }
        cursor.unregister();
        return seen;
    }

    @Operation
    public long readOne() {
        ByteWriter key = new ByteWriter();
        RowKeys.writePartition(key, 5, KEY, 0, 1);
        key.writeBytes(FIRST);
        MemtableRow row = new MemtableRow();
        MemtableCursor pinned = new MemtableCursor(readers);
        memtable.readRow(key.array(), 0, key.length(), row, pinned);
        pinned.unregister();
        return row.isFound()
                ? new RowView().wrap(row.valueArray(), 0, row.valueLength()).timestamp()
                : 0;
    }

    @Operation
    public boolean write(@Param(name = "value") int value) {
        ByteWriter encoded = new ByteWriter();
        new RowWriter().beginLiveRow(encoded, value).end();
        MutationWriter mutation = new MutationWriter().begin(1, 5, KEY, 0, 1);
        mutation.entry(FIRST, 0, FIRST.length, encoded.array(), 0, encoded.length());
        mutation.entry(SECOND, 0, SECOND.length, encoded.array(), 0, encoded.length());
        ByteWriter bytes = mutation.finish();
        Applied later = new Applied();
        if (!memtable.group().enter()) {
            throw new IllegalStateException("closed");
        }
        if (!memtable.apply(bytes.array(), 0, bytes.length(), later)) {
            while (!later.done) {
                Thread.onSpinWait();
            }
        }
        return true;
    }

    private static final class Applied implements WriteCallback {
        volatile boolean done;

        @Override
        public void applied() {
            done = true;
        }

        @Override
        public void failed(Throwable failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void twoRowsOfAMutationAreSeenTogether() {
        new ModelCheckingOptions()
                .iterations(SCENARIOS)
                .invocationsPerIteration(200)
                .threads(3)
                .actorsPerThread(2)
                // Bytes that one thread owns; and Lincheck knows no VarHandles of byte arrays.
                .addGuarantee(
                        ManagedStrategyGuaranteeKt.forClasses(
                                        "io.helenus.sstable.model.ByteWriter",
                                        "io.helenus.sstable.model.RowWriter",
                                        "io.helenus.engine.storage.memtable.Blocks",
                                        "io.helenus.sstable.model.RowReconciler",
                                        "io.helenus.sstable.model.RowView",
                                        "io.helenus.engine.storage.mutation.MutationReader",
                                        "io.helenus.engine.storage.mutation.MutationWriter")
                                .allMethods()
                                .ignore())
                .check(MemtableLincheckTest.class);
    }
}
