/// Apache Cassandra's Java driver, unmodified, against a node in this JVM: over protocol v4 and v5, plain
/// and with LZ4. What is expected of orders and errors was recorded from Apache Cassandra 5.0.6. Its
/// Python and Node.js counterparts are in `test/drivers`.
@NullMarked
package io.helenus.test.driver;

import org.jspecify.annotations.NullMarked;
