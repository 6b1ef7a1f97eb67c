/// The metadata log in a running node: who is in the cluster, who owns what, and the schema.
///
/// | class              | what it is                                                              |
/// |--------------------|-------------------------------------------------------------------------|
/// | `ClusterMetadata`  | what the rest of the node sees: the state, its changes, proposals       |
/// | `ClusterListener`  | hears of each change                                                    |
/// | `MetadataService`  | drives [io.helenus.engine.cluster.agreement.Agreement]: time, messages, |
/// |                    | the file                                                                |
/// | `PendingRecords`   | of the owner: what is to be forced next                                 |
/// | `EpochWaiters`     | of the applier: who waits for an epoch                                  |
/// | `EpochPoll`        | asks other nodes for their epoch, at the end of a DDL statement         |
/// | `MetadataEnvironment` | what the service needs of the node                                   |
///
/// # How to use it
///
/// Everything that depends on members, tokens or the schema asks
/// [io.helenus.engine.cluster.metadata.ClusterMetadata]. `current()` is the latest state that is durable
/// here: immutable, read from a volatile field, so take it once and keep it for one piece of work. It is
/// null only in a node that is on its way into a cluster, which serves nobody yet. A node that is alone has
/// a state as well: its log is one with a single member.
///
/// What follows from a change belongs into a [io.helenus.engine.cluster.metadata.ClusterListener].
/// Listeners are called in the order in which they were added, after the change is durable, one change
/// after the other, on the thread `helenus-metadata-apply`; by then `current()` has it. They may take their
/// time (tables are opened there), but should not wait for other nodes. A node that was behind may jump
/// over many epochs at once: a listener compares the two states that it is given.
///
/// Who wants a change proposes a planner (see [io.helenus.engine.cluster.ClusterPlans]) and gets an
/// [io.helenus.engine.cluster.agreement.Outcome] later, on the same thread: when it is committed, all
/// listeners of this node have heard of it. Nothing here waits, so any thread may call, event loops too.
///
/// # Threads
///
/// The owner (`helenus-metadata`, one task at a time) has the state machine and the file, and waits for
/// the disk. What is durable goes to the applier (`helenus-metadata-apply`, likewise), so that a table that
/// takes long to open or drop holds up no vote. Messages, timers and proposals are tasks of the owner.
///
/// # On disk
///
/// `metadata.log`, see [io.helenus.engine.metadata]. What the state machine wants written at once is one
/// record there, forced once; sole members so do one forced write for a change. If a write fails and
/// nothing of it is on disk, the proposal fails and the log goes on; if that is not known, the node takes no
/// part any more and says so.
///
/// What follows from a change is done after it is durable, so a crash may come in between: a start does
/// again what follows from the entries in the file, the removal of dropped tables above all. When the file
/// is written anew while listeners are behind, the state up to which nothing is left to be done comes
/// first in it, so that a start sees the difference.
///
/// # Messages
///
/// `METADATA` has the messages of the agreement. `METADATA_EPOCH` asks another node to answer when it has
/// applied an epoch; that is how the end of a DDL statement waits for the others.
@NullMarked
package io.helenus.engine.cluster.metadata;

import org.jspecify.annotations.NullMarked;
