/// The commit log: every write is here, in the bytes it will be applied with, before anyone hears
/// "done". It is a directory of fixed-size segments, appended to in order, forced to disk by one
/// thread, replayed at start, and reused once all that they hold is in SSTables. It knows records
/// of bytes and the 16-byte ids of the tables that they belong to, and nothing else of the database.
///
/// **Who calls it.** Event loops and background threads call [CommitLog#append], which neither
/// blocks nor does I/O on a mapped segment. Two agents do the slow work, each on a thread of its own
/// that the wiring provides ([LogAgentRunner]) or, in a simulation, from the simulator's loop:
///
/// | agent                     | does                                                              |
/// |---------------------------|-------------------------------------------------------------------|
/// | [CommitLog#syncAgent]     | forces segments, writes marks, runs [DurabilityCallback]s         |
/// | [CommitLog#prepareAgent]  | writes zeros ahead, prepares the spare segment, unmaps, archives, |
/// |                           | recycles and deletes full ones, tells waiters that there is room  |
///
/// **Positions.** A position is a `long`, segment id above, offset below ([LogPosition]), so that
/// positions compare in log order. The position of a record is where the record *ends*: the log up
/// to that position holds the record. Segment ids only ever grow, also over restarts.
///
/// **Files.** A name is `commitlog-`, the segment id as ten digits, and an ending:
///
/// | ending     | is                                                                               |
/// |------------|----------------------------------------------------------------------------------|
/// | `.log`     | a segment; replay reads it                                                       |
/// | `.tmp`     | one being made; deleted at start                                                 |
/// | `.recycle` | one that is no longer needed, kept to be overwritten; its records are dead       |
/// | `.damaged` | one that replay found damaged and was told to ignore; never deleted by us        |
///
/// **A segment** is a header page, then records, then zeros (or, in a recycled segment, remains of an
/// earlier life). All integers are big-endian.
///
/// | part   |   at | bytes | field        | meaning                                                |
/// |--------|-----:|------:|--------------|--------------------------------------------------------|
/// | header |    0 |     4 | magic        | `HCLG`                                                 |
/// | header |    4 |     4 | version      | 1; a higher one is refused, never guessed at           |
/// | header |    8 |     8 | segmentId    | equals the number in the file name: catches a copy     |
/// | header |   16 |     4 | segmentBytes | size of the whole file                                 |
/// | header |   20 |     8 | createdAt    | microseconds since 1970, for people                    |
/// | header |   28 |     4 | crc          | CRC32C of bytes 0 to 27                                |
/// | mark A |  512 |    24 | mark         | see below                                              |
/// | mark B | 1024 |    24 | mark         | see below                                              |
/// | record | 4096 |       | records      | the first one; the others follow without a gap         |
///
/// | part   |   at | bytes | field        | meaning                                                |
/// |--------|-----:|------:|--------------|--------------------------------------------------------|
/// | mark   |    0 |     8 | sequence     | 1, 2, 3, …; odd ones are in A, even ones in B          |
/// | mark   |    8 |     4 | durableTo    | all bytes before this offset have been forced          |
/// | mark   |   12 |     4 | sealed       | 1: no record follows `durableTo`; else 0               |
/// | mark   |   16 |     4 | reserved     | 0                                                      |
/// | mark   |   20 |     4 | crc          | CRC32C of segmentId and bytes 0 to 19                  |
/// | record |    0 |     4 | length       | of all parts; 0 is the end                             |
/// | record |    4 |     4 | crc          | CRC32C of the parts, XOR salt                          |
/// | record |    8 |     … | parts        | at least one                                           |
/// | part   |    0 |    16 | tableId      |                                                        |
/// | part   |   16 |     4 | length       | of bytes                                               |
/// | part   |   20 |     n | bytes        | opaque here                                            |
///
/// One mutation is one record, also when it spans tables: it is replayed whole or not at all. The
/// *salt* is `segmentId * A + offset * B + length * C` modulo 2^32 with odd constants, so a record left
/// over from an earlier life of a recycled segment never passes for a new one: at the same offset and
/// with the same length, another segment id always gives another salt.
///
/// Magic, version and the crc of bytes 0 to 27 stand where they are in every version to come, so that a
/// later release's segment is told from a damaged one: [SegmentVersionException], before any file of the
/// directory is changed.
///
/// **What replay concludes.** A mark is written after each force. A record that does not check out
/// before the newest valid mark is damage: [CorruptSegmentException] names file and offset. After the
/// mark it is what a crash leaves, and replay of that segment ends there. A mark is itself made
/// durable by the next force only, so it may say too little, never too much; two slots are written in
/// turn, so that a torn mark leaves the one before. A full segment gets a `sealed` mark with a force of
/// its own, so damage anywhere in it is found.
@NullMarked
package io.helenus.commitlog;

import org.jspecify.annotations.NullMarked;
