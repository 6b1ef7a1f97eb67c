/// The native protocol server, versions 3, 4 and 5: cuts bytes into messages, calls
/// [io.helenus.engine.query.RequestHandler], frames its results. Knows no CQL beyond the first word
/// of a statement, and no types.
///
/// The node's wiring makes a [io.helenus.engine.transport.NativeServer] and reports events through its
/// [io.helenus.engine.transport.EventSink]. Everything about a connection happens on its own event
/// loop. A request runs there to its end, on bytes decoded in place; if it needs I/O it runs again on
/// the reader pool with bytes of its own ([io.helenus.engine.transport.Deferred]), and its answer is
/// posted back. Loops wait for nothing.
///
/// ## On the wire
/// Messages are envelopes, big-endian:
///
/// | at | bytes | field | meaning |
/// |---:|---:|---|---|
/// | 0 | 1 | version | 3, 4 or 5; with the high bit set in answers |
/// | 1 | 1 | flags | 01 compressed, 02 tracing, 04 custom payload, 08 warnings, 10 beta |
/// | 2 | 2 | stream | the client's number of the request; -1 for events |
/// | 4 | 1 | opcode | |
/// | 5 | 4 | length | of the body |
/// | 9 | n | body | `[tracing id]` `[warnings]` `[custom payload]` message |
///
/// With v3 and v4 a compressed body is its plain length (int) and an LZ4 block. With v5 everything
/// after STARTUP and its answer travels in segments ([io.helenus.engine.transport.Segments]) that are
/// checksummed and, as a whole, compressed.
///
/// ## What goes wrong
/// - The body of a message is malformed: a PROTOCOL error on its stream; the connection lives on.
/// - A message is larger than the limit: an INVALID error on its stream, as from Cassandra, and its
///   bytes are skipped as they arrive; the connection lives on.
/// - The bytes cannot be cut any more (a checksum, a negative length, an envelope beyond its segment,
///   a version that nobody speaks): a PROTOCOL error, then the connection is closed.
/// - The query layer throws anything but a CqlException: SERVER_ERROR, logged with its stack.
///
/// ## Limits
/// All are in [io.helenus.engine.transport.TransportOptions]. A connection that is over one of them
/// is not read from until it is below again; clients that sent THROW_ON_OVERLOAD get OVERLOADED
/// instead. Memory follows the bytes that arrived, never a length that was claimed.
@NullMarked
package io.helenus.engine.transport;

import org.jspecify.annotations.NullMarked;
