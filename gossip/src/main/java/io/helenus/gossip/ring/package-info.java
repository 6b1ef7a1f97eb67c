/// Who owns what: tokens of the Murmur3 ring. A token is a signed 64-bit number; the smallest one
/// is the ring's sentinel and no key has it.
///
/// Called by the engine for every request, on whichever thread serves it: all classes here are
/// stateless or immutable. Knows nodes and tokens, nothing of tables, types or sockets.
@NullMarked
package io.helenus.gossip.ring;

import org.jspecify.annotations.NullMarked;
