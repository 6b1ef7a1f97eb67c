package io.helenus.engine.query.plan;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.term.Slice;

/// Checks that values of a WHERE clause share.
final class Conditions {
    private Conditions() {}

    /// A copy of the value, which must be neither null nor unset.
    static byte[] required(Slice value, String column) {
        check(value, column);
        byte[] copy = value.copy();
        if (copy == null) {
            throw new IllegalStateException("A checked value is null");
        }
        return copy;
    }

    static void check(Slice value, String column) {
        if (value.isUnset()) {
            throw CqlException.invalid("Invalid unset value for column " + column);
        }
        if (value.isNull()) {
            throw CqlException.invalid("Invalid null value in condition for column " + column);
        }
    }
}
