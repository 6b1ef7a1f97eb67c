/// Messages between nodes. [io.helenus.engine.messaging.MessageTransport] takes single messages from
/// node to node; [io.helenus.engine.messaging.Messenger] makes requests and responses of them, with
/// time-outs, and finds the handler of each [io.helenus.engine.messaging.Verb]. Whatever nodes agree on,
/// ask or tell each other goes through a messenger; streams of files have connections of their own.
///
/// In a real node the transport is [io.helenus.engine.messaging.NettyTransport]; a simulation puts its
/// own network in its place, and all above stays the same.
///
/// To add a verb: a constant in `Verb` with a number of its own, and a handler that is registered before
/// the node listens.
///
/// # Threads
///
/// A messenger may be used by any thread. Handlers and callbacks run on the executors that they were
/// registered with, never within a call that sends. In a `NettyTransport` everything about a connection
/// happens on its event loop; other threads put messages into its queue.
///
/// # What is promised
///
/// A message arrives at most once, whole and unaltered, or not at all; two of them in any order. Every
/// request ends exactly once: with a response, with the other node's reason, or with why this node has
/// none. Every message has a deadline: what is older is dropped before it is sent, when it has arrived,
/// and when its turn comes at its handler.
///
/// The age of a message on its way is told without comparing clocks: each says the sender's monotonic
/// time, the receiver takes the fastest one of the connection for one without delay, and what others
/// need more is their delay ([io.helenus.engine.messaging.TransitClock]).
///
/// # Connections
///
/// Messages go one way on a connection: a node connects to each node that it has something to say to,
/// and answers come on the other's connections. For each peer there are up to three, so that nothing
/// large or slow holds up what keeps the cluster together:
///
/// | lane   | what goes there                                                                      |
/// |--------|--------------------------------------------------------------------------------------|
/// | urgent | verbs that say so (gossip, the metadata log), whatever their size                    |
/// | small  | others up to 64 KiB                                                                  |
/// | large  | others above; compressed, if both sides want that                                    |
///
/// A lane connects when it has something to send. While it cannot, it waits before it tries again, twice
/// as long each time, with jitter, up to a limit; a connection from the peer ends the waiting. What is
/// queued when an attempt fails is dropped as unreachable. A connection that takes nothing for too long
/// is given up.
///
/// # Memory
///
/// [io.helenus.engine.messaging.MessagingOptions] has the limits. What is queued and not yet taken by
/// the socket counts for its lane and, but for the urgent lane, for the whole node; a message that does
/// not fit is dropped at once. What has arrived and is not yet handled counts for its connection and,
/// but for urgent ones, for the whole node; above the limit nothing more is read there, and TCP holds
/// the peer back. A buffer grows with the bytes that come, never with a length that is claimed.
///
/// # On the wire
///
/// All protocols between nodes share one port, `storage_port`. The side that connects says what it wants
/// with a [io.helenus.engine.messaging.Hello], the other accepts or closes the connection. Integers are
/// big-endian.
///
/// | hello    | bytes | meaning                                                                  |
/// |----------|------:|--------------------------------------------------------------------------|
/// | magic    |     4 | `HELN`                                                                   |
/// | version  |     1 | 1                                                                        |
/// | kind     |     1 | 1 streaming, 2 messages                                                  |
/// | reserved |     2 | 0                                                                        |
///
/// | answer   | bytes | meaning                                                                  |
/// |----------|------:|--------------------------------------------------------------------------|
/// | magic    |     4 | `HELN`                                                                   |
/// | version  |     1 | the highest that the node speaks                                         |
/// | status   |     1 | 0 accepted, 1 unknown version, 2 unknown kind                            |
/// | reserved |     2 | 0                                                                        |
///
/// For messages, each side then sends one part of the handshake, the connecting one with its hello
/// already. A *string* is a u16 length and UTF-8; an *address* is a u8 4 or 16, so many bytes, u16 port.
///
/// | greeting  | bytes | meaning                                                                 |
/// |-----------|------:|-------------------------------------------------------------------------|
/// | length    |     2 | of what follows, checksum included, at most 1024                        |
/// | oldest    |     1 | version of messages that the sender speaks, 1                           |
/// | newest    |     1 | version of messages that the sender speaks, 1                           |
/// | lane      |     1 | 0 urgent, 1 small, 2 large                                              |
/// | flags     |     1 | 1 the sender would compress                                             |
/// | cluster   |   ... | string, its `cluster_name`                                              |
/// | from      |   ... | address of the sender                                                   |
/// | to        |   ... | address that it thinks it talks to                                      |
/// | checksum  |     4 | CRC32C of all before                                                    |
///
/// | reply     | bytes | meaning                                                                 |
/// |-----------|------:|-------------------------------------------------------------------------|
/// | length    |     2 | of what follows, checksum included, at most 1024                        |
/// | status    |     1 | 0 welcome; refused: 1 no common version, 2 another cluster, 3 the node  |
/// |           |       | itself, 4 the address is another node's, 5 too many connections         |
/// | version   |     1 | the one to be used                                                      |
/// | flags     |     1 | 1 payloads may be compressed                                            |
/// | reason    |   ... | string, for the log of who was refused                                  |
/// | checksum  |     4 | CRC32C of all before                                                    |
///
/// The versions stand at the same place in every version of the greeting, so that a later one can be
/// told that there is no common one. After `welcome` the connecting side sends frames, the other
/// nothing:
///
/// | frame     |  at | bytes | meaning                                                           |
/// |-----------|----:|------:|-------------------------------------------------------------------|
/// | length    |   0 |     4 | of the payload as it is sent                                      |
/// | plain     |   4 |     4 | length of the payload before it was compressed                    |
/// | verb      |   8 |     2 | see `Verb`; one that is not known is passed over                  |
/// | kind      |  10 |     1 | 1 one-way, 2 request, 3 response, 4 failure                       |
/// | flags     |  11 |     1 | 1 the payload is an LZ4 block                                     |
/// | id        |  12 |     8 | of the request; 0 if one-way                                      |
/// | epoch     |  20 |     8 | of the sender's metadata log                                      |
/// | sent      |  28 |     8 | nanoseconds of the sender's monotonic clock                       |
/// | life      |  36 |     4 | milliseconds that are left of its time                            |
/// | checksum  |  40 |     4 | CRC32C of all before                                              |
/// | payload   |  44 |   ... |                                                                   |
/// | checksum  | ... |     4 | CRC32C of the payload as it is sent                               |
///
/// # What goes wrong
///
/// Bytes that make no sense (a checksum, a length over the limit, an unknown kind or flag) close the
/// connection with a line in the log that names the peer and the reason; the same of the same address
/// comes at most once a minute. So does a refused handshake, on both sides. The sender connects anew.
@NullMarked
package io.helenus.engine.messaging;

import org.jspecify.annotations.NullMarked;
