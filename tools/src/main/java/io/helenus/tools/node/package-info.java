/// `helenus node`: asks a running node over its administration port (paths: see
/// [io.helenus.engine.admin]) and prints what it says, as Cassandra's nodetool prints it, or as JSON
/// with `--json`. One class per command, put together in [io.helenus.tools.node.NodeTool]; one thread.
///
/// Only commands that do what they say are here. Exit codes: 0 done, 1 the node cannot be reached,
/// refused or failed, 2 the command line was wrong.
@NullMarked
package io.helenus.tools.node;

import org.jspecify.annotations.NullMarked;
