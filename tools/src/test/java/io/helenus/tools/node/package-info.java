/// Tests of what `helenus node` prints.
@NullMarked
package io.helenus.tools.node;

import org.jspecify.annotations.NullMarked;
