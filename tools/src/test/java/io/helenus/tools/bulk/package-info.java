/// Tests of `helenus bulk`: its parts, and its command line against nodes of this process.
@NullMarked
package io.helenus.tools.bulk;

import org.jspecify.annotations.NullMarked;
