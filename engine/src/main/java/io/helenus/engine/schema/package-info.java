/// The schema of the database as immutable values: [io.helenus.engine.schema.Schema] holds
/// keyspaces, a keyspace holds tables and user types, a table holds columns and options. A request
/// takes the current schema once and works with that one to its end.
///
/// Three things live here and nothing else:
///
/// - the **model**, with what the hot path looks up laid out for it (columns by id, by kind);
/// - **DDL**: [io.helenus.engine.schema.DdlAnalyzer] checks a parsed statement against a schema by
///   Cassandra 5.0's rules and in its words, and makes a
///   [io.helenus.engine.schema.SchemaTransformation] of it, a value that says in resolved terms
///   (table ids, column ids, types) what becomes of which schema. Transformations are what the
///   metadata log records; applying one needs nothing but the schema before it;
/// - the **projections** of a schema: the rows of `system_schema` and `system_virtual_schema`, and
///   the texts that DESCRIBE answers.
///
/// Called by the query layer, storage and the metadata log, on any thread. It does no I/O, knows
/// no clock, and does not know who calls it. Nothing here is mutable after construction except
/// builders, which stay on one thread.
///
/// A column has a number, unique in its table and never used again, not even after the column was
/// dropped: stored rows name columns by it. Names are for people. So a transformation carries the
/// numbers, and whoever replays it gets the same ones.
@NullMarked
package io.helenus.engine.schema;

import org.jspecify.annotations.NullMarked;
