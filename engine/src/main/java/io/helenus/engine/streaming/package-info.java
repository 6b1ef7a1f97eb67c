/// How SSTables come over the network: from tools to nodes, and, with the cluster, from node to node.
/// [io.helenus.engine.streaming.StreamServer] listens, a
/// [io.helenus.engine.streaming.StreamReceiver] for each connection takes files in, and
/// [io.helenus.engine.streaming.StreamSender] sends them.
///
/// The server has one event loop, which only cuts frames; files are written by workers, and a connection
/// is read on when they are done with what it brought. A sender blocks its thread.
///
/// # A connection
///
/// All of the node's protocols with other nodes share one port, `storage_port`, and begin with the hello
/// that [io.helenus.engine.messaging] describes; streaming is kind 1. The server reads it for all of
/// them, and hands connections for messages on. Integers are big-endian.
///
/// Then both sides send frames:
///
/// | field    | type  | meaning                                                                  |
/// |----------|-------|--------------------------------------------------------------------------|
/// | length   | u32   | of the payload, at most 1 MiB                                            |
/// | type     | u8    | of the message                                                           |
/// | payload  | …     | see below                                                                |
/// | checksum | u32   | CRC32C of all before                                                     |
///
/// # Messages
///
/// A string is a u16 length and UTF-8; a text has a u32 length. S is the sender, R the receiver.
///
/// | type | name     | from | payload                                                           |
/// |-----:|----------|------|-------------------------------------------------------------------|
/// |    1 | open     | S    | string keyspace, string table                                     |
/// |    2 | opened   | R    | 16 bytes table id, u32 n and n bytes schema header of its files,  |
/// |      |          |      | text of CQL that creates it, u16 count of owned ranges of tokens, |
/// |      |          |      | each i64 from (excluded), i64 to (included); one range from a     |
/// |      |          |      | token to itself is the whole ring                                 |
/// |    3 | file     | S    | i64 bytes, u32 CRC32C of the whole file, string name              |
/// |    4 | go on    | R    | i64 offset to send from; -1: the file is in the table already     |
/// |    5 | data     | S    | i64 offset, bytes                                                 |
/// |    6 | received | R    | i64 offset up to which bytes are written                          |
/// |    7 | stored   | R    | i64 generation of the file in the table                           |
/// |    8 | failed   | R    | u16 code, text; 1 refused for good, 2 worth another attempt       |
///
/// After `open`, files follow one another: `file`, `go on`, `data` until its end, `stored`. The sender
/// may have 8 MiB of data on their way that are not `received` yet. After `failed` the receiver closes
/// the connection.
///
/// # What is promised
///
/// A file is checked from its first byte to its last before it is put into the table, all of it at once
/// and durably; until then it is a temporary file, and the node's end deletes it. If a connection
/// breaks, what has arrived is kept for ten minutes, and the same file (by length and checksum) goes on
/// where it ended. A file that is in the table already is not taken twice, so that a load which was cut
/// short is simply started again.
@NullMarked
package io.helenus.engine.streaming;

import org.jspecify.annotations.NullMarked;
