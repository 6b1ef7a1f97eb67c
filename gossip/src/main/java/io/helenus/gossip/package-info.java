/// What every package of this module names: the address of a node ([io.helenus.gossip.Endpoint])
/// and its place ([io.helenus.gossip.Location]).
///
/// The module knows who is in the cluster and who owns what, and nothing else:
///
/// | package    | what it is                                                                   |
/// |------------|------------------------------------------------------------------------------|
/// | `ring`     | tokens, who owns which, replicas of a token, choice of tokens, ranges to move |
/// | `snitch`   | where a node is                                                              |
/// | `detector` | when a silent node counts as down                                            |
/// | `exchange` | the gossip protocol and the round of discovery before it                     |
///
/// Everything here is either immutable or a state machine that is driven from outside: a message or
/// a tick goes in with the time that it is, effects come out. No clocks, threads, sockets or files;
/// all randomness comes from the generator that a constructor was given, and no decision follows
/// the order of a hashed set. So a simulation of a thousand nodes and a real one run the same code.
///
/// Imports between the packages point one way: `exchange` uses `detector`, `snitch` uses neither,
/// and all may use this one.
@NullMarked
package io.helenus.gossip;

import org.jspecify.annotations.NullMarked;
