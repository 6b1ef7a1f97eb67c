/// Statements bound to the schema, turned into plans and results. The transport hands in a
/// [io.helenus.engine.query.Request] and a writer for the result body; nothing here knows of sockets.
///
/// A request runs on the thread that brings it (an event loop, a reader thread, an embedding
/// application's). If it needs I/O where that is not allowed it says so, having changed nothing, and
/// the caller runs it again where I/O is allowed.
@NullMarked
package io.helenus.engine.query;

import org.jspecify.annotations.NullMarked;
