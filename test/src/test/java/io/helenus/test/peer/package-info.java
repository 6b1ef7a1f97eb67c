/// Stories told to a Helenus and to an Apache Cassandra 5.0, which must answer alike: random writes and
/// deletions of every kind, flushed and compacted on both at the same moments, and reads in between.
///
/// A program for `test/peer.sh`, not a part of the build: it needs a Cassandra that runs. A story is
/// determined by its seed. Nothing in it depends on when it is told: statements carry their timestamps
/// and, by the protocol's `now_in_seconds`, the time at which they are executed. Some are executed
/// more than an hour ago, so that what expires or is deleted there is purged by real compactions, and
/// the others in an hour, at which also the reads take place, or long after that.
///
/// Of a story that ends with two different answers, steps are left out as long as it still does, and what
/// is left is printed.
@NullMarked
package io.helenus.test.peer;

import org.jspecify.annotations.NullMarked;
