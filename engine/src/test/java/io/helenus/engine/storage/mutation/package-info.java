/// Tests of the package of the same name.
@NullMarked
package io.helenus.engine.storage.mutation;

import org.jspecify.annotations.NullMarked;
