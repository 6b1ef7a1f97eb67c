/// The operators' programs, behind one command: `tools/bin/helenus COMMAND …`.
///
/// The launcher finds a JDK and calls [io.helenus.tools.Main], which hands over to one class per
/// command. Commands print what they were asked for on standard output, and everything else on standard
/// error. Exit codes: 0 done, 1 the work failed, 2 the command line or a setting was wrong.
///
/// This is wiring: here are the process's own clock, environment, streams and threads. Only commands
/// that run a node log, into `logs` in the node's directory (`conf/logback.xml`).
///
/// Options are read by a parser of our own ([io.helenus.tools.ArgumentParser]), and only the shell and
/// `helenus node` use picocli: its classes are of a format so old that the JVM refuses them a place in its cache of
/// linked classes, without which a node starts in twice the time.
@NullMarked
package io.helenus.tools;

import org.jspecify.annotations.NullMarked;
