/// Where nodes are: data centre and rack of each, and the address to reach it at.
///
/// The place of a node is set on the node itself ([io.helenus.gossip.snitch.RackDcProperties] reads
/// the file that Cassandra's operators know) and learned by others through gossip and the metadata
/// log. The engine asks on any thread; what is learned comes in through a function, so nothing here
/// is mutable.
@NullMarked
package io.helenus.gossip.snitch;

import org.jspecify.annotations.NullMarked;
