/// Tests of the strategies, as tables of files and what is chosen of them.
@NullMarked
package io.helenus.engine.compaction;

import org.jspecify.annotations.NullMarked;
