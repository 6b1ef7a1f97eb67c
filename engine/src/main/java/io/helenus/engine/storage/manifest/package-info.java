/// Which files a table consists of: an append-only log of checksummed edits, one file per table. Read
/// when the table is opened; appended to, and forced, by the threads that flush, compact and truncate.
///
/// Integers are big-endian; `varint` is LEB128, unsigned.
///
/// | part   | field       | type         | meaning                                                  |
/// |--------|-------------|--------------|----------------------------------------------------------|
/// | header | magic       | 4 bytes      | `HMAN`                                                   |
/// | header | version     | u32          | 1; a higher one is refused                               |
/// | header | table id    | 16 bytes     | catches a copied file                                    |
/// | header | crc         | u32          | CRC32C of the fields before                              |
/// | edit   | length      | u32          | of the items                                             |
/// | edit   | number      | u32          | 1, 2, 3, …                                               |
/// | edit   | head crc    | u32          | CRC32C of table id, length and number                    |
/// | edit   | items       | length bytes | at least one; they take effect together                  |
/// | edit   | crc         | u32          | CRC32C of head crc and items                             |
///
/// | item              | code | fields                                                          |
/// |-------------------|-----:|-----------------------------------------------------------------|
/// | file added        |    1 | generation, bytes: varint; CRC32C of the file: u32; level:      |
/// |                   |      | varint; repaired at: i64; least and greatest timestamp: i64;    |
/// |                   |      | first and last key: varint n, n. Again for a known generation:  |
/// |                   |      | its level or repaired-at has changed                            |
/// | file removed      |    2 | generation: varint. May be deleted, when no reader has it       |
/// | replay position   |    3 | i64: what the commit log has up to here is in the files         |
/// | truncated         |    4 | time in microseconds, log position: i64                         |
/// | next generation   |    5 | varint: lower ones have been used                               |
/// | file discarded    |    6 | generation: varint. Damaged, and the operator gave it up;       |
/// |                   |      | it is moved to `lost+found`                                     |
/// | file announced    |    7 | generation: varint. May appear under its name before it is      |
/// |                   |      | added; without being added it is nothing, and deleted at start  |
///
/// A new manifest is the header and one edit that says everything. It replaces a long one, or one
/// with a torn end, under a temporary name that is forced and renamed.
///
/// **The end of the file.** A crash can leave the last edit incomplete: the file ends within it, or one
/// of the 512-byte sectors that it touches was never written and the edit's part in it is zeros. Such
/// an edit was never acknowledged and is ignored. Every other contradiction is damage, and the table
/// does not start.
@NullMarked
package io.helenus.engine.storage.manifest;

import org.jspecify.annotations.NullMarked;
