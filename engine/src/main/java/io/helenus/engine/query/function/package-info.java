/// Built-in functions: scalar ones, which make a value of values, and aggregates, which make one of
/// many rows. Immutable and shared by all requests.
@NullMarked
package io.helenus.engine.query.function;

import org.jspecify.annotations.NullMarked;
