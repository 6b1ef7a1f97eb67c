/// SELECT: the select list bound to columns and functions, the plan of what to read, and its execution
/// page by page. A plan is immutable and shared; a [io.helenus.engine.query.select.SelectExecution]
/// belongs to the thread that runs it and is reused.
///
/// # Paging state
///
/// What a client gets with a page and gives back for the next one; good on every node. Big-endian.
///
/// | field             | type        | meaning                                                       |
/// |-------------------|-------------|---------------------------------------------------------------|
/// | version           | u8          | 1                                                             |
/// | fingerprint       | i64         | of the statement and its bound values                         |
/// | rows left         | i32         | of LIMIT                                                      |
/// | left in partition | i32         | of PER PARTITION LIMIT, in the partition of the last row      |
/// | key index         | i32         | which of the keys of an IN the last row was of                |
/// | last key          | u32 n, n    | row key of the last row, or `60` instead of its position      |
/// | checksum          | u32         | CRC32C of all before                                          |
@NullMarked
package io.helenus.engine.query.select;

import org.jspecify.annotations.NullMarked;
