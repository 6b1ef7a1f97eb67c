/// JSON, written and read as a tree: small answers and files for people and programs. No clock, no
/// files, no threads of its own. (Rows as JSON are the query layer's, which knows their types.)
@NullMarked
package io.helenus.engine.json;

import org.jspecify.annotations.NullMarked;
