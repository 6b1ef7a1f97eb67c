/// Programs that measure and check servers from outside, for the scripts in `test/bench`: they talk to a
/// Helenus or a Cassandra through Apache Cassandra's Java driver, and print one JSON object per phase.
///
/// | program                                   | script            | does                                |
/// |-------------------------------------------|-------------------|-------------------------------------|
/// | [io.helenus.test.bench.CheckValues]       | `check-values.sh` | reads back what the load generator  |
/// |                                           |                   | wrote, and compares every byte      |
/// | [io.helenus.test.bench.VolumeCheck]       | `ten-million.sh`  | fills a table, reads it back        |
/// | [io.helenus.test.bench.VolumeCsv]         | `bulk-twenty-     | writes the same rows as CSV         |
/// |                                           | million.sh`       |                                     |
/// | [io.helenus.test.bench.AloneBench]        | `alone.sh`        | bulk writes, and reads back, tables |
/// |                                           |                   | of several sizes                    |
/// | [io.helenus.test.bench.OpenLoop]          | `latency.sh`      | latencies at a fixed rate           |
///
/// None is a test. Each has the process to itself, so they take threads and
/// clocks as they like.
@NullMarked
package io.helenus.test.bench;

import org.jspecify.annotations.NullMarked;
