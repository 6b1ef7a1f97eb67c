/// Tests of the package of the same name.
@NullMarked
package io.helenus.engine.json;

import org.jspecify.annotations.NullMarked;
