/// `helenus cluster`: a cluster of real nodes on this machine, each a process of its own on an address
/// of its own (127.0.0.1, .2, .3 …) with the ports that nodes have everywhere: CQL on 9042, other nodes
/// on 7000, administration on 7199. One thread; [io.helenus.tools.cluster.LocalCluster] is what the
/// command calls.
///
/// The directory of a cluster:
///
/// | file                          | content                                                          |
/// |-------------------------------|------------------------------------------------------------------|
/// | `cluster.json`                | nodes, their places and processes, seeds, settings               |
/// | `cluster.lock`                | locked by the command that changes something                     |
/// | `127.0.0.2/`                  | a node's own directory                                           |
/// | `127.0.0.2/logs/helenus.log`  | what it logs                                                     |
/// | `127.0.0.2/logs/console.log`  | what its process printed since its last start                    |
///
/// The directory that was used last is in `~/.helenus/cluster-directory`, so that later commands need
/// not be told. A process is known by its number, the time at which it started and the node's directory
/// in its command line: a number that another program has got by now is never signalled.
///
/// Nodes get sessions of their own where there is `setsid`: what is typed in the terminal that started
/// them does not reach them, nor does its end.
@NullMarked
package io.helenus.tools.cluster;

import org.jspecify.annotations.NullMarked;
