/// The stored data model: row keys, entries, cells, deletions, how two versions of the same thing
/// are reconciled, and [io.helenus.sstable.model.RowCursor], the one shape in which everything
/// ordered is read. Knows bytes, not CQL types: unsigned byte order is the order.
///
/// Used by the SSTable file, by memtables, compaction, streaming and the read path, on whichever
/// thread runs them. Nothing here does I/O, and nothing is shared between threads.
///
/// # Row key
///
/// | part          | bytes | meaning                                                             |
/// |---------------|------:|---------------------------------------------------------------------|
/// | token         |     8 | big-endian, sign bit flipped                                        |
/// | length        |     2 | of the partition key, unsigned                                      |
/// | partition key |     n | its own wire bytes                                                  |
/// | position      |     m | see below                                                           |
///
/// | position                                   | meaning                                         |
/// |--------------------------------------------|-------------------------------------------------|
/// | `10`                                       | before everything of the partition; a bound     |
/// | `18`                                       | the static row                                  |
/// | components · `38`                          | a row: one tag and payload per clustering column|
/// | leading components · `20`                  | bound before all rows with these components     |
/// | leading components · `60`                  | bound after all rows with these components      |
/// | row position · u16 column id               | header of a multi-cell column                   |
/// | row position · u16 column id · path        | one element of a multi-cell column              |
///
/// Tags are `3E` absent, `3F` empty, `40` a value, `41` empty in a descending column; payloads are
/// prefix-free. A range deletion and a slice are half-open intervals between two bounds.
///
/// # Entries
///
/// An entry is a key and a value. Integers are big-endian; `varint` is LEB128, unsigned; `zigzag` is
/// a zigzag-coded varint. Timestamps are microseconds, times are unsigned seconds since 1970.
///
/// Row (key: a row position, or the static row):
///
/// | field                | type            | present                                          |
/// |----------------------|-----------------|--------------------------------------------------|
/// | flags                | u8              | always; bit 7 is 0                               |
/// | base timestamp       | i64             | always; the row's own if it has a liveness       |
/// | ttl, expiry          | varint, u32     | flag `02`: the liveness expires                  |
/// | deletion             | i64, u32        | flag `04`: timestamp and time of the row deletion|
/// | clustering spelling  | varint n, n     | flag `08`: wire bytes that the key does not give |
/// | cell count           | varint          | always                                           |
/// | cells                |                 | ascending by column id                           |
///
/// Flag `01` says that the row has a liveness (it was inserted, not only updated).
///
/// Cell:
///
/// | field           | type        | present                                                   |
/// |-----------------|-------------|-----------------------------------------------------------|
/// | column id       | varint      | in a row; an element has it in its key                    |
/// | flags           | u8          | always                                                    |
/// | timestamp       | zigzag      | flag `04`: difference to the base; else equal to the base |
/// | ttl, expiry     | varint, u32 | flag `02`: the cell expires                               |
/// | deletion time   | u32         | flag `01`: the cell is a tombstone, without value         |
/// | value           | varint n, n | unless flag `01`                                          |
///
/// Element (flags `80`) and column header (flags `C0`):
///
/// | field         | type            | present                                                 |
/// |---------------|-----------------|---------------------------------------------------------|
/// | flags         | u8              | always                                                  |
/// | suffix length | varint          | always: bytes of the key after its row's position       |
/// | timestamp     | i64             | always                                                  |
/// | deletion time | u32             | column header: every older element is deleted           |
/// | cell          | as above        | element, without column id; its base is the timestamp   |
@NullMarked
package io.helenus.sstable.model;

import org.jspecify.annotations.NullMarked;
