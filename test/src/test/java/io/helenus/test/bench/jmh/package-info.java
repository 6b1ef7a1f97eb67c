/// JMH benchmarks of single parts, for `test/bench/jmh.sh`. Each reports nanoseconds and allocated bytes
/// per operation; on a shared machine the bytes are the firmer figure.
///
/// | benchmark               | an operation is                                                        |
/// |-------------------------|------------------------------------------------------------------------|
/// | `ParserBenchmark`       | one statement parsed to its tree                                       |
/// | `CommitLogBenchmark`    | one mutation appended, in mode `periodic`                              |
/// | `MemtableBenchmark`     | one mutation applied                                                   |
/// | `SSTablePointBenchmark` | one row looked up: there, absent, there but not in the cache           |
/// | `SSTableScanBenchmark`  | one row that a cursor over one SSTable, or a merge of four, comes by   |
///
/// Rows are those of a table `(pk bigint, ck int, v blob)` with values of 100 random bytes.
@NullMarked
package io.helenus.test.bench.jmh;

import org.jspecify.annotations.NullMarked;
