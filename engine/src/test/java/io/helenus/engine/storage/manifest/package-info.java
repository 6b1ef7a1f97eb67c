/// Tests of the package of the same name.
@NullMarked
package io.helenus.engine.storage.manifest;

import org.jspecify.annotations.NullMarked;
