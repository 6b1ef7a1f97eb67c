/// What storage needs of a file system, as an interface, and the real one.
@NullMarked
package io.helenus.engine.storage.files;

import org.jspecify.annotations.NullMarked;
