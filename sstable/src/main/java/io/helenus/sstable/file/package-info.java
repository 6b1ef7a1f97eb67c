/// The immutable sorted-table file, `<generation>.sst`: [io.helenus.sstable.file.SSTableWriter] writes
/// one from items in key order, [io.helenus.sstable.file.SSTableReader] opens it,
/// [io.helenus.sstable.file.SSTableCursor] walks it, [io.helenus.sstable.file.SSTablePoint] looks
/// single keys up, [io.helenus.sstable.file.SSTableVerifier] checks all of it.
///
/// A writer, a cursor, a point belong to one thread each; a reader is shared. Files are reached
/// through [io.helenus.sstable.file.SSTableFiles], read at positions, never mapped. Blocks of data,
/// index pages and filters come through the cache. A reader that may not wait for a disk also gets what
/// the operating system has in memory, where that can be asked for. Who calls: flush, compaction,
/// streaming, the read path, tools. Knows nothing of tables, types or manifests; the table store names,
/// publishes and deletes files.
///
/// # File
///
/// Integers are big-endian; `varint` is LEB128, unsigned. The parts lie one after another without
/// gaps.
///
/// | part         | bytes | content                                                              |
/// |--------------|------:|----------------------------------------------------------------------|
/// | header       |    16 | see below                                                            |
/// | page groups  |     n | for each index page: its data blocks, its filter, the page itself    |
/// | root         |     n | block: one entry for each index page                                 |
/// | schema       |     n | block: bytes of the engine that explain the columns                  |
/// | statistics   |     n | block: see below                                                     |
/// | footer       |    64 | see below                                                            |
///
/// | header       | at | bytes | meaning                                                           |
/// |--------------|---:|------:|-------------------------------------------------------------------|
/// | magic        |  0 |     8 | `HELENSST`                                                        |
/// | version      |  8 |     4 | 1; an unknown one is refused                                      |
/// | checksum     | 12 |     4 | CRC32C of bytes 0 to 11                                           |
///
/// | footer       | at | bytes | meaning                                                           |
/// |--------------|---:|------:|-------------------------------------------------------------------|
/// | root         |  0 |  8, 4 | offset and length                                                 |
/// | schema       | 12 |  8, 4 | offset and length                                                 |
/// | statistics   | 24 |  8, 4 | offset and length                                                 |
/// | file length  | 36 |     8 | footer included                                                   |
/// | footer length| 44 |     4 | 64                                                                |
/// | checksum     | 48 |     4 | CRC32C of bytes 0 to 47 and 52 to 63                              |
/// | version      | 52 |     4 | as in the header                                                  |
/// | magic        | 56 |     8 | as in the header                                                  |
///
/// # Block
///
/// | field        | bytes | meaning                                                              |
/// |--------------|------:|----------------------------------------------------------------------|
/// | payload      |     n | the raw bytes, or their compressed form if that is worth while       |
/// | raw length   |     4 | of the payload before compression                                    |
/// | codec        |     1 | 0 as it is, 1 LZ4, 2 Zstandard; others are refused                   |
/// | checksum     |     4 | CRC32C of the three fields above and the block's offset (8 bytes)    |
///
/// Data blocks, index pages and the root have the same inner layout:
///
/// | field        | bytes | meaning                                                              |
/// |--------------|------:|----------------------------------------------------------------------|
/// | items        |     n | in ascending order of their keys, each key once                      |
/// | prefix       |     p | what all keys begin with, of that at most 255 bytes                  |
/// | hints        |    8r | of each item that shares nothing, the eight bytes of its key after   |
/// |              |       | the prefix, zeros where the key is shorter                           |
/// | restarts     |    4r | offsets of these items; the first is 0                               |
/// | boundaries   |    4r | if bit 31 of the count is set: for each restart one more than the    |
/// |              |       | offset of the last boundary item before it in this block, or 0       |
/// | prefix length|     1 | p                                                                    |
/// | count        |     4 | r, at least 1; bit 31 if the block has a boundary                    |
///
/// A search compares the prefix once and then only numbers, all from the last few hundred bytes; it
/// goes to the items for the one interval that is left, or to tell equal hints apart.
///
/// | item         | type   | meaning                                                             |
/// |--------------|--------|---------------------------------------------------------------------|
/// | shared       | varint | bytes that the key has in common with the key before; 0 at a restart|
/// | head         | varint | bytes of the rest of the key · 4 + code                             |
/// | value length | varint | absent if the code is 3                                             |
/// | rest of key  | bytes  |                                                                     |
/// | value        | bytes  | 24 bytes if the code is 3                                           |
///
/// | in           | code | key and value                                                         |
/// |--------------|-----:|-----------------------------------------------------------------------|
/// | data block   |    0 | row or static row: the model's layout                                 |
/// | data block   |    1 | header of a multi-cell column                                         |
/// | data block   |    2 | element of a multi-cell column                                        |
/// | data block   |    3 | boundary: deletion before (i64 timestamp, u32 time), deletion after   |
/// | index page   |    0 | separator → offset, length (varints) of a data block                  |
/// | index page   |    1 | as 0, then the deletion in force at the block's start (i64, u32)      |
/// | root         |    0 | separator → offset, length of an index page, length of its filter     |
///
/// A separator is after every key of the block before and at or before the first of its own: the
/// shortest head of that first key that will do. The first separator of the file is empty, the first of
/// an index page is the root's for it. No deletion is timestamp `Long.MIN_VALUE`, time 0. A deletion
/// ends with its partition.
///
/// # Filter
///
/// A block right before its index page, of the partitions with an item in the page's blocks; its
/// length in the root is 0 if there are none. The payload is m bits (bit i is bit `i & 7` of byte
/// `i >> 3`) and one byte k, the number of probes. With the 64-bit hash of token and partition key,
/// probe j looks at bit `(u32(low + j · (high | 1)) · m) >> 32`.
///
/// # Statistics
///
/// Twenty i64: least and greatest timestamp, least and greatest deletion time or expiry, repaired-at,
/// counts of partitions, rows, static rows, column headers, elements, cells, tombstones, expiring,
/// immortal, boundaries, then bytes of keys and values, of the largest partition, of data blocks before
/// compression, then counts of data blocks and of index pages. Then four times u32 length and bytes:
/// first key, last key, least and greatest position in a partition. Then the histogram of deletion
/// times and expiries: u32 width of a bin in seconds, u32 number of bins, and for each u32 time divided
/// by the width, i64 count.
@NullMarked
package io.helenus.sstable.file;

import org.jspecify.annotations.NullMarked;
