package io.helenus.engine.query.term;

import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.NormalForm;
import org.jspecify.annotations.Nullable;

/// A value of a statement, ready to be evaluated. Immutable.
public abstract sealed class ValueTerm
        permits ValueTerm.Constant, ValueTerm.Marker, ValueTerm.Computed {

    /// Puts the value for this request into `out`. Bytes stay good to the request's end.
    ///
    /// @throws io.helenus.engine.error.CqlException if the value is not valid
    public abstract void evaluate(Evaluation evaluation, Slice out);

    /// Known when the statement was prepared.
    public static final class Constant extends ValueTerm {
        public static final Constant NULL = new Constant(null);

        private final byte @Nullable [] value;

        public Constant(byte @Nullable [] value) {
            this.value = value;
        }

        public byte @Nullable [] value() {
            return value;
        }

        @Override
        public void evaluate(Evaluation evaluation, Slice out) {
            out.set(value);
        }
    }

    /// A bind marker; the value's bytes are checked against the type.
    public static final class Marker extends ValueTerm {
        private final int index;
        private final ColumnSpec spec;
        private final boolean normalized;
        private final int plainWidth; // asked once: which type it is, a JIT cannot know

        Marker(int index, ColumnSpec spec) {
            this.index = index;
            this.spec = spec;
            this.normalized = NormalForm.isNeeded(spec.type());
            this.plainWidth = spec.type().plainWidth();
        }

        public int index() {
            return index;
        }

        @Override
        public void evaluate(Evaluation evaluation, Slice out) {
            var values = evaluation.values();
            int length = values.length(index);
            out.set(values.array(), values.offset(index), length);
            if (length >= 0 && length != plainWidth && plainWidth != CqlType.ANY_WIDTH) {
                Values.validate(spec.type(), values.array(), values.offset(index), length);
                if (normalized) {
                    Values.normalize(spec.type(), evaluation, out);
                }
            }
        }
    }

    /// Made from other terms.
    public abstract static non-sealed class Computed extends ValueTerm {}
}
