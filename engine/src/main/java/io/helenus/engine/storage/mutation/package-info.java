/// The one encoding of a resolved write: what the query layer produces, what travels to replicas, what
/// the commit log holds, what a hint keeps and what a memtable applies are these same bytes.
///
/// A mutation is of one table and one partition; which table, the envelope says (a record's part, a
/// message). [io.helenus.engine.storage.mutation.MutationWriter] makes it without allocating,
/// [io.helenus.engine.storage.mutation.MutationReader] reads it in place. Both belong to one thread.
///
/// Integers are big-endian; `varint` is LEB128, unsigned.
///
/// | field         | type        | meaning                                                          |
/// |---------------|-------------|------------------------------------------------------------------|
/// | version       | u8          | 1; a higher one is refused                                       |
/// | schema epoch  | varint      | of the schema that its column ids are from                       |
/// | token         | 8 bytes     | as a row key begins: big-endian, sign bit flipped                |
/// | length        | u16         | of the partition key                                             |
/// | partition key | n           | its own wire bytes                                               |
/// | operations    | …           | to the end                                                       |
///
/// Token, length and partition key are therefore exactly what all row keys of the partition begin
/// with, and are copied, not built, when the memtable meets a new partition.
///
/// | operation      | field         | type        | meaning                                        |
/// |----------------|---------------|-------------|------------------------------------------------|
/// | entry          | code          | u8          | 1                                              |
/// |                | position      | varint n, n | what follows the partition in the row key      |
/// |                | value         | varint n, n | see [io.helenus.sstable.model]                 |
/// | range deletion | code          | u8          | 2                                              |
/// |                | start         | varint n, n | bound, included; `10` for the whole partition  |
/// |                | end           | varint n, n | bound, excluded; `60` for the whole partition  |
/// |                | timestamp     | i64         |                                                |
/// |                | deletion time | u32         |                                                |
///
/// The order of operations has no meaning: what a mutation does is the union of them, reconciled.
/// Ascending positions are the fastest to apply.
@NullMarked
package io.helenus.engine.storage.mutation;

import org.jspecify.annotations.NullMarked;
