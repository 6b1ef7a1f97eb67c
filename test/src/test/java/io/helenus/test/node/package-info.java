/// Nodes that tests start: in this JVM, with small commit-log segments so that a start is quick, on a
/// free port of the loopback address; and what a test asks of them beside CQL.
@NullMarked
package io.helenus.test.node;

import org.jspecify.annotations.NullMarked;
