@NullMarked
package io.helenus.engine.cluster.metadata;

import org.jspecify.annotations.NullMarked;
