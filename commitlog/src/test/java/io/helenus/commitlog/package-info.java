/// Tests of the commit log. Clock and agents are moved by hand ([LogHarness]); files remember what was
/// forced ([CrashingFiles]).
@NullMarked
package io.helenus.commitlog;

import org.jspecify.annotations.NullMarked;
