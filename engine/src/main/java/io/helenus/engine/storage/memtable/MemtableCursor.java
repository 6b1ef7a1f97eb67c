package io.helenus.engine.storage.memtable;

import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.ElementView;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowKeys;
import org.jspecify.annotations.Nullable;

/// Walks over a range of a memtable in either direction. Reused through [#open]; one thread. While it
/// is in a stripe it pins the sequence that it found there.
///
/// Within a partition it merges two sorted walks, that over the entries and that over the bounds of
/// range deletions. What is stored is shown, also where a deletion shadows it. At the end, before and
/// after are the deletion that goes on behind the range: a range without any item may lie in one.
public final class MemtableCursor implements RowCursor {
    private static final byte[] NOTHING = {};

    private final MemtableReaders readers;
    private final StripePin pin;

    // What this one holds for cursors that are opened with it.
    private int heldIndex = -1;
    private @Nullable Stripe heldStripe; // null, too, if there was none yet
    private long heldSequence;

    private @Nullable Memtable memtable;
    private @Nullable MemtableCursor holder;
    private byte[] start = NOTHING;
    private int startOffset;
    private int startLength;
    private byte[] end = NOTHING;
    private int endOffset;
    private int endLength;
    private boolean reversed;

    // The stripe and partition that it is in.
    private int stripeIndex;
    private @Nullable Stripe stripe;
    private long sequence;
    private @Nullable StripeMemory memory; // the stripe's
    private int partition; // 0 if there is none
    private int entry; // the next one to show, 0 if there is none
    private int entryVersion; // of it, at this sequence
    private int list; // that the entries are nodes of, 0 if there is only one
    private boolean startIsInside; // the range begins in this partition
    private boolean endIsInside;
    private final RangeDeletions.Walk bounds = new RangeDeletions.Walk();
    private byte @Nullable [] bound; // the next one to show
    private long boundTimestamp; // in force behind it, in the order of keys
    private int boundDeletionTime;

    // The current item.
    private Kind kind = Kind.END;
    private final ByteWriter key = new ByteWriter(128);
    private int prefixLength;
    private byte[] value = NOTHING;
    private int valueOffset;
    private int valueLength;
    private long beforeTimestamp = NO_DELETION;
    private int beforeDeletionTime;
    private long afterTimestamp = NO_DELETION;
    private int afterDeletionTime;

    private byte[] skipKey = NOTHING;

    public MemtableCursor(MemtableReaders readers) {
        this.readers = readers;
        pin = readers.register();
    }

    /// Gives up its pin for good.
    public void unregister() {
        close();
        readers.unregister(pin);
    }

    StripePin pin() {
        return pin;
    }

    /// Pins the stripe of a partition, unless it is the one that is held: cursors that are opened with
    /// this one as their holder all see the partition as it was then. Until [#close] or the next
    /// stripe; this one walks nowhere meanwhile.
    public void hold(Memtable memtable, byte[] key, int offset, int length) {
        int index = memtable.stripeOf(key, offset, length);
        if (index == heldIndex) {
            return;
        }
        pin.unpin();
        heldIndex = index;
        heldStripe = memtable.stripe(index);
        if (heldStripe != null) {
            heldSequence = pin.pin(heldStripe);
        }
    }

    /// Starts a walk over `[start, end)`, keys of any form. The arrays are borrowed until [#close]; an
    /// `endLength` of -1 means that there is no end.
    public MemtableCursor open(
            Memtable memtable,
            byte[] start,
            int startOffset,
            int startLength,
            byte[] end,
            int endOffset,
            int endLength,
            boolean reversed) {
        return open(
                memtable,
                null,
                start,
                startOffset,
                startLength,
                end,
                endOffset,
                endLength,
                reversed);
    }

