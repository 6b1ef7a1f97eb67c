/// Rules about the sources as text: lengths of files and methods, prose for each package, nothing
/// disabled, nothing put off. Exemptions are listed by name; the lists may only shrink.
@NullMarked
package io.helenus.test.tidy;

import org.jspecify.annotations.NullMarked;
