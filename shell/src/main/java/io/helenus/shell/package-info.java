/// The CQL shell: reads statements and commands from a terminal, a file or standard input, sends the
/// statements to a Helenus or a Cassandra through the Java driver, and prints what comes back as
/// `cqlsh` does.
///
/// ```
/// ShellCommand ── options ──► Shell ──► InteractiveInput or BatchInput ── one statement ──►
///   Interpreter ──┬─ a command of the shell ──► CommandRunner
///                 └─ CQL ──► StatementRunner ──► CqlClient (DriverClient) ──► server
///                                  └──► format ──► Output
/// ```
///
/// [ShellCommand] is the command line, mounted by the launcher as `helenus shell` and `cqlsh`;
/// [Shell#run] is the same without a command line. Everything runs on the thread that called it; the
/// driver's own threads only complete the future that this thread waits for, and a Ctrl-C interrupts
/// that wait. Streams, environment variables, terminal and clock come in as a [ShellEnvironment], so
/// that a test can be all of them. [CqlClient] is the seam to the server.
///
/// | exit code | means                                                         |
/// |----------:|---------------------------------------------------------------|
/// |         0 | done                                                          |
/// |         1 | no connection, or a statement or command failed               |
/// |         2 | the command line was wrong                                    |
///
/// After a failed statement the rest of a file or of standard input is still run, as in `cqlsh`. An
/// interactive session ends with 0 whatever failed in it.
@NullMarked
package io.helenus.shell;

import org.jspecify.annotations.NullMarked;
