/// Tests of the shell, with a server and a terminal of their own making.
@NullMarked
package io.helenus.shell;

import org.jspecify.annotations.NullMarked;
