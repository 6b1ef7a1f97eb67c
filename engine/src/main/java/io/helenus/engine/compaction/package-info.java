/// Turns many SSTables of a table into few: drops what is overwritten, deleted or expired.
///
/// All of it goes through one cursor merge that allocates nothing per row: the input files' cursors,
/// merged, purged, written. **Strategies** choose what to compact; they are functions of what is known of
/// the files and do no I/O. The **manager** owns who compacts what; each compaction is a sequence of
/// short steps on the executor that the wiring gives, so that one can be throttled, stopped, and run
/// in a simulation.
///
/// **Purging.** A deletion (or what has expired) goes only if it is older than `gc_grace_seconds`, and
/// older than every timestamp that its partition has in files outside of the compaction, in damaged
/// files, in files that are being received, and in all memtables.
///
/// Called by the node's wiring (which says what a table's options are), by the operators' endpoint
/// through [io.helenus.engine.compaction.Compactions], and by storage when files come and go.
@NullMarked
package io.helenus.engine.compaction;

import org.jspecify.annotations.NullMarked;
