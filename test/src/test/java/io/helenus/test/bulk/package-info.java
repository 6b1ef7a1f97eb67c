/// The bulk tool as people meet it: processes that are killed, nodes that go away, files that are not
/// what they should be. After each of it the table has what it should have, every row once.
@NullMarked
package io.helenus.test.bulk;

import org.jspecify.annotations.NullMarked;
