/// Tests of types: against golden files recorded from a running Cassandra, and by properties.
@NullMarked
package io.helenus.engine.types;

import org.jspecify.annotations.NullMarked;
