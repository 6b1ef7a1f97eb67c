/// Who owns what. A token is a signed 64-bit number, the Murmur3 hash of a partition key exactly as
/// drivers compute it; the smallest one is the ring's sentinel and no key has it (a node may).
///
/// | class                 | what it says                                                         |
/// |-----------------------|----------------------------------------------------------------------|
/// | `Murmur3Token`        | the token of a partition key                                         |
/// | `Ring`                | which member has which tokens                                        |
/// | `RingChange`          | join, leave, replace, move: what is under way                        |
/// | `ReplicationStrategy` | how replicas are found: Simple, NetworkTopology, Local               |
/// | `Placement`           | replicas of every token, natural and pending, for one strategy       |
/// | `RangeMovement`       | what has to be streamed from one placement to the next               |
/// | `TokenAllocator`      | the tokens of a joining node                                         |
///
/// The ring and its changes come from the metadata log, so all nodes compute the same placement at
/// the same epoch. The engine makes a new `Placement` for each way of replicating when the epoch
/// changes and publishes it; requests look tokens up in it on whichever thread serves them. All
/// classes here are stateless or immutable.
///
/// Replicas, their order and pending ranges are those of Apache Cassandra 5.0. One thing is added:
/// where a node is replaced by one of another rack, others of the data centre may come to own
/// ranges, too, and these are pending here; Cassandra sees only the new node.
///
/// Knows nodes and tokens, nothing of tables, types or sockets.
@NullMarked
package io.helenus.gossip.ring;

import org.jspecify.annotations.NullMarked;