    /// The same; in the stripe that `holder` holds, at the sequence that it holds. The holder must not
    /// let go before this one is closed.
    public MemtableCursor open(
            Memtable memtable,
            @Nullable MemtableCursor holder,
            byte[] start,
            int startOffset,
            int startLength,
            byte[] end,
            int endOffset,
            int endLength,
            boolean reversed) {
        pin.unpin();
        this.memtable = memtable;
        this.holder = holder;
        this.start = start;
        this.startOffset = startOffset;
        this.startLength = startLength;
        this.end = end;
        this.endOffset = endOffset;
        this.endLength = endLength;
        this.reversed = reversed;
        kind = Kind.END;
        key.clear();
        resetDeletion();
        if (reversed) {
            int last = memtable.stripes() - 1;
            stripeIndex = endLength < 0 ? last : memtable.stripeOf(end, endOffset, endLength);
            seekBefore(end, endOffset, endLength);
        } else {
            stripeIndex = memtable.stripeOf(start, startOffset, startLength);
            seekFrom(start, startOffset, startLength);
        }
        return this;
    }

    private void resetDeletion() {
        beforeTimestamp = NO_DELETION;
        beforeDeletionTime = 0;
        afterTimestamp = NO_DELETION;
        afterDeletionTime = 0;
    }

    // ---- Finding partitions

    private void enterStripe() {
        pin.unpin();
        MemtableCursor held = holder;
        if (held != null && held.heldIndex == stripeIndex) {
            stripe = held.heldStripe;
            sequence = held.heldSequence;
        } else {
            Memtable table = memtable;
            stripe = table == null ? null : table.stripe(stripeIndex);
            sequence = stripe == null ? 0 : pin.pin(stripe);
        }
        memory = stripe == null ? null : stripe.memory();
    }

    private StripeMemory memory() {
        StripeMemory found = memory;
        if (found == null) {
            throw new IllegalStateException("The walk is in no stripe");
        }
        return found;
    }

    /// Goes to the first item at or after a key, which lies in the range, in the current stripe or a
    /// later one.
    private void seekFrom(byte[] from, int offset, int length) {
        enterStripe();
        partition = stripe == null ? 0 : stripe.firstNotBefore(from, offset, length);
        if (partition != 0 && isBehindRange(partition)) {
            finish();
            return;
        }
        if (partition != 0 && memory().isPrefixOf(partition, from, offset, length)) {
            int prefix = memory().prefixLength(partition);
            enterForward(partition, from, offset + prefix, length - prefix);
        } else if (partition != 0) {
            enterForward(partition, NOTHING, 0, 0);
        }
        settleForward();
    }

    /// Goes to the last item before a key, in the current stripe or an earlier one.
    private void seekBefore(byte[] to, int offset, int length) {
        enterStripe();
        if (stripe != null) {
            partition = length < 0 ? stripe.last() : stripe.lastBefore(to, offset, length);
        } else {
            partition = 0;
        }
        if (partition != 0 && isBehindRange(partition)) {
            finish();
            return;
        }
        if (partition != 0 && length >= 0 && memory().isPrefixOf(partition, to, offset, length)) {
            int prefix = memory().prefixLength(partition);
            enterReverse(partition, to, offset + prefix, length - prefix);
        } else if (partition != 0) {
            enterReverse(partition, NOTHING, 0, -1);
        }
        settleReverse();
    }

    /// In the direction of travel.
    private boolean isBehindRange(int at) {
        return reversed
                ? memory().endsBefore(at, start, startOffset, startLength)
                : endLength >= 0 && !memory().startsBefore(at, end, endOffset, endLength);
    }

    private boolean isExhausted() {
        return partition == 0 || entry == 0 && bound == null;
    }

    /// Moves on until there is something to show in this partition, or no partition is left.
    private void settleForward() {
        while (isExhausted()) {
            partition = partition == 0 ? 0 : memory().next(partition);
            while (partition == 0) {
                if (!nextStripe()) {
                    return;
                }
                partition = stripe == null ? 0 : stripe.first();
            }
            if (isBehindRange(partition)) {
                finish();
                return;
            }
            enterForward(partition, NOTHING, 0, 0);
        }
    }

