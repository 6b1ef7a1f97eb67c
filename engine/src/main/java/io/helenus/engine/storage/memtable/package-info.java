/// Memtables: the newest writes of a table, in memory and in key order. A mutation is applied from the
/// bytes that the commit log holds; reads are [io.helenus.sstable.model.RowCursor]s or look-ups of
/// single rows.
///
/// Event loops write and read here, so nothing blocks, parks or does I/O, and the usual write and read
/// allocate nothing but what stays. [io.helenus.engine.storage.memtable.Memtable] explains how threads
/// meet. Knows mutations and the stored data model, nothing of tables, files or logs.
///
/// # Why records and not objects
///
/// Two candidates were measured with 2 million rows in a heap of 4 GiB: one Java object per row, and
/// records in large arrays that a pool takes back, with 32-bit numbers for references
/// ([io.helenus.engine.storage.memtable.StripeMemory]).
///
/// |                        | object per row       | records in pooled arrays |
/// |------------------------|----------------------|--------------------------|
/// | writing a new row      | 3.1 µs               | 3.1 µs                   |
/// | overwriting one        | 3.06 µs              | 2.6 µs                   |
/// | reading one            | 2.1 to 3.9 µs        | 1.7 µs                   |
/// | resident memory        | 1.3 to 2.5 GB        | 0.6 GB                   |
/// | longest pause          | 1.1 s                | 30 ms                    |
///
/// Objects are no slower to make. They cost later: the collector has to trace and copy all of them
/// until a flush lets them go at once. So records it is; only range deletions, of which there are few,
/// are objects.
@NullMarked
package io.helenus.engine.storage.memtable;

import org.jspecify.annotations.NullMarked;
