package io.helenus.engine.bulk;

import io.helenus.sstable.model.MergeCursor;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowCursor.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// The external sort: full buffers are sorted and spilled, and at the end everything is merged, a
/// range of tokens to each thread.
final class SortingSink extends BulkSink {
    /// A merge reads a block of each spill: more at a time would be memory without limit. Each thread
    /// merges for itself.
    private static final int SPILLS_MERGED_MAX = 128;

    private static final int SPILLS_MERGED_MIN = 8;
    private static final int MERGING_SHARE = 4; // of the memory, once most rows are in spills

    private static final long RANGE_BYTES_MIN = 32L << 20;
    private static final int SAMPLE_ENTRIES = 512;
    private static final int PROGRESS_ENTRIES = 4096;

    private final BulkFiles files;
    private final BulkTasks tasks;
    private final int threads;
    private final int spillsMerged;
    private final List<Spill> spills = new ArrayList<>(); // guarded by itself
    private final List<SortBuffer> last = new ArrayList<>();
    private final AtomicLong entriesWritten = new AtomicLong();
    private final AtomicLong spilledBytes = new AtomicLong();
    private volatile boolean abandoned;

    SortingSink(BulkFiles files, BulkTasks tasks, int buffers, long bufferBytes, int threads) {
        super(tasks, buffers, bufferBytes);
        this.files = files;
        this.tasks = tasks;
        this.threads = threads;
        long blocks = bufferBytes * buffers / MERGING_SHARE / SpillWriter.BLOCK_BYTES / threads;
        spillsMerged = Math.clamp(blocks, SPILLS_MERGED_MIN, SPILLS_MERGED_MAX);
    }

    @Override
    void accept(SortBuffer full) throws IOException {
        tasks.start(() -> {
            full.sort();
            try (EntryCursor cursor = full.cursor(TokenSpan.ALL)) {
                spill(cursor);
            }
            giveBack(full);
        });
    }

    private void spill(RowCursor cursor) throws IOException {
        try (SpillWriter writer = files.newSpill()) {
            requireWanted();
            writer.appendAll(cursor);
            Spill spill = writer.finish();
            spilledBytes.addAndGet(spill.bytes());
            synchronized (spills) {
                spills.add(spill);
            }
        }
    }

    private void requireWanted() throws IOException {
        if (abandoned) {
            throw new IOException("the writer was closed");
        }
    }

    @Override
    void addLast(SortBuffer buffer) throws IOException {
        if (buffer.count() > 0) {
            last.add(buffer);
            tasks.start(buffer::sort);
        }
    }

    @Override
    List<BulkOutput.Written> finish() throws IOException {
        tasks.await();
        releaseFree();
        reduceSpills();
        List<TokenSpan> spans = spans();
        List<BulkOutput> outputs = new ArrayList<>();
        for (int i = 0; i < spans.size(); i++) {
            TokenSpan span = spans.get(i);
            BulkOutput output = files.newOutput(i);
            outputs.add(output);
            tasks.start(() -> merge(span, output));
        }
        tasks.await();
        List<BulkOutput.Written> written = new ArrayList<>();
        for (BulkOutput output : outputs) {
            written.addAll(output.finish());
        }
        for (Spill spill : taken()) {
            files.delete(spill);
        }
        return written;
    }

    /// Merges groups of spills into larger ones until the rest can be merged at once.
    private void reduceSpills() throws IOException {
        while (true) {
            List<List<Spill>> groups = new ArrayList<>();
            synchronized (spills) {
                if (spills.size() <= spillsMerged) {
                    return;
                }
                spills.sort(Comparator.comparingLong(Spill::bytes));
                for (int from = 0; from < spills.size(); from += spillsMerged) {
                    int to = Math.min(spills.size(), from + spillsMerged);
                    groups.add(List.copyOf(spills.subList(from, to)));
                }
                spills.clear();
            }
            for (int i = 0; i < groups.size(); i++) {
                List<Spill> group = groups.get(i);
                tasks.start(() -> mergeToSpill(group));
                if (i % threads == threads - 1) {
                    tasks.await();
                }
            }
            tasks.await();
        }
    }

    private void mergeToSpill(List<Spill> group) throws IOException {
        try (EntryMerge merged = open(group, List.of(), TokenSpan.ALL)) {
            spill(merged);
        } finally {
            for (Spill done : group) {
                files.delete(done);
            }
        }
    }

    private static EntryMerge open(List<Spill> spills, List<SortBuffer> buffers, TokenSpan span) {
        List<EntryCursor> sources = new ArrayList<>();
        spills.forEach(spill -> sources.add(spill.cursor(span)));
        buffers.forEach(buffer -> sources.add(buffer.cursor(span)));
        return new EntryMerge(sources);
    }

    private void merge(TokenSpan span, BulkOutput output) throws IOException {
        List<Spill> all;
        synchronized (spills) {
            all = List.copyOf(spills);
        }
        // The cursor around the merge leaves out what deletions of rows and columns shadow.
        RowCursor[] merged = {open(all, last, span)};
        try (output;
                MergeCursor cursor = new MergeCursor().open(merged, 1, false)) {
            int entries = 0;
            for (Kind kind = cursor.next(); kind != Kind.END; kind = cursor.next()) {
                output.append(kind, cursor);
                if (++entries == PROGRESS_ENTRIES) {
                    entriesWritten.addAndGet(entries);
                    entries = 0;
                    requireWanted();
                }
            }
            entriesWritten.addAndGet(entries);
            var _ = output.finish();
        }
    }

    // ---- Dividing the work

    /// Where keys are, and how many bytes follow there.
    private record Sample(long token, long bytes) {}

    private List<TokenSpan> spans() {
        List<Sample> samples = samples();
        long total = samples.stream().mapToLong(Sample::bytes).sum();
        int wanted = Math.clamp(total / RANGE_BYTES_MIN, 1, threads);
        List<TokenSpan> spans = new ArrayList<>();
        long from = 0;
        long seen = 0;
        for (Sample sample : samples) {
            boolean isDue = seen >= total / wanted * (spans.size() + 1);
            if (isDue && spans.size() + 1 < wanted && sample.token() != from) {
                spans.add(new TokenSpan(from, sample.token(), false));
                from = sample.token();
            }
            seen += sample.bytes();
        }
        spans.add(new TokenSpan(from, 0, true));
        return spans;
    }

    private List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        synchronized (spills) {
            for (Spill spill : spills) {
                for (int i = 0; i < spill.blocks(); i++) {
                    samples.add(new Sample(spill.firstToken(i), spill.blockBytes(i)));
                }
            }
        }
        for (SortBuffer buffer : last) {
            long bytes = buffer.bytes() / Math.max(1, buffer.count()) * SAMPLE_ENTRIES;
            for (int i = 0; i < buffer.count(); i += SAMPLE_ENTRIES) {
                samples.add(new Sample(buffer.token(i), bytes));
            }
        }
        samples.sort((a, b) -> Long.compareUnsigned(a.token(), b.token()));
        return samples;
    }

    @Override
    long entriesWritten() {
        return entriesWritten.get();
    }

    @Override
    long spilledBytes() {
        return spilledBytes.get();
    }

    @Override
    void abandon() {
        abandoned = true;
    }

    private List<Spill> taken() {
        synchronized (spills) {
            List<Spill> all = List.copyOf(spills);
            spills.clear();
            return all;
        }
    }

    @Override
    public void close() throws IOException {
        for (Spill spill : taken()) {
            spill.close();
        }
    }
}