    private void settleReverse() {
        while (isExhausted()) {
            Stripe in = stripe;
            if (partition != 0 && in != null) {
                StripeMemory from = memory();
                partition =
                        in.lastBefore(
                                from.prefixArray(partition),
                                from.prefixOffset(partition),
                                from.prefixLength(partition));
            } else {
                partition = 0;
            }
            while (partition == 0) {
                if (!nextStripe()) {
                    return;
                }
                partition = stripe == null ? 0 : stripe.last();
            }
            if (isBehindRange(partition)) {
                finish();
                return;
            }
            enterReverse(partition, NOTHING, 0, -1);
        }
    }

    /// Enters the next stripe that exists.
    ///
    /// @return false at the end of the range; the walk is over then
    private boolean nextStripe() {
        Memtable table = memtable;
        if (table == null) {
            return false;
        }
        int last;
        if (reversed) {
            last = table.stripeOf(start, startOffset, startLength);
        } else {
            last = endLength < 0 ? table.stripes() - 1 : table.stripeOf(end, endOffset, endLength);
        }
        while (reversed ? stripeIndex > last : stripeIndex < last) {
            stripeIndex += reversed ? -1 : 1;
            if (table.stripe(stripeIndex) != null) {
                enterStripe();
                return true;
            }
        }
        finish();
        return false;
    }

    private void finish() {
        partition = 0;
        entry = 0;
        bound = null;
        stripeIndex = reversed ? -1 : Integer.MAX_VALUE;
        memtable = null;
        stripe = null;
        memory = null;
        pin.unpin();
    }

    // ---- Within a partition

    private void enterForward(int at, byte[] from, int offset, int length) {
        bounds.seek(enter(at), from, offset, length);
        if (bounds.back()) {
            afterTimestamp = bounds.timestamp();
            afterDeletionTime = bounds.deletionTime();
            bounds.forward();
        }
        takeBoundForward();
        if (list != 0) {
            RowList lists = lists();
            entry =
                    length == 0
                            ? lists.first(list)
                            : lists.firstAtOrAfter(list, from, offset, length);
        } else if (entry != 0 && memory().comparePosition(entry, from, offset, length) < 0) {
            entry = 0;
        }
        takeEntry();
    }

    private void enterReverse(int at, byte[] to, int offset, int length) {
        RangeDeletions deletions = enter(at);
        if (length < 0) {
            bounds.seekEnd(deletions);
        } else {
            bounds.seek(deletions, to, offset, length);
        }
        takeBoundReverse();
        if (list != 0) {
            RowList lists = lists();
            entry = length < 0 ? lists.last(list) : lists.lastBefore(list, to, offset, length);
        } else if (entry != 0
                && length >= 0
                && memory().comparePosition(entry, to, offset, length) >= 0) {
            entry = 0;
        }
        takeEntry();
    }

    private RowList lists() {
        Stripe in = stripe;
        if (in == null) {
            throw new IllegalStateException("The walk is in no stripe");
        }
        return in.lists();
    }

    /// Takes the list of the partition's entries, or the only one.
    ///
    /// @return its deletions
    private RangeDeletions enter(int at) {
        // A deletion in force never reaches beyond its partition.
        resetDeletion();
        StripeMemory in = memory();
        byte[] prefix = in.prefixArray(at);
        int offset = in.prefixOffset(at);
        prefixLength = in.prefixLength(at);
        key.clear();
        key.writeBytes(prefix, offset, prefixLength);
        startIsInside = in.isPrefixOf(at, start, startOffset, startLength);
        endIsInside = endLength >= 0 && in.isPrefixOf(at, end, endOffset, endLength);
        int rows = in.rows(at);
        boolean listed = rows != 0 && rows != StripeMemory.ROWS_ONE;
        list = listed ? rows : 0;
        entry = rows == StripeMemory.ROWS_ONE ? StripeMemory.onlyEntry(at) : 0;
        Stripe table = stripe;
        return table == null ? RangeDeletions.NONE : table.deletionsAt(at, sequence);
    }

    private void takeBoundForward() {
        bound = bounds.bound();
        boundTimestamp = bounds.timestamp();
        boundDeletionTime = bounds.deletionTime();
        byte[] next = bound;
        if (next != null && !isBeforeEnd(next, 0, next.length)) {
            bound = null;
        }
    }

