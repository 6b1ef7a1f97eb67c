package io.helenus.engine.query.term;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.InvalidValueException;
import io.helenus.engine.types.NormalForm;
import io.helenus.sstable.model.ByteWriter;

/// Checks of values, with the words of errors that clients see.
public final class Values {
    private Values() {}

    /// The value as it is stored: sets and maps sorted and without repetitions.
    static byte[] normal(CqlType type, byte[] value) {
        if (NormalForm.isNormal(type, value, 0, value.length)) {
            return value;
        }
        ByteWriter out = new ByteWriter(value.length);
        NormalForm.write(type, value, 0, value.length, out);
        return out.toArray();
    }

    /// Brings a bound value into the form in which it is stored.
    static void normalize(CqlType type, Evaluation evaluation, Slice value) {
        if (NormalForm.isNormal(type, value.array(), value.offset(), value.length())) {
            return;
        }
        ByteWriter arena = evaluation.arena();
        int at = arena.length();
        NormalForm.write(type, value.array(), value.offset(), value.length(), arena);
        value.set(arena.array(), at, arena.length() - at);
    }

    /// @throws CqlException if the bytes are no value of the type
    public static void validate(CqlType type, byte[] array, int offset, int length) {
        try {
            type.validate(array, offset, length);
        } catch (InvalidValueException e) {
            throw CqlException.invalid(String.valueOf(e.getMessage()));
        }
    }
}
