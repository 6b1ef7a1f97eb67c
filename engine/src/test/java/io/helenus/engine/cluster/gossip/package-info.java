/// Tests of gossip in a running node.
@NullMarked
package io.helenus.engine.cluster.gossip;

import org.jspecify.annotations.NullMarked;
