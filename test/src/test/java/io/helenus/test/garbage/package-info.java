/// Everything that is not the protocol, sent to the port where it is spoken: by raw sockets, with Netty's
/// leak detector at its strictest, while an innocent client must notice nothing.
@NullMarked
package io.helenus.test.garbage;

import org.jspecify.annotations.NullMarked;
