/// Tests of the package of the same name.
@NullMarked
package io.helenus.engine.node;

import org.jspecify.annotations.NullMarked;
