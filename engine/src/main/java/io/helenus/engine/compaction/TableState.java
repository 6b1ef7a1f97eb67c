package io.helenus.engine.compaction;

import io.helenus.engine.storage.SSTable;
import io.helenus.engine.storage.TableStore;
import io.helenus.sstable.file.SSTableMetadata;
import io.helenus.sstable.model.RowKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/// What the manager knows of one table. Guarded by the manager's lock, but for what planning alone
/// uses, which one thread does at a time.
final class TableState {
    final TableStore store;
    TableCompaction settings;
    @Nullable Boolean enabledByOperator;
    int pending;
    boolean dirty = true;

    /// Compactions that run.
    int running;

    /// Not before this; after there was too little room, or something failed.
    long restingUntilNanos;

    boolean resting;

    // ---- Of planning

    final FlushSizes flushSizes = new FlushSizes();
    boolean expiredChecked;
    long expiredCheckedAtNanos;

    /// When a file was first seen, and how often it had been read.
    private final Map<SSTable, Long> seenAtNanos = new WeakHashMap<>();

    TableState(TableStore store, TableCompaction settings) {
        this.store = store;
        this.settings = settings;
    }

    boolean isEnabled() {
        Boolean byOperator = enabledByOperator;
        return byOperator == null ? settings.enabled() : byOperator;
    }

    /// Says that files are no flushed ones.
    void noteOutputs(List<SSTable> outputs) {
        flushSizes.noteOutputs(outputs.stream().map(SSTable::generation).toList());
    }

    /// What is known of the files, in their order.
    List<FileFacts> facts(List<SSTable> files, long gcBefore, long nowNanos) {
        List<FileFacts> facts = new ArrayList<>();
        for (SSTable file : files) {
            facts.add(facts(file, gcBefore, nowNanos));
        }
        return facts;
    }

    private FileFacts facts(SSTable file, long gcBefore, long nowNanos) {
        long firstToken = RowKeys.token(file.file().firstKey(), 0);
        long lastToken = RowKeys.token(file.file().lastKey(), 0);
        boolean repaired = file.file().repairedAt() > 0;
        if (file.isDamaged()) {
            return new FileFacts(
                    file.generation(),
                    file.file().bytes(),
                    firstToken,
                    lastToken,
                    file.file().minTimestamp(),
                    file.file().maxTimestamp(),
                    1,
                    Long.MAX_VALUE,
                    0,
                    0,
                    0,
                    repaired,
                    true);
        }
        SSTableMetadata metadata = file.reader().metadata();
        long mortal = metadata.tombstones() + metadata.boundaries() + metadata.expiring();
        long seenAt = seenAtNanos.computeIfAbsent(file, _ -> nowNanos);
        double seconds = Math.max(1, (nowNanos - seenAt) / 1e9);
        return new FileFacts(
                file.generation(),
                file.file().bytes(),
                firstToken,
                lastToken,
                metadata.minTimestamp(),
                metadata.maxTimestamp(),
                metadata.partitions(),
                metadata.immortal() > 0 || metadata.maxDropTime() < 0
                        ? Long.MAX_VALUE
                        : metadata.maxDropTime(),
                metadata.droppableBefore(gcBefore) / Math.max(1, mortal + metadata.immortal()),
                file.reads() / seconds / Math.max(1, metadata.partitions()),
                file.writtenAtMillis() / 1_000,
                repaired,
                false);
    }
}
