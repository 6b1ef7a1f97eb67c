/// Tests of values and tables as text, against facts recorded from `cqlsh`.
@NullMarked
package io.helenus.shell.format;

import org.jspecify.annotations.NullMarked;
