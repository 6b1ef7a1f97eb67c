/// The metadata log: what a node must know before it can read anything else. Its own identity, and what
/// its cluster has agreed on, the schema among it. A change is on disk and forced before anyone sees it.
///
/// | class                    | what it is                                                       |
/// |--------------------------|------------------------------------------------------------------|
/// | `MetadataLog`            | the file: records, appended and forced, or all written anew      |
/// | `MetadataHistory`        | what was in it when it was opened                                |
/// | `SchemaStore`            | the current schema, and who hears of each change                 |
/// | `PreparedStatementStore` | the file of prepared statements                                  |
/// | `IssuedTimestamps`       | the latest timestamp that was given out                          |
///
/// What is agreed on, and how, is nothing that this package knows: `engine.cluster` uses the log as a place
/// for records of its own. The log is opened at start before the commit log is replayed, and written by
/// the thread that looks after the agreement. The schema is read from any thread.
///
/// # `metadata.log`
///
/// A header, then records. Integers are big-endian; each CRC32C is salted with the file's id, so
/// that a record of another file never passes.
///
/// | part   | at      | bytes | field       | meaning                                             |
/// |--------|--------:|------:|-------------|-----------------------------------------------------|
/// | header |       0 |     4 | magic       | `HMDL`                                              |
/// | header |       4 |     4 | version     | 2; a higher one than ours is refused, 1 is read     |
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
/// |    1 | version 1 only: the schema up to its epoch ([io.helenus.engine.schema.SchemaCodec])   |
/// |    2 | version 1 only: i64 epoch it leads to · i64 milliseconds · transformation             |
/// |    3 | identity: u128 host id · string cluster name · i32 count and i64 tokens               |
/// |    4 | agreed: i32 count · (i32 length · record of `engine.cluster.agreement`) each          |
///
/// Version 1 is from when each node was alone: its identity has the tokens, and the changes of the schema
/// are there one by one. The first start of this release makes a cluster of one of it and writes the file
/// anew. An identity without tokens is that of a node whose tokens are in what was agreed.
///
/// A record is written and forced; then its seal is written, and becomes durable with the next
/// record or when the log is closed. So a record without a valid seal that nothing follows may be
/// what a crash left of a change that nobody was told about: if it is not whole, it is cut off. A
/// bad record that has its seal, or that anything valid follows, is damage: the node does not
/// start, and the error names file and offset.
///
/// After so many changes the agreement has the log written anew, as identity and a snapshot: under a
/// temporary name, forced, renamed, the directory forced.
///
/// # `prepared.log`
///
/// The texts of prepared statements, so that drivers find them after a restart. The same header
/// (magic `HPRS`, version 1) and records, without seals and not forced: what is lost or damaged is prepared
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
