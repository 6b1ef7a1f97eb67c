/// What is left when a node's process is killed: a child process serves, clients in the test's process
/// write and note what was acknowledged, and the child is killed with SIGKILL in the middle of a chosen
/// kind of work ([io.helenus.test.crash.Phase]). The page cache survives that; loss of power is tested
/// with simulated disks in the modules that own the formats.
///
/// [io.helenus.test.crash.CrashProgram] kills at random moments instead, while everything goes on at
/// once that a node can do; its clients are [io.helenus.test.crash.Actor]s, each with its own record.
///
/// The two processes share a small mapped file ([io.helenus.test.crash.Marks]) that tells what the child
/// was doing when it died.
@NullMarked
package io.helenus.test.crash;

import org.jspecify.annotations.NullMarked;
