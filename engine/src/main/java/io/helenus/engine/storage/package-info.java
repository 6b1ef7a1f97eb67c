/// One node's data: the write path from an encoded mutation to commit log and memtable, flush,
/// tables as sets of files, and the read path over both.
///
/// The query layer and the coordinator call it, on event loops and reader threads; flushes and whatever
/// else waits run on the executor that the wiring gives. Nothing here knows a CQL type.
///
/// # A directory
///
/// | path                                    | holds                                               |
/// |-----------------------------------------|-----------------------------------------------------|
/// | `commitlog/`                            | see the commit log                                  |
/// | `data/<keyspace>/<table>-<id>/`         | one table; the id as 32 hexadecimal digits          |
/// | `…/manifest`                            | which files it consists of                          |
/// | `…/<generation>.sst`                    | one SSTable                                         |
/// | `…/<generation>.sst.tmp`, `manifest.tmp`| being written; deleted at start                     |
/// | `…/lost+found/`                         | files that the manifest does not know               |
/// | `…/snapshots/<name>/`                   | hard links to the files of a moment                 |
/// | `…/snapshots/.<name>.tmp/`              | being made or deleted; deleted at start             |
@NullMarked
package io.helenus.engine.storage;

import org.jspecify.annotations.NullMarked;
