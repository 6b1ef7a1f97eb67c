/// Whole clusters in one thread: many nodes, virtual time, one seed. A run is determined by its seed
/// alone, so a failure is a seed, and the same seed gives the same run again, message by message.
///
/// | class               | what it is                                                              |
/// |---------------------|-------------------------------------------------------------------------|
/// | `Simulation`        | time, events, randomness, the trace and its hash                        |
/// | `SimulatedNetwork`  | loses, delays, doubles and reorders messages; cuts links, one way, too  |
/// | `SimulatedDisk`     | takes time to force; a crash loses what was not forced, or a part of it |
/// | `MetadataNode`      | one node: gossip and agreement, their driver, what survives a restart   |
/// | `MetadataCluster`   | the nodes of a run and what is sent between them                        |
/// | `MetadataStory`     | what clients and fate do to them, and the quiet end                     |
/// | `LogChecker`        | what must hold, looked at whenever a node applies or answers something  |
/// | `PlantedBug`        | mistakes that have to be found                                          |
///
/// Nothing is delivered inline: what a node sends, writes or waits for comes back as an event. Each
/// node has clocks of its own: a monotonic one that starts anywhere and may stand still, and a wall
/// clock that is wrong and jumps.
///
/// `mvn verify` runs a few hundred stories, `-Pthorough` 20 000. A failure names its seed and ends
/// with the last lines of its trace;
/// `mvn -pl test -am test -Dtest=MetadataSimulationTest -Dhelenus.seed=N` runs that story alone and
/// prints all of its trace.
@NullMarked
package io.helenus.test.simulation;

import org.jspecify.annotations.NullMarked;
