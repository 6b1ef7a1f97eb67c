/// Tests of the package of the same name.
@NullMarked
package io.helenus.engine.storage.memtable;

import org.jspecify.annotations.NullMarked;
