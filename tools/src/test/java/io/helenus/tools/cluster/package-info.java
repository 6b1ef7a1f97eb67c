/// Tests of local clusters without processes.
@NullMarked
package io.helenus.tools.cluster;

import org.jspecify.annotations.NullMarked;
