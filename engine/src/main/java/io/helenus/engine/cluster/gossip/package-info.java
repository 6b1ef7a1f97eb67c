/// Gossip in a running node: [io.helenus.engine.cluster.gossip.GossipService] drives the state machine
/// of [io.helenus.gossip.exchange] with ticks and with messages of the verb `GOSSIP`, does what it wants
/// done, and tells listeners who is up.
///
/// Everything happens on one owner, an executor that runs one task at a time; methods may be called by
/// any thread and post to it. Listeners are called on the owner and must not block. The same class runs
/// in simulations: time, the owner, the timer and the network come in through the constructor.
///
/// The wiring makes the service when the node has seeds or knows other nodes of its cluster, or else when
/// the first other node connects: a node alone gossips with nobody. It asks the others first
/// ([io.helenus.gossip.exchange.Discovery]), and takes part when it knows what it may be. Who is ahead by
/// its `METADATA_EPOCH` is asked for what is missing.
///
/// # The file `generation`
///
/// In the node's metadata directory. Written anew and renamed, and forced before the node says its
/// generation to anybody, so that each start has a higher one.
///
/// | at | bytes | field      | meaning                                                              |
/// |---:|------:|------------|----------------------------------------------------------------------|
/// |  0 |     4 | magic      | `HGEN`                                                               |
/// |  4 |     8 | generation | of the latest start                                                  |
/// | 12 |     4 | crc        | CRC32C of all before                                                 |
///
/// A damaged file counts as none, with a warning: the clock is what generations are made of then.
@NullMarked
package io.helenus.engine.cluster.gossip;

import org.jspecify.annotations.NullMarked;
