/// Values of a statement: the terms of its text bound to types once, when it is prepared, and
/// evaluated for each request into slices. What is constant is encoded when it is prepared.
///
/// Terms are immutable and shared; an [io.helenus.engine.query.term.Evaluation] belongs to one
/// request on one thread at a time.
@NullMarked
package io.helenus.engine.query.term;

import org.jspecify.annotations.NullMarked;
