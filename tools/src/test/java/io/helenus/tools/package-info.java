/// Tests of the command line: in this process where they can, as processes where it is about signals,
/// standard streams and the launcher.
@NullMarked
package io.helenus.tools;

import org.jspecify.annotations.NullMarked;
