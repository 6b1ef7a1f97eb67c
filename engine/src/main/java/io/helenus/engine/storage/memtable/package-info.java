/// Memtables: the newest writes of a table, in memory and in key order. A mutation is applied from the
/// bytes that the commit log holds; reads are [io.helenus.sstable.model.RowCursor]s or look-ups of
/// single rows.
///
/// Event loops write and read here, so nothing blocks, parks or does I/O, and the usual write and read
/// allocate nothing but what stays. [io.helenus.engine.storage.memtable.Memtable] explains how threads
/// meet. Knows mutations and the stored data model, nothing of tables, files or logs.
@NullMarked
package io.helenus.engine.storage.memtable;

import org.jspecify.annotations.NullMarked;
