package io.helenus.engine.query.term;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.ElementWriter;
import io.helenus.engine.types.InvalidValueException;
import io.helenus.engine.types.MapType;
import io.helenus.engine.types.VectorType;
import io.helenus.sstable.model.ByteWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A collection, tuple, user type or vector written out in the statement, with parts that are only
/// known for each request.
final class CompositeTerm extends ValueTerm.Computed {
    private final CqlType type;
    private final List<ValueTerm> parts;
    private final boolean nullsAllowed;

    /// @param parts for a map: key, value, key, value
    CompositeTerm(CqlType type, List<ValueTerm> parts, boolean nullsAllowed) {
        this.type = type;
        this.parts = parts;
        this.nullsAllowed = nullsAllowed;
    }

    @Override
    public void evaluate(Evaluation evaluation, Slice out) {
        byte[] @Nullable [] values = new byte[parts.size()][];
        for (int i = 0; i < values.length; i++) {
            parts.get(i).evaluate(evaluation, out);
            if (out.isUnset() && !nullsAllowed) {
                throw CqlException.invalid(
                        "Invalid unset value for a part of a value of type " + type.cqlName());
            }
            if (out.isNull() && !nullsAllowed) {
                throw nullInside(type);
            }
            values[i] = out.copy();
        }
        out.set(pack(type, values));
    }

    private static CqlException nullInside(CqlType type) {
        return CqlException.invalid(
                "null is not supported inside "
                        + (type instanceof VectorType ? "vectors" : "collections"));
    }

    /// Bytes of a value made of parts, with set elements and map keys sorted and unique.
    static byte[] pack(CqlType type, byte[] @Nullable [] parts) {
        try {
            ByteWriter out = new ByteWriter();
            switch (type) {
                case VectorType vector -> {
                    for (byte[] part : parts) {
                        ElementWriter.writeToVector(vector, out, part, 0, part.length);
                    }
                }
                default -> {
                    if (type.isCollection()) {
                        out.writeInt(type instanceof MapType ? parts.length / 2 : parts.length);
                    }
                    for (byte[] part : parts) {
                        ElementWriter.write(out, part);
                    }
                }
            }
            byte[] packed = out.toArray();
            return Values.normal(type, packed);
        } catch (InvalidValueException e) {
            throw CqlException.invalid(String.valueOf(e.getMessage()));
        }
    }

    /// The term, or the constant that it is if all parts are constants.
    static ValueTerm of(CqlType type, List<ValueTerm> parts, boolean nullsAllowed) {
        byte[] @Nullable [] values = new byte[parts.size()][];
        for (int i = 0; i < values.length; i++) {
            if (!(parts.get(i) instanceof ValueTerm.Constant constant)) {
                return new CompositeTerm(type, List.copyOf(parts), nullsAllowed);
            }
            values[i] = constant.value();
            if (values[i] == null && !nullsAllowed) {
                throw nullInside(type);
            }
        }
        return new ValueTerm.Constant(pack(type, values));
    }
}
