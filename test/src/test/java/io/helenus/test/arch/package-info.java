/// Rules about which code may use which, checked against the compiled classes: directions between
/// modules and between the engine's packages, and what only wiring may take from the machine (clocks,
/// threads, randomness). Exemptions are listed by name beside each rule; the lists may only shrink.
@NullMarked
package io.helenus.test.arch;

import org.jspecify.annotations.NullMarked;
