/// Nodes that tests start, and how tests talk to them.
///
/// | class            | what it is                                                                     |
/// |------------------|--------------------------------------------------------------------------------|
/// | `TestNode`       | a node in this JVM, with small commit-log segments so that a start is quick     |
/// | `Program`        | a Java program in a process of its own: its output, its end, kills              |
/// | `ServerProgram`  | `helenus server` as such a program, started again with the same data and ports  |
/// | `PatientDriver`  | sessions of the Java driver for a busy machine                                  |
/// | `Administration` | asks a node's endpoint for administration                                       |
/// | `FreePorts`      | where to let them listen                                                        |
/// | `Keyspaces`      | the statements that tests begin with                                            |
/// | `Waiting`        | for what does not announce itself                                               |
@NullMarked
package io.helenus.test.node;

import org.jspecify.annotations.NullMarked;
