/// Tests of the storage path, on a simulated disk unless real files are the point.
@NullMarked
package io.helenus.engine.storage;

import org.jspecify.annotations.NullMarked;
