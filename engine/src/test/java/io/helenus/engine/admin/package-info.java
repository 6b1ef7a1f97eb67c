/// Tests of the package of the same name.
@NullMarked
package io.helenus.engine.admin;

import org.jspecify.annotations.NullMarked;
