/// Gossip: how nodes learn of each other, and which of them can be reached.
///
/// Every node says things of itself ([io.helenus.gossip.exchange.StateKey]: host id, place,
/// addresses, release, schema version, metadata epoch, load), each under the next number of one
/// counter, its *version*; and once a second it says that it lives, under the next version, too
/// (the *heartbeat*). A restarted node counts from the start again under a higher *generation*. So
/// what another node knows of it is one pair of numbers, and what that one lacks is all that came
/// after. Tokens and the states of nodes are not here: the metadata log has them.
///
/// **An exchange.** Every second a node sends a SYN to a random live node, with (address,
/// generation, version) of all it knows. The other answers with an ACK: what it knows more of, and
/// for what it knows less of a request. ACK2 has that. So one exchange evens out both, and news
/// reach everybody in a number of seconds that grows with the logarithm of the number of nodes.
/// Sometimes a second SYN goes to a node that is down, or to a seed.
///
/// Seconds in a simulation (`GossipConvergenceTest`, delays of up to 20 ms, three seeds):
///
/// | nodes | from nothing until all are up for all | one update until the last has it   | log2 |
/// |------:|--------------------------------------:|------------------------------------|-----:|
/// |    10 |                                     4 | 2.2 (slowest of five updates 2.9)  |  3.3 |
/// |   100 |                                     5 | 4.6 (5.0)                          |  6.6 |
/// |  1000 |                                     6 | 6.4 (6.9)                          | 10.0 |
///
/// **What is taken for true.** A delta says after which version it begins. It is taken only if all
/// before is known, so a late answer to an earlier life of this process leaves no gap. If a message
/// is full, the newest entries of a node and its heartbeat are left out, never older ones. A
/// generation that is over a year after this node's clock is refused. A node that finds others
/// knowing more of it than it said itself raises its generation above theirs.
///
/// **Up and down.** News of a node are its signs of life. One that is not up is first sent an ECHO;
/// its answer makes it up, so that a node which cannot be reached is not up because others talk of
/// it. The failure detector takes it down, or its own SHUTDOWN, or that it restarted or was
/// removed.
///
/// **Removal.** A removed node is unknown at once, whatever others still say of it, until the time
/// of quarantine is over and it has a new generation.
///
/// **Starting.** Before it says anything, a node asks its seeds with SHADOW_SYN. A member answers
/// with what it knows (the asking node's address first); a node that is starting itself says so.
/// See [io.helenus.gossip.exchange.Discovery] on who may create a cluster.
///
/// Whoever drives a [io.helenus.gossip.exchange.Gossiper] calls `onTick` once a second and
/// `onMessage` for each message, from one thread (or one at a time), performs the effects in their
/// order, and publishes `nodes()` to others. Time is passed in: monotonic nanoseconds for all that
/// lasts, wall-clock microseconds only to judge generations and to warn of skewed clocks.
///
/// # Messages
///
/// The frame around a message has length and checksum. Fixed numbers are big-endian; *n* is a
/// number of 63 bits in groups of seven, the lowest first, `0x80` marking that more follow, no
/// longer than needed; *text* is u16 length and UTF-8. A message is:
///
/// | field   | bytes | meaning                                                                    |
/// |---------|------:|----------------------------------------------------------------------------|
/// | version |     1 | 1; another is refused, and messaging agrees on one before                  |
/// | kind    |     1 | one of the following                                                       |
/// | body    |   ... | nothing may be left after it                                               |
///
/// | kind | name       | body                                                                     |
/// |-----:|------------|--------------------------------------------------------------------------|
/// |    1 | SYN        | cluster · i64 µs of the sender's clock · flag complete · n · digests     |
/// |    2 | ACK        | n · digests that are requests · n · deltas                               |
/// |    3 | ACK2       | n · deltas                                                               |
/// |    4 | ECHO       | i64 nonce                                                                |
/// |    5 | ECHO_REPLY | i64 nonce · n generation                                                 |
/// |    6 | SHADOW_SYN | cluster · i64 µs of the sender's clock · 16 bytes host id                |
/// |    7 | SHADOW_ACK | flag member · n · (flag up · delta) each                                 |
/// |    8 | REFUSED    | text: why                                                                |
/// |    9 | SHUTDOWN   | n generation                                                             |
///
/// | part    | fields                                                                            |
/// |---------|-----------------------------------------------------------------------------------|
/// | cluster | text name · text partitioner · 16 bytes id, zeros while there is none             |
/// | address | u8 4 or 16 · so many bytes · u16 port                                             |
/// | digest  | address · n generation · n version; those of a SYN ascend by address              |
/// | delta   | address · n generation · n version that it begins after · n version of the        |
/// |         | heartbeat, 0 if that is left out · n · entries, ascending by version              |
/// | entry   | u8 key · n version · text value                                                   |
/// | flag    | u8 0 or 1                                                                         |
///
/// Limits: 2 MiB a message, 16 384 digests or deltas in it, 256 entries of a node, 1 KiB a value,
/// 256 bytes a name, 4 KiB a reason. An entry whose key is not known is kept and passed on.
@NullMarked
package io.helenus.gossip.exchange;

import org.jspecify.annotations.NullMarked;
