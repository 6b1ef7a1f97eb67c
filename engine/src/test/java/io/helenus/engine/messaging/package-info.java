/// Tests of the messages between nodes.
@NullMarked
package io.helenus.engine.messaging;

import org.jspecify.annotations.NullMarked;
