package io.helenus.engine.query.term;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.types.InvalidValueException;

/// Checks of values, with the words of errors that clients see.
public final class Values {
    private Values() {}

    /// @throws CqlException if the bytes are no value of the type
    public static void validate(ColumnSpec spec, byte[] array, int offset, int length) {
        try {
            spec.type().validate(array, offset, length);
        } catch (InvalidValueException e) {
            throw CqlException.invalid(
                    "Exception while binding column %s: %s".formatted(spec.name(), e.getMessage()));
        }
    }
}
