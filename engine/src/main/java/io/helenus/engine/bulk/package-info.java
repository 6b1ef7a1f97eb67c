/// SSTables without a node: [io.helenus.engine.bulk.SSTableBulkWriter] takes rows through the same
/// planning and encoding as an INSERT on a node, sorts what does not come sorted, and writes files that
/// a node takes in as its own.
///
/// Called by programs that load data, and by `helenus bulk`. A
/// [io.helenus.engine.bulk.BulkAppender] belongs to one thread; there may be several for one writer.
/// Sorting and writing run on the executor that the writer is given. Nothing here knows a node, a
/// commit log or a memtable.
///
/// # From rows to files
///
/// An appender encodes a row as a mutation and copies its entries into a sort buffer. A full buffer is
/// sorted by row key and becomes a *spill*, a temporary file. At the end spills and the buffers that
/// are still in memory are merged: the space of tokens is cut into as many ranges as there are
/// threads, of about equal size, and each range is merged into SSTables of its own, which are cut at
/// the ends of partitions. Entries with the same key are reconciled as everywhere. Memory is that of
/// the buffers, whatever the number of rows; too many spills for one merge are merged in groups first.
///
/// Rows that come in the order of their tokens and clusterings go straight into the SSTables.
///
/// [io.helenus.engine.bulk.SSTableRenumbering] takes the same way with the entries of an SSTable whose
/// columns have other numbers than those of the table where it is to go.
///
/// # A directory being written
///
/// Everything is written into a directory beside the one asked for, with `.incomplete` after its name,
/// which gets its own name when all files are complete and durable: an output that was cut short is
/// never mistaken for a whole one. The next run for the same output deletes it.
///
/// | file                 | holds                                                              |
/// |----------------------|--------------------------------------------------------------------|
/// | `lock`               | nothing; locked by the process that writes                         |
/// | `<n>.spill`          | sorted entries, see below                                          |
/// | `<range>-<n>.sst.tmp`| an SSTable being written                                           |
/// | `<n>.sst`            | at the end, an SSTable; numbers ascend with the keys               |
///
/// A spill is a sequence of blocks; where they begin is known only to the process that wrote them.
/// Integers are big-endian, `varint` is LEB128, unsigned.
///
/// | field        | type   | meaning                                                           |
/// |--------------|--------|-------------------------------------------------------------------|
/// | checksum     | u32    | CRC32C of the records                                             |
/// | records      | …      | each: varint key length, varint value length, key, value          |
@NullMarked
package io.helenus.engine.bulk;

import org.jspecify.annotations.NullMarked;
