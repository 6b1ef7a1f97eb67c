/// Statements bound to a schema: which keys a WHERE clause means, what a modification writes, what a
/// SELECT reads. Plans are immutable and shared by all requests that execute the statement; they are
/// made again when the schema of their table changes.
@NullMarked
package io.helenus.engine.query.plan;

import org.jspecify.annotations.NullMarked;
