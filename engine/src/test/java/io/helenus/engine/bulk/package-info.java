/// Tests of the bulk writer: alone, and of what it writes in a node.
@NullMarked
package io.helenus.engine.bulk;

import org.jspecify.annotations.NullMarked;
