/// How a cluster decides what the next entry of its log is: one Paxos instance per epoch among the
/// metadata members of the state before it, and how everybody else learns of it.
///
/// [io.helenus.engine.cluster.agreement.Agreement] is one node's part: a state machine. Messages,
/// ends of disk writes, proposals and ticks go in with the time that it is; effects come out, to be
/// performed in their order. It knows no socket, thread, clock or file. One thread at a time.
///
/// **Proposing.** Whoever wants a change proposes it itself, whether it is a member or not: it is
/// Paxos' proposer and the members are the acceptors. So the change is planned where it was asked
/// for, against the very state that it will be applied to, and what a client is told is exact. A
/// node tries its own proposals one after the other. For the epoch after its own it
///
/// 1. asks all members to promise a ballot. A majority of promises shows that its state is the
///    latest: no later epoch can have been decided without one of them knowing;
/// 2. takes the entry of the highest ballot that one of them has accepted, if there is any, and
///    makes that one the cluster's; else it asks its planner for an entry. If the planner wants
///    nothing or refuses, that is the answer, and it is one about the latest state;
/// 3. asks all members to accept the entry. A majority of acceptances decides. It tells all nodes.
///
/// If the entry was somebody else's, it starts again with the epoch after. A rejected proposer
/// waits for a random time that grows, then tries a higher ballot.
///
/// **The short way.** The node that proposed the last entry, if it is a member, has the lowest ballot
/// of the next epoch (round 0) for itself and needs no promises for it: its own acceptance is forced
/// before anybody else hears of the entry, and it uses that ballot only while its own acceptor is
/// blank. So a cluster of one does one forced write per change, and a node that makes many changes
/// one round trip each.
///
/// **Accepting.** An acceptor takes part in the epoch after its own only: so it knows who the members
/// are, and any change of them is safe. What it promises and accepts is forced before it answers. A
/// ballot is a round, the proposer's host id, and a random number of that process, so no two are
/// equal and proposers need no disk. One member alone decides by accepting.
///
/// **Exactly once.** A proposal has an id, which is in its entry. A proposer plans again for a later
/// epoch only after it knows what became of the one before; and a state knows the ids of the latest
/// entries, so whoever got no answer may propose again with the same id.
///
/// **Answers.** Committed, unchanged or refused (by the planner, on the latest state); *unavailable*:
/// certainly not in the log and never will be, with the members that did not answer; *unknown*: some
/// member may have accepted it and a later proposer may finish it. Of a proposal that is made again the
/// latter is all that can be said if there is no majority.
///
/// **Catching up.** Each message has its sender's epoch. Who is behind pulls: the entries that it
/// lacks, or a snapshot of the state if the other has these no more. Deciders tell everybody, gossip
/// carries epochs too, and now and then each node asks a random other one.
///
/// **On disk.** Records are appended in order to one file and forced. From time to time the file is
/// written anew, as a snapshot and what the acceptor holds. A decided entry is forced before
/// [io.helenus.engine.cluster.agreement.AgreementEffect.Applied] says so. If an entry cannot be applied,
/// or it is not known what a failed write has left, the node takes no part any more and says why. If
/// nothing was written, as on a full disk, a single promise or vote is as if it had not been asked for;
/// anything else is tried again. Proposals that this node would have to vote for fail at once, as
/// unavailable if nobody else has heard of them; the others may decide without it. What they have
/// decided is answered as unknown while it cannot be written here.
///
/// [io.helenus.engine.cluster.agreement.AgreementRules] are the decisions that safety rests on, so
/// that a simulation can plant mistakes in them.
///
/// # Messages
///
/// Parts are those of the package above; `ballot` is i64 round · u128 host id · i64 life. The frame
/// around a message has length and checksum.
///
/// | field      | bytes | meaning                                                               |
/// |------------|------:|-----------------------------------------------------------------------|
/// | version    |     1 | 1; another is refused                                                 |
/// | kind       |     1 | one of the following                                                  |
/// | cluster id |    16 | zeros while the sender knows none                                     |
/// | sender     |    16 | its host id                                                           |
/// | epoch      |     8 | that the sender is at, 0 if it has no state                           |
/// | body       |   ... | nothing may be left after it                                          |
///
/// | kind | name     | body                                                                       |
/// |-----:|----------|----------------------------------------------------------------------------|
/// |    1 | PREPARE  | i64 epoch to decide · ballot                                               |
/// |    2 | PROMISE  | i64 epoch · ballot · u8 has accepted · (ballot · entry)                    |
/// |    3 | ACCEPT   | ballot · entry                                                             |
/// |    4 | ACCEPTED | i64 epoch · ballot                                                         |
/// |    5 | REJECTED | i64 epoch · ballot · ballot promised to                                    |
/// |    6 | DECIDED  | entry                                                                      |
/// |    7 | PULL     | i64 epoch after which entries are wanted                                   |
/// |    8 | ENTRIES  | list of entry, with epochs one after the other                             |
/// |    9 | SNAPSHOT | bytes state                                                                |
///
/// # Records
///
/// | kind | name     | body                                                                       |
/// |-----:|----------|----------------------------------------------------------------------------|
/// |    1 | SNAPSHOT | bytes state; begins the file, and may follow a snapshot of an earlier one  |
/// |    2 | PROMISED | i64 epoch · ballot                                                         |
/// |    3 | ACCEPTED | ballot · entry                                                             |
/// |    4 | DECIDED  | entry; left out if this node is the only member and has accepted it        |
///
/// A record begins with u8 kind; the file around it has lengths and checksums. Limits: 1024 entries
/// in a message, 80 MiB a message or record.
@NullMarked
package io.helenus.engine.cluster.agreement;

import org.jspecify.annotations.NullMarked;
