/// The rows of one partition that one batch writes become visible together: many threads write and read
/// through the engine's front door while memtables are flushed, and each read is checked.
@NullMarked
package io.helenus.test.isolation;

import org.jspecify.annotations.NullMarked;