    /// Goes one bound back; what is in force behind it is in force from here to there.
    private void takeBoundReverse() {
        bound = null;
        afterTimestamp = NO_DELETION;
        afterDeletionTime = 0;
        if (bounds.back()) {
            afterTimestamp = bounds.timestamp();
            afterDeletionTime = bounds.deletionTime();
            byte[] next = bounds.bound();
            bound = next != null && isFromStart(next, 0, next.length) ? next : null;
        }
    }

    /// Passes over entries that this reader does not see, and stops at the range's end.
    private void takeEntry() {
        entryVersion = 0;
        if (entry == 0) {
            return;
        }
        StripeMemory in = memory();
        while (entry != 0) {
            byte[] position = in.positionArray(entry);
            int offset = in.positionOffset(entry);
            int length = in.positionLength(entry);
            boolean isInRange =
                    reversed
                            ? isFromStart(position, offset, length)
                            : isBeforeEnd(position, offset, length);
            if (!isInRange) {
                entry = 0;
                return;
            }
            entryVersion = in.versionAt(entry, sequence);
            if (entryVersion != 0) {
                return;
            }
            moveEntry();
        }
    }

    private void moveEntry() {
        if (list == 0) {
            entry = 0;
            return;
        }
        RowList lists = lists();
        entry = reversed ? lists.previous(entry) : lists.next(entry);
    }

    private boolean isBeforeEnd(byte[] position, int offset, int length) {
        if (!endIsInside) {
            return true; // partitions that begin behind the end are not entered
        }
        int from = endOffset + prefixLength;
        return RowKeys.compare(position, offset, length, end, from, endLength - prefixLength) < 0;
    }

    private boolean isFromStart(byte[] position, int offset, int length) {
        if (!startIsInside) {
            return true;
        }
        int from = startOffset + prefixLength;
        return RowKeys.compare(position, offset, length, start, from, startLength - prefixLength)
                >= 0;
    }

    // ---- The cursor

    @Override
    public Kind next() {
        if (partition != 0 && isExhausted()) {
            if (reversed) {
                settleReverse();
            } else {
                settleForward();
            }
        }
        // At the end these are the deletion that goes on behind the range.
        beforeTimestamp = afterTimestamp;
        beforeDeletionTime = afterDeletionTime;
        if (partition == 0) {
            kind = Kind.END;
            return kind;
        }
        if (isBoundNext()) {
            showBound();
        } else {
            showEntry();
        }
        return kind;
    }

    private boolean isBoundNext() {
        byte[] nextBound = bound;
        if (nextBound == null || entry == 0) {
            return nextBound != null;
        }
        int order = memory().comparePosition(entry, nextBound, 0, nextBound.length);
        return reversed ? order < 0 : order > 0;
    }

    private void showEntry() {
        StripeMemory in = memory();
        key.setLength(prefixLength)
                .writeBytes(
                        in.positionArray(entry),
                        in.positionOffset(entry),
                        in.positionLength(entry));
        value = in.chunk(entryVersion);
        valueOffset = StripeMemory.valueOffset(entryVersion);
        valueLength = in.valueLength(entryVersion);
        kind = ElementView.kind(value, valueOffset);
        moveEntry();
        takeEntry();
    }

    private void showBound() {
        byte[] shown = bound;
        if (shown == null) {
            throw new IllegalStateException("No bound to show");
        }
        key.setLength(prefixLength).writeBytes(shown);
        value = NOTHING;
        valueOffset = 0;
        valueLength = 0;
        kind = Kind.BOUNDARY;
        if (!reversed) {
            afterTimestamp = boundTimestamp;
            afterDeletionTime = boundDeletionTime;
            bounds.forward();
            takeBoundForward();
            return;
        }
        takeBoundReverse();
    }

    @Override
    public Kind kind() {
        return kind;
    }

