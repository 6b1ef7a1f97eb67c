/// Requests over replicas: how many a consistency level asks for, whether enough are there, and the
/// way of a write to them. With one node it is its own only replica; what is decided here is the same.
///
/// Called by the query layer on whichever thread serves the request; nothing here blocks.
@NullMarked
package io.helenus.engine.coordinator;

import org.jspecify.annotations.NullMarked;
