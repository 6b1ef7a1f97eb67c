/// Tests of the native protocol server: a fake query layer behind it, raw sockets and the Java
/// driver's own codec before it.
@NullMarked
package io.helenus.engine.transport;

import org.jspecify.annotations.NullMarked;
