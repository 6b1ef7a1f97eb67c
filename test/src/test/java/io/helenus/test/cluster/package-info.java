/// Several real nodes in this process, each on an address of its own of this machine, that talk to each
/// other over sockets: how they find each other, whom they refuse, and how they notice who is gone.
@NullMarked
package io.helenus.test.cluster;

import org.jspecify.annotations.NullMarked;
