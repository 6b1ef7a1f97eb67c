/// Whole clusters in one thread: many nodes, virtual time, one seed. A run is determined by its seed
/// alone, so a failure is a seed, and the same seed gives the same run again, message by message.
///
/// | class               | what it is                                                              |
/// |---------------------|-------------------------------------------------------------------------|
/// | `Simulation`        | time, events, randomness, the trace and its hash                        |
/// | `SimulatedNetwork`  | loses, delays, doubles and reorders messages; cuts links, one way, too  |
/// | `SimulatedDisk`     | takes time to force; a crash loses what was not forced, or a part of    |
/// |                     | it; a force may fail; may be full for a while                           |
/// | `MetadataNode`      | one node: what survives a crash, and its process                        |
/// | `MetadataProcess`   | gossip and agreement of a node until it crashes, and their driver       |
/// | `MetadataCluster`   | the nodes of a run and what is sent between them                        |
/// | `SchemaClients`     | statements that contradict each other                                   |
/// | `MetadataStory`     | what clients, operators and fate do to them, and the quiet end          |
/// | `Ambush`            | faults right after certain steps of the agreement                       |
/// | `LogChecker`        | what must hold, looked at whenever a node learns or answers something   |
/// | `PlantedBug`        | mistakes that have to be found                                          |
/// | `Stories`           | many of them, and what happened in all                                  |
///
/// Nothing is delivered inline: what a node sends, writes or waits for comes back as an event. Each
/// node has clocks of its own: a monotonic one that starts anywhere and may stand still, and a wall
/// clock that is wrong and jumps. Limits of the agreement differ from story to story, and are small.
///
/// What must hold: no two nodes ever learn different entries of an epoch, or have different hashes at
/// one. What a client was told to be committed is in the log exactly once; what it was told to be
/// refused or unavailable is not there, and what was asked for before is never called unavailable. In the end all nodes have the same state, each of them can
/// change it, and gossip has told all of them who is there and at which epoch.
///
/// Faults at random times found some planted mistakes only after hundreds of stories, two of them
/// not at all: the moments in which such a mistake matters are a few milliseconds long. An ambush
/// waits for them.
///
/// `mvn verify` runs 200 stories, `-Pthorough` 20 000; `-Dhelenus.simulation.seeds=N` and
/// `-Dhelenus.simulation.first-seed=N` say which. A failure names its seed and ends with the last
/// lines of its trace; `-Dhelenus.seed=N` runs that story alone and prints all of it.
/// `test/simulate.sh` does the same without Maven.
@NullMarked
package io.helenus.test.simulation;

import org.jspecify.annotations.NullMarked;
