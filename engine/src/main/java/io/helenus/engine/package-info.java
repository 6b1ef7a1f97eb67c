/// The way into the engine: [io.helenus.engine.Helenus] starts a node inside any Java 25 process, be it
/// the server program, a test or an application. No statics hold state: several nodes live side by side.
@NullMarked
package io.helenus.engine;

import org.jspecify.annotations.NullMarked;
