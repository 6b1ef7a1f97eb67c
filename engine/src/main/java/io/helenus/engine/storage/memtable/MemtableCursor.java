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
    private @Nullable Partition partition;
    private @Nullable Entry entry; // the next one to show
    private byte @Nullable [] entryValue; // and its value at this sequence
    private boolean listed; // the entries are nodes of a list
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
            return;
        }
        Memtable table = memtable;
        stripe = table == null ? null : table.stripe(stripeIndex);
        if (stripe != null) {
            sequence = pin.pin(stripe);
        }
    }

    /// Goes to the first item at or after a key, which lies in the range, in the current stripe or a
    /// later one.
    private void seekFrom(byte[] from, int offset, int length) {
        enterStripe();
        partition = stripe == null ? null : stripe.firstNotBefore(from, offset, length);
        if (partition != null && isBehindRange(partition)) {
            finish();
            return;
        }
        if (partition != null && partition.isPrefixOf(from, offset, length)) {
            int prefix = partition.prefix.length;
            enterForward(partition, from, offset + prefix, length - prefix);
        } else if (partition != null) {
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
            partition = null;
        }
        if (partition != null && isBehindRange(partition)) {
            finish();
            return;
        }
        if (partition != null && length >= 0 && partition.isPrefixOf(to, offset, length)) {
            int prefix = partition.prefix.length;
            enterReverse(partition, to, offset + prefix, length - prefix);
        } else if (partition != null) {
            enterReverse(partition, NOTHING, 0, -1);
        }
        settleReverse();
    }

    /// In the direction of travel.
    private boolean isBehindRange(Partition at) {
        return reversed
                ? at.endsBefore(start, startOffset, startLength)
                : endLength >= 0 && !at.startsBefore(end, endOffset, endLength);
    }

    private boolean isExhausted() {
        return partition == null || entry == null && bound == null;
    }

    /// Moves on until there is something to show in this partition, or no partition is left.
    private void settleForward() {
        while (isExhausted()) {
            partition = partition == null ? null : partition.next();
            while (partition == null) {
                if (!nextStripe()) {
                    return;
                }
                partition = stripe == null ? null : stripe.first();
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
            Partition from = partition;
            Stripe in = stripe;
            partition =
                    from == null || in == null
                            ? null
                            : in.lastBefore(from.prefix, 0, from.prefix.length);
            while (partition == null) {
                if (!nextStripe()) {
                    return;
                }
                partition = stripe == null ? null : stripe.last();
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
        partition = null;
        entry = null;
        bound = null;
        stripeIndex = reversed ? -1 : Integer.MAX_VALUE;
        memtable = null;
        stripe = null;
        pin.unpin();
    }

    // ---- Within a partition

    private void enterForward(Partition at, byte[] from, int offset, int length) {
        enter(at);
        RangeDeletions deletions = at.deletionsAt(sequence);
        bounds.seek(deletions, from, offset, length);
        if (bounds.back()) {
            afterTimestamp = bounds.timestamp();
            afterDeletionTime = bounds.deletionTime();
            bounds.forward();
        }
        takeBoundForward();
        Object rows = at.rows();
        listed = rows instanceof RowList;
        if (rows instanceof RowList list) {
            entry = length == 0 ? list.first() : list.firstAtOrAfter(from, offset, length);
        } else {
            Entry only = (Entry) rows;
            entry = only != null && only.compareTo(from, offset, length) >= 0 ? only : null;
        }
        takeEntry();
    }

    private void enterReverse(Partition at, byte[] to, int offset, int length) {
        enter(at);
        RangeDeletions deletions = at.deletionsAt(sequence);
        if (length < 0) {
            bounds.seekEnd(deletions);
        } else {
            bounds.seek(deletions, to, offset, length);
        }
        takeBoundReverse();
        Object rows = at.rows();
        listed = rows instanceof RowList;
        if (rows instanceof RowList list) {
            entry = length < 0 ? list.last() : list.lastBefore(to, offset, length);
        } else {
            Entry only = (Entry) rows;
            boolean in = only != null && (length < 0 || only.compareTo(to, offset, length) < 0);
            entry = in ? only : null;
        }
        takeEntry();
    }

    private void enter(Partition at) {
        // A deletion in force never reaches beyond its partition.
        resetDeletion();
        key.clear();
        key.writeBytes(at.prefix);
        prefixLength = at.prefix.length;
        startIsInside = at.isPrefixOf(start, startOffset, startLength);
        endIsInside = endLength >= 0 && at.isPrefixOf(end, endOffset, endLength);
    }

    private void takeBoundForward() {
        bound = bounds.bound();
        boundTimestamp = bounds.timestamp();
        boundDeletionTime = bounds.deletionTime();
        byte[] next = bound;
        if (next != null && !isBeforeEnd(next)) {
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
            bound = next != null && isFromStart(next) ? next : null;
        }
    }

    /// Passes over entries that this reader does not see, and stops at the range's end.
    private void takeEntry() {
        entryValue = null;
        while (entry != null) {
            if (reversed ? !isFromStart(entry.position) : !isBeforeEnd(entry.position)) {
                entry = null;
                return;
            }
            Version<byte[]> version = entry.versionAt(sequence);
            if (version != null) {
                entryValue = version.value;
                return;
            }
            moveEntry();
        }
    }

    private void moveEntry() {
        if (!listed) {
            entry = null;
            return;
        }
        RowList.Node node = (RowList.Node) entry;
        if (node != null) {
            entry = reversed ? node.previous() : node.next();
        }
    }

    private boolean isBeforeEnd(byte[] position) {
        if (!endIsInside) {
            return true; // partitions that begin behind the end are not entered
        }
        int from = endOffset + prefixLength;
        return RowKeys.compare(position, 0, position.length, end, from, endLength - prefixLength)
                < 0;
    }

    private boolean isFromStart(byte[] position) {
        if (!startIsInside) {
            return true;
        }
        int from = startOffset + prefixLength;
        return RowKeys.compare(
                        position, 0, position.length, start, from, startLength - prefixLength)
                >= 0;
    }

    // ---- The cursor

    @Override
    public Kind next() {
        if (partition != null && isExhausted()) {
            if (reversed) {
                settleReverse();
            } else {
                settleForward();
            }
        }
        // At the end these are the deletion that goes on behind the range.
        beforeTimestamp = afterTimestamp;
        beforeDeletionTime = afterDeletionTime;
        if (partition == null) {
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
        Entry nextEntry = entry;
        if (nextBound == null || nextEntry == null) {
            return nextBound != null;
        }
        int order = nextEntry.compareTo(nextBound, 0, nextBound.length);
        return reversed ? order < 0 : order > 0;
    }

    private void showEntry() {
        Entry shown = entry;
        byte[] shownValue = entryValue;
        if (shown == null || shownValue == null) {
            throw new IllegalStateException("No entry to show");
        }
        key.setLength(prefixLength).writeBytes(shown.position);
        value = shownValue;
        kind = ElementView.kind(shownValue, 0);
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
        if (partition == null) {
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
        Partition at = partition;
        if (at == null || !isShortOf(at, length)) {
            return;
        }
        if (reversed) {
            skipBefore(at, length);
        } else {
            skipFrom(at, length);
        }
    }

    /// Whether the next item does not lie at or behind the key to skip to already.
    private boolean isShortOf(Partition at, int length) {
        byte[] nextBound = bound;
        Entry nextEntry = entry;
        byte[] next = nextEntry != null && !isBoundNext() ? nextEntry.position : nextBound;
        int prefix = at.prefix.length;
        int order;
        if (next != null && at.isPrefixOf(skipKey, 0, length)) {
            order = RowKeys.compare(next, 0, next.length, skipKey, prefix, length - prefix);
        } else {
            order = RowKeys.compare(at.prefix, 0, prefix, skipKey, 0, length);
        }
        return reversed ? order >= 0 : order < 0;
    }

    private void skipFrom(Partition at, int length) {
        boolean isPastEnd =
                endLength >= 0
                        && RowKeys.compare(skipKey, 0, length, end, endOffset, endLength) > 0;
        byte[] to = isPastEnd ? end : skipKey;
        int toOffset = isPastEnd ? endOffset : 0;
        int toLength = isPastEnd ? endLength : length;
        if (at.isPrefixOf(to, toOffset, toLength)) {
            enterForward(at, to, toOffset + prefixLength, toLength - prefixLength);
            settleForward();
        } else if (leaveForSkip(to, toOffset, toLength)) {
            seekFrom(to, toOffset, toLength);
        }
    }

    private void skipBefore(Partition at, int length) {
        boolean isPastStart =
                RowKeys.compare(skipKey, 0, length, start, startOffset, startLength) < 0;
        byte[] to = isPastStart ? start : skipKey;
        int toOffset = isPastStart ? startOffset : 0;
        int toLength = isPastStart ? startLength : length;
        if (at.isPrefixOf(to, toOffset, toLength)) {
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
        entry = null;
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
        return 0;
    }

    @Override
    public int valueLength() {
        return value.length;
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
        entryValue = null;
        bounds.clear();
        value = NOTHING;
        start = NOTHING;
        end = NOTHING;
        startLength = 0;
        endLength = 0;
    }
}
