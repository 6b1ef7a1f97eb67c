/// Turns many SSTables of a table into few: drops what is overwritten, deleted or expired.
///
/// All of it goes through one cursor merge that allocates nothing per row: the input files' cursors,
/// merged, purged, written. **Strategies** choose what to compact; they are functions of what is known of
/// the files and do no I/O. The **manager** owns who compacts what; each compaction is a sequence of
/// short steps on the executor that the wiring gives, so that one can be throttled, stopped, and run
/// in a simulation.
///
/// **Purging.** A deletion (or what has expired) goes only if it is older than `gc_grace_seconds`, and
/// older than every timestamp that its partition has in files outside of the compaction, in damaged
/// files, in files that are being received, in all memtables, and in what a replay of the commit log
/// would bring back.
///
/// **What it costs others.** A step reads or writes some 2 MiB, however much of that is left out, and
/// then pays the throttle. Blocks are read past the cache: what is cached is used, nothing is put there
/// but filters of files outside that purging asks for. The buffers of one compaction take about 200 KiB
/// for each of its files, less where there are more than 64, and 300 KiB for each output; they are in
/// what the node's memory leaves beside memtables, cache and requests. Outputs are forced every 32 MiB.
///
/// **Failing and stopping.** Outputs are announced in the manifest before they are begun and come into
/// the table in the edit that removes the inputs, so at any moment the table is as before or as after;
/// what a crash leaves is deleted by the next start. One that fails leaves its table alone for a
/// minute.
///
/// Called by the node's wiring (which says what a table's options are), by the operators' endpoint
/// through [io.helenus.engine.compaction.Compactions], and by storage when files come and go.
///
/// # `compaction_history`
///
/// The compactions of the last week, in the data directory; appended to, never forced. Integers are
/// big-endian, a string is an i32 length and UTF-8. It has no header: another layout would be another
/// file. Reading ends at the first record that does not check out, and the file is then written anew
/// without the rest, under a temporary name that is renamed.
///
/// | field        | type        | meaning                                                          |
/// |--------------|-------------|------------------------------------------------------------------|
/// | length       | i32         | of what follows the checksum                                     |
/// | crc          | u32         | CRC32C of that                                                   |
/// | id           | 16 bytes    |                                                                  |
/// | completed at | i64         | milliseconds since 1970                                          |
/// | bytes        | i64, i64    | of the files before, and after                                   |
/// | keyspace     | string      |                                                                  |
/// | table        | string      |                                                                  |
/// | rows merged  | i32 n       | and n times: i32 number of files, i64 rows found in so many      |
/// | properties   | i32 n       | and n times: string name, string value                           |
@NullMarked
package io.helenus.engine.compaction;

import org.jspecify.annotations.NullMarked;
