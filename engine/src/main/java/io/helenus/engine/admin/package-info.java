/// Administration of a running node: HTTP/1.1 with JSON on a port of its own, for `helenus node`,
/// `curl` and monitoring. There is no authentication: it listens on a loopback address unless the
/// setting `admin_address` says otherwise, and refuses what comes from web pages.
///
/// [io.helenus.engine.node] starts it last and ends it first. One event loop (`helenus-admin-loop`)
/// reads requests and writes answers; the work is done by `helenus-admin-…` threads, which end when
/// they are idle, and by whatever threads that work is given to. One request per connection.
///
/// A request's parameters are the members of its JSON body, or of its query where lists are separated
/// by commas. An unknown path or parameter is an error. The answer is an object: with status 200 what
/// was asked for, else `{"error": "…"}` with 400 (wrong), 403, 404, 405, 409 (does not fit what the
/// node is doing), 500 (failed), 501 (cannot be done here) or 503 (the node ends).
///
/// ```sh
/// curl http://127.0.0.1:7199/v1/info
/// curl -d '{"keyspace": "shop", "tables": ["items"]}' http://127.0.0.1:7199/v1/flush
/// ```
///
/// | method | path                           | parameters       | does                              |
/// |--------|--------------------------------|------------------|-----------------------------------|
/// | GET    | `/v1/version`                  |                  | release that the node stands for  |
/// | GET    | `/v1/info`                     |                  | what the node is and uses         |
/// | GET    | `/v1/status`                   | keyspace         | nodes by data centre, and what    |
/// |        |                                |                  | part of the keyspace each has     |
/// | GET    | `/v1/ring`                     | keyspace         | the same, and all tokens          |
/// | GET    | `/v1/cluster`                  |                  | versions, counts, keyspaces       |
/// | GET    | `/v1/endpoints`                | keyspace, table, | replicas of a key                 |
/// |        |                                | key              |                                   |
/// | GET    | `/v1/gossip`                   |                  | what gossip knows of all nodes    |
/// | GET    | `/v1/messages`                 |                  | messages to and from other nodes  |
/// | GET    | `/v1/clients`                  |                  | who is connected                  |
/// | POST   | `/v1/flush`                    | keyspace, tables | memtables to files; answers after |
/// | POST   | `/v1/decommission`             |                  | out of the cluster                |
/// | POST   | `/v1/removenode`               | `host_id`        | takes out one that is down        |
/// | POST   | `/v1/drain`                    |                  | no clients, all flushed, no writes|
/// | GET    | `/v1/native-transport`         |                  | whether clients are served        |
/// | POST   | `/v1/native-transport/enable`  |                  | listens for clients               |
/// | POST   | `/v1/native-transport/disable` |                  | stops listening for clients       |
/// | GET    | `/v1/snapshots`                |                  | all, those of dropped tables too  |
/// | POST   | `/v1/snapshots`                | tag, keyspaces,  | takes one of all, of keyspaces,   |
/// |        |                                | table, tables,   | of a table in one, or of tables   |
/// |        |                                | skip_flush,      | by their full names               |
/// |        |                                | ttl_seconds      |                                   |
/// | DELETE | `/v1/snapshots`                | tag or all,      | deletes them; with `all` those    |
/// |        |                                | keyspaces,       | that are older than so long, or   |
/// |        |                                | older_than_*     | made before an instant            |
/// | POST   | `/v1/refresh`                  | keyspace, table  | takes in what lies in the table's |
/// |        |                                |                  | directory or in its `lost+found`  |
/// | POST   | `/v1/import`                   | keyspace, table, | takes in the files of directories,|
/// |        |                                | directories,     | of each all or none, and deletes  |
/// |        |                                | keep_repaired,   | them there unless `copy` is true  |
/// |        |                                | no_verify, copy  |                                   |
/// | POST   | `/v1/discard`                  | keyspace, table, | gives up a damaged file: moves it |
/// |        |                                | file             | to the table's `lost+found`       |
/// | GET    | `/v1/backup`                   |                  | whether flushed files are kept    |
/// | POST   | `/v1/backup/enable`            |                  | keeps them, in `backups`          |
/// | POST   | `/v1/backup/disable`           |                  | keeps no more                     |
/// | GET    | `/v1/tables`                   | keyspace, tables | what tables consist of            |
/// |        |                                | or names         |                                   |
/// | GET    | `/v1/tables/thresholds`        | keyspace, table  | of files, from its options        |
/// | GET    | `/v1/sstables/damaged`         |                  | files known to be damaged         |
/// | POST   | `/v1/sstables/recheck`         | files            | reads all of them; what is sound  |
/// |        |                                |                  | is as good as any from then on    |
/// | POST   | `/v1/compact`                  | keyspace, tables,| all files of tables with each     |
/// |        |                                | split_output     | other; answers after. As the next |
/// |        |                                |                  | two, it names files that it left  |
/// |        |                                |                  | out as they are `damaged`         |
/// | POST   | `/v1/garbagecollect`           | keyspace, tables,| drops what newer files delete;    |
/// |        |                                | granularity      | `row` or `cell`                   |
/// | POST   | `/v1/cleanup`                  | keyspace, tables | drops what the node does not own  |
/// | POST   | `/v1/compact/files`            | files            | these files; answers after        |
/// | GET    | `/v1/compactions`              |                  | running and wanted ones           |
/// | GET    | `/v1/compactions/history`      |                  | those that are done               |
/// | POST   | `/v1/compactions/stop`         | kind or id       | ends them                         |
/// | *both* | `/v1/compactions/throughput`   | mib_per_second   | how fast; 0 is no limit           |
/// | *both* | `/v1/compactions/concurrency`  | compactors       | how many at a time                |
/// | GET    | `/v1/autocompaction`           | keyspace, tables | whether strategies start them     |
/// | POST   | `/v1/autocompaction/enable`    | keyspace, tables | lets them; without a keyspace all |
/// | POST   | `/v1/autocompaction/disable`   | keyspace, tables | forbids it                        |
@NullMarked
package io.helenus.engine.admin;

import org.jspecify.annotations.NullMarked;
