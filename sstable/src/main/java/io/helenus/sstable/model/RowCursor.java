package io.helenus.sstable.model;

/// A walk over entries in key order, or in reverse; the one shape in which memtables, SSTables,
/// merges, compaction and reads are ordered. Synchronous, pulled by one thread; a step allocates
/// nothing. Keys and values are slices that stay valid until the next call.
///
/// Range deletions appear as [Kind#BOUNDARY] items: the key is the bound, and the deletion in force
/// changes there. Everywhere else [#beforeTimestamp] equals [#afterTimestamp] and is the deletion
/// that covers the current entry *as this source knows it*. "Before" and "after" are in the direction
/// of travel. A cursor that starts inside a deletion emits no boundary for it: its first item already
/// carries the deletion; one that ends inside of a deletion says so at [Kind#END], even if there was no
/// item at all. An entry and a boundary never have the same key. Where several deletions are in force, that
/// with the greatest timestamp is shown, with the latest deletion time of all.
///
/// A forward cursor never emits an entry that its own deletions shadow, except that memtable and
/// SSTable cursors may (they emit what is stored); the merging cursor does not. A reverse cursor meets the
/// elements of a row before the row and its deletion, so the row reader applies those.
public interface RowCursor extends AutoCloseable {

    /// No deletion. Older than any timestamp.
    long NO_DELETION = Long.MIN_VALUE;

    enum Kind {
        /// No more items.
        END,
        /// A row or the static row, without its multi-cell columns.
        ROW,
        /// The header of a multi-cell column: it deletes all older elements.
        COLUMN_DELETION,
        /// An element of a multi-cell column.
        ELEMENT,
        /// A bound at which the deletion in force changes. Has no value.
        BOUNDARY
    }

    /// Moves to the next item in the direction of travel.
    ///
    /// @throws BlockNotCachedException if that needs I/O and this cursor was opened without leave for
    ///     it; the cursor is of no further use then
    Kind next();

    /// As [#next], but may give up after having left out that many items, so that somebody who has to
    /// stop now and then can. Only [#next] and this may follow then.
    ///
    /// @return whether it is at an item, or at the end; see [#kind]
    default boolean nextWithin(int items) {
        next();
        return true;
    }

    /// What [#next] returned last.
    Kind kind();

    /// Skips ahead: the next item is the first at or after the key (forward), or the last before it
    /// (reverse). Never moves back. Deletions in force are carried along.
    void skipTo(byte[] key, int offset, int length);

    byte[] keyArray();

    int keyOffset();

    int keyLength();

    byte[] valueArray();

    int valueOffset();

    int valueLength();

    /// Timestamp of the deletion in force just before the current item, or [#NO_DELETION].
    long beforeTimestamp();

    /// Deletion time (unsigned seconds) that belongs to [#beforeTimestamp].
    int beforeDeletionTime();

    long afterTimestamp();

    int afterDeletionTime();

    /// Releases what the cursor pins. Idempotent.
    @Override
    void close();
}
