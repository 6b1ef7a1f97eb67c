/// The wiring of a node: makes its parts, gives them clocks, threads, files and randomness, starts them
/// in order and ends them in reverse. The only package that takes these from the machine; everything
/// else gets them through constructors.
///
/// | thread                   | how many | does                                             |
/// |--------------------------|---------:|--------------------------------------------------|
/// | `helenus-loop-…`         |  setting | event loops: requests that memory can answer     |
/// | `helenus-reader-…`       |  setting | requests that may wait for a disk; at the start, |
/// |                          |          | up to 8 of them apply what the commit log holds  |
/// | `helenus-storage-…`      |        2 | flushes, deletions                               |
/// | `helenus-commitlog-…`    |        2 | forces the commit log, prepares its segments     |
/// | `helenus-tick`           |        1 | periodic flushes                                 |
/// | `helenus-stream-loop`    |        1 | the port for other nodes: files and messages     |
/// | `helenus-gossip`         |   0 or 1 | gossip and timers of messages, once there is     |
/// |                          |          | another node                                     |
/// | `helenus-metadata`       |        1 | agrees with others on members, tokens, schema;   |
/// |                          |          | writes the metadata log                          |
/// | `helenus-metadata-apply` |        1 | carries out what was agreed on                   |
/// | `helenus-admin-loop`     |        1 | reads requests of operators                      |
/// | `helenus-admin-…`        |   0 to 4 | does what they ask for                           |
@NullMarked
package io.helenus.engine.node;

import org.jspecify.annotations.NullMarked;
