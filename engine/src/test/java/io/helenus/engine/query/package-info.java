/// Tests of the query layer. [io.helenus.engine.query.QueryConformanceTest] replays the scripts of
/// `src/test/resources/query`, whose answers an Apache Cassandra gave.
@NullMarked
package io.helenus.engine.query;

import org.jspecify.annotations.NullMarked;
