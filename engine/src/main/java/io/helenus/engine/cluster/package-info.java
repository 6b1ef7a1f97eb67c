/// What a cluster agrees on: its schema, its nodes with their tokens and states, and which of them
/// are metadata members. All of it is one [io.helenus.engine.cluster.ClusterState], the result of
/// applying one totally ordered log of entries. `agreement` below decides what the next entry is,
/// `metadata` runs it in a node and is what the rest of the node uses, `gossip` finds out who is up.
///
/// | class                   | what it is                                                        |
/// |-------------------------|-------------------------------------------------------------------|
/// | `ClusterState`          | everything after an epoch; makes that of the next                 |
/// | `ClusterTransformation` | one change, in resolved terms                                     |
/// | `LogEntry`              | a change with its epoch and the proposal that it comes from       |
/// | `ClusterPlanner`        | what somebody wants, as a function of the state                   |
/// | `ClusterPlans`          | the planners of DDL, joining, leaving, membership                 |
/// | `ClusterCodec`          | all of them as bytes                                              |
///
/// The *epoch* of a state is the number of its last entry. Applying an entry needs nothing but the
/// state before it: no clock, no randomness, no address look-up. Table ids, column ids and tokens
/// are chosen by whoever proposes and are in the entry, so they are the same everywhere. A state
/// carries a hash over all entries that led to it: two nodes at the same epoch have the same hash,
/// or something is very wrong.
///
/// A node is `JOINING` from the moment it is registered with its tokens, `NORMAL` when it has its
/// data, `LEAVING` while it hands them over, and gone after that. [io.helenus.gossip.ring.Ring] and
/// the changes under way are made from these states.
///
/// *Metadata members* are the nodes that vote on the next entry. The first is the node that created
/// the cluster, the next two to join follow. A transformation adds or removes one at a time; a
/// member cannot leave the cluster before it was replaced, except the last node.
///
/// Everything here is immutable; any thread.
///
/// # Bytes
///
/// Integers are big-endian. `text` is u16 length and UTF-8, `bytes` i32 length and so many bytes,
/// `list` i32 count and items, `endpoint` u8 4 or 16, the address, u16 port.
///
/// | part           | fields                                                                   |
/// |----------------|--------------------------------------------------------------------------|
/// | entry          | i64 epoch · u128 proposal · u128 proposer · bytes transformation         |
/// | transformation | u8 format (1) · u8 kind · fields of the kind, nothing after them         |
/// | 1 schema       | bytes, see [io.helenus.engine.schema.SchemaCodec]                        |
/// | 2 register     | node, whose state is joining                                             |
/// | 3 finish join  | u128 host id                                                             |
/// | 4 start leave  | u128 host id                                                             |
/// | 5 remove       | u128 host id                                                             |
/// | 6 update       | u128 host id · endpoint · endpoint for clients · text release            |
/// | 7 add member   | u128 host id                                                             |
/// | 8 remove member| u128 host id                                                             |
/// | node           | u128 host id · endpoint · endpoint for clients · text data centre ·      |
/// |                | text rack · u8 state · text release · list of i64 tokens, ascending      |
/// | state          | u8 format (1) · u128 cluster id · text name · i64 epoch · u128 hash ·    |
/// |                | u128 last proposer · list of node, ascending by host id · list of u128   |
/// |                | members, ascending · list of (u128 proposal · i64 epoch), ascending by   |
/// |                | epoch · bytes schema                                                     |
///
/// Host ids ascend as `UUID.compareTo` orders them. Limits: 256 bytes a name, 1024 tokens of a node,
/// 4096 nodes with 262 144 tokens, 63 members, 16 MiB a transformation, 64 MiB a schema. What is over a limit, unknown
/// or left over is refused with the byte at which it was found.
@NullMarked
package io.helenus.engine.cluster;

import org.jspecify.annotations.NullMarked;
