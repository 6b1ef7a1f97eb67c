/// When a node that is no longer heard of counts as down: phi-accrual failure detection.
///
/// News of a node (a newer heartbeat, by whichever way it came) is an *arrival*. With arrivals at
/// intervals of mean `m` that are distributed exponentially, a silence of `t` has the probability
/// `e^(-t/m)`; phi is its negative decimal logarithm, `t / (m · ln 10)`. So phi says how surprising
/// the silence is: at 1 one in ten silences lasts that long, at 8 one in a hundred million.
///
/// | setting                | default | meaning                                                  |
/// |------------------------|--------:|----------------------------------------------------------|
/// | `convictThreshold`     |       8 | phi above which a node is down (`phi_convict_threshold`) |
/// | `samplesMax`           |    1000 | intervals that the mean is taken of, the latest ones     |
/// | `initialIntervalNanos` |     2 s | the mean before there is one                             |
/// | `intervalNanosMax`     |     2 s | longer intervals don't count: they were outages          |
/// | `localPauseNanos`      |     5 s | see below                                                |
///
/// With one arrival a second a silence of 18.4 s convicts. A smaller threshold convicts sooner and
/// more often wrongly: the time is `threshold · ln 10 · mean`, so 5 gives 11.5 s and 12 gives 27.6
/// s. Networks with pauses of their own (clouds) do well with 10 to 12.
///
/// Thirty nodes with delays of 1 to 200 ms in a simulation (`GossipDetectionTest`): wrong convictions
/// in half an hour, which are 435 hours of one node watching another, and the time from a crash until
/// another node sees it, of ten crashes for all 29 others.
///
/// | messages lost | wrong convictions | crash seen after, median | soonest to latest |
/// |--------------:|------------------:|-------------------------:|------------------:|
/// |           0 % |                 0 |                   22.0 s |  15.3 s to 26.7 s |
/// |           1 % |                 0 |                   21.9 s |  17.2 s to 28.5 s |
/// |          10 % |                 0 |                   23.2 s |  17.0 s to 28.9 s |
///
/// So with up to 10 % of loss there is less than one wrong conviction in 145 hours of watching, at a
/// confidence of 95 %. `-Pthorough` watches twenty times as long.
///
/// When the time between two ticks shows that this process itself stood still for over
/// `localPauseNanos`, silence says nothing of others: for that long nobody is convicted. All times
/// are of a monotonic clock, so jumps of the wall clock don't matter.
///
/// Not thread-safe; the owner of the gossip state machine uses it.
@NullMarked
package io.helenus.gossip.detector;

import org.jspecify.annotations.NullMarked;
