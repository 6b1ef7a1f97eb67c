/// Tests of the language: tables of accepted and rejected statements (beside the classes, as
/// resources), shapes of trees, round trips of generated trees, broken and hostile text.
@NullMarked
package io.helenus.cql;

import org.jspecify.annotations.NullMarked;
