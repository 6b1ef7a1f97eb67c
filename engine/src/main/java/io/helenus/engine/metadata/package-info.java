/// The metadata log: what a node must know before it can read anything else. Its own identity, and
/// all changes of the schema in their order. [io.helenus.engine.metadata.SchemaStore] owns it, and
/// with it the current schema: a change is on disk and forced before anyone sees it.
///
/// Opened at start before the commit log is replayed; written by whoever carries out DDL, one at a
/// time, never on an event loop, as it waits for the disk. The schema is read from any thread.
///
/// # `metadata.log`
///
/// A header, then records. Integers are big-endian; each CRC32C is salted with the file's id, so
/// that a record of another file never passes.
///
/// | part   | at      | bytes | field       | meaning                                             |
/// |--------|--------:|------:|-------------|-----------------------------------------------------|
/// | header |       0 |     4 | magic       | `HMDL`                                              |
/// | header |       4 |     4 | version     | 1; a higher one than ours is refused                |
/// | header |       8 |     8 | file id     | random                                              |
/// | header |      16 |     4 | crc         | of bytes 0 to 15                                    |
/// | record |       0 |     4 | length      | of the body, 1 to 256 MiB                           |
/// | record |       4 |     4 | header crc  | of the record's offset and length                   |
/// | record |       8 |     4 | body crc    | of the body                                         |
/// | record |      12 |     n | body        | u8 kind, then by kind                               |
/// | record |  12 + n |     4 | seal        | crc of the record's offset and its end, see below   |
///
/// | kind | body                                                                                  |
/// |-----:|---------------------------------------------------------------------------------------|
/// |    1 | schema: everything up to its epoch, see [io.helenus.engine.schema.SchemaCodec]        |
/// |    2 | transformation: i64 epoch it leads to · i64 milliseconds · transformation             |
/// |    3 | identity: u128 host id · string cluster name · i32 count and i64 tokens               |
///
/// A record is written and forced; then its seal is written, and becomes durable with the next
/// record or when the log is closed. So a record without a valid seal that nothing follows may be
/// what a crash left of a change that nobody was told about: if it is not whole, it is cut off. A
/// bad record that has its seal, or that anything valid follows, is damage: the node does not
/// start, and the error names file and offset.
///
/// When the transformations take much more room than the schema that they make, the log is written
/// anew, as identity and schema: under a temporary name, forced, renamed, the directory forced.
///
/// # `prepared.log`
///
/// The texts of prepared statements, so that drivers find them after a restart. The same header
/// (magic `HPRS`) and records, without seals and not forced: what is lost or damaged is prepared
/// again by its client when it is missed, so reading ends at the first record that is not whole.
///
/// # Later versions
///
/// Either file of a version that this release does not know ends the start, and neither is touched:
/// nobody has gone back to an older release without noticing. Who means it moves `prepared.log` away;
/// clients then prepare again. Magic, version and the crc of bytes 0 to 15 stand where they are in every
/// version to come, and a record of a new kind needs a new version.
///
/// | body | i32 id length · id · u8 has keyspace · string keyspace · string text                  |
/// |------|---------------------------------------------------------------------------------------|
///
/// A record with an empty text says that the statement with its id was removed.
@NullMarked
package io.helenus.engine.metadata;

import org.jspecify.annotations.NullMarked;