    @Override
    public void skipTo(byte[] to, int offset, int length) {
        if (partition == 0) {
            return;
        }
        // The key may lie in this cursor's own buffer, which moving overwrites.
        if (skipKey.length < length) {
            skipKey = new byte[Math.max(length, 2 * skipKey.length)];
        }
        System.arraycopy(to, offset, skipKey, 0, length);
        if (isExhausted()) {
            if (reversed) {
                settleReverse();
            } else {
                settleForward();
            }
        }
        int at = partition;
        if (at == 0 || !isShortOf(at, length)) {
            return;
        }
        if (reversed) {
            skipBefore(at, length);
        } else {
            skipFrom(at, length);
        }
    }

    /// Whether the next item does not lie at or behind the key to skip to already.
    private boolean isShortOf(int at, int length) {
        StripeMemory in = memory();
        byte[] nextBound = bound;
        int prefix = prefixLength;
        int order;
        if (!in.isPrefixOf(at, skipKey, 0, length)) {
            order =
                    RowKeys.compare(
                            in.prefixArray(at), in.prefixOffset(at), prefix, skipKey, 0, length);
        } else if (nextBound != null && isBoundNext()) {
            int bytes = nextBound.length;
            order = RowKeys.compare(nextBound, 0, bytes, skipKey, prefix, length - prefix);
        } else {
            order = in.comparePosition(entry, skipKey, prefix, length - prefix);
        }
        return reversed ? order >= 0 : order < 0;
    }

    private void skipFrom(int at, int length) {
        boolean isPastEnd =
                endLength >= 0
                        && RowKeys.compare(skipKey, 0, length, end, endOffset, endLength) > 0;
        byte[] to = isPastEnd ? end : skipKey;
        int toOffset = isPastEnd ? endOffset : 0;
        int toLength = isPastEnd ? endLength : length;
        if (memory().isPrefixOf(at, to, toOffset, toLength)) {
            enterForward(at, to, toOffset + prefixLength, toLength - prefixLength);
            settleForward();
        } else if (leaveForSkip(to, toOffset, toLength)) {
            seekFrom(to, toOffset, toLength);
        }
    }

    private void skipBefore(int at, int length) {
        boolean isPastStart =
                RowKeys.compare(skipKey, 0, length, start, startOffset, startLength) < 0;
        byte[] to = isPastStart ? start : skipKey;
        int toOffset = isPastStart ? startOffset : 0;
        int toLength = isPastStart ? startLength : length;
        if (memory().isPrefixOf(at, to, toOffset, toLength)) {
            enterReverse(at, to, toOffset + prefixLength, toLength - prefixLength);
            settleReverse();
        } else if (leaveForSkip(to, toOffset, toLength)) {
            seekBefore(to, toOffset, toLength);
        }
    }

    /// Forgets the partition that the walk is in, its deletion included.
    private boolean leaveForSkip(byte[] to, int offset, int length) {
        Memtable table = memtable;
        if (table == null) {
            return false;
        }
        resetDeletion();
        stripeIndex = table.stripeOf(to, offset, length);
        entry = 0;
        bound = null;
        return true;
    }

    @Override
    public byte[] keyArray() {
        return key.array();
    }

    @Override
    public int keyOffset() {
        return 0;
    }

    @Override
    public int keyLength() {
        return key.length();
    }

    @Override
    public byte[] valueArray() {
        return value;
    }

    @Override
    public int valueOffset() {
        return valueOffset;
    }

    @Override
    public int valueLength() {
        return valueLength;
    }

    @Override
    public long beforeTimestamp() {
        return beforeTimestamp;
    }

    @Override
    public int beforeDeletionTime() {
        return beforeDeletionTime;
    }

    @Override
    public long afterTimestamp() {
        return afterTimestamp;
    }

    @Override
    public int afterDeletionTime() {
        return afterDeletionTime;
    }

    @Override
    public void close() {
        finish();
        holder = null;
        heldIndex = -1;
        heldStripe = null;
        resetDeletion();
        kind = Kind.END;
        entryVersion = 0;
        bounds.clear();
        value = NOTHING;
        valueOffset = 0;
        valueLength = 0;
        start = NOTHING;
        end = NOTHING;
        startLength = 0;
        endLength = 0;
    }
}
