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
/// | `…/snapshots/<tag>/`                    | the files of a moment, see below                    |
/// | `…/snapshots/.<tag>.tmp/`               | one being made or deleted; deleted at start         |
/// | `…/backups/<generation>.sst`            | hard links to flushed files, where that is wanted   |
///
/// # A snapshot
///
/// Made under another name, forced, and renamed: what has its tag for a name is whole. With its
/// `manifest` it can be put in the place of a table's directory as it is; `helenus node import` takes in
/// its SSTables.
///
/// | path               | holds                                                                    |
/// |--------------------|--------------------------------------------------------------------------|
/// | `<generation>.sst` | a hard link to the table's file, or its last name if the table is gone   |
/// | `manifest`         | a manifest with one edit, which adds these files                         |
/// | `schema.cql`       | UTF-8: the CQL that makes the table, its user-defined types before it    |
/// | `manifest.json`    | UTF-8: as Cassandra has it: `files`, a list of the SSTables' names;      |
/// |                    | `created_at`, and `expires_at` or null, as 2024-05-01T10:00:00.123Z;     |
/// |                    | `ephemeral`, always false                                                |
@NullMarked
package io.helenus.engine.storage;

import org.jspecify.annotations.NullMarked;
