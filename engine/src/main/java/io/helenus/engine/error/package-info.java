/// Errors that a client sees: each has the native protocol's code and the extra fields that drivers
/// read. Thrown by every layer above storage, encoded by the transport. Besides, what every layer says of
/// data that a later release wrote. Immutable.
@NullMarked
package io.helenus.engine.error;

import org.jspecify.annotations.NullMarked;
