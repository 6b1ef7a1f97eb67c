/// Bodies of the native protocol's RESULT messages, in the version of the request: metadata of columns,
/// rows, and paging states. The transport only adds frames around them.
@NullMarked
package io.helenus.engine.query.result;

import org.jspecify.annotations.NullMarked;
