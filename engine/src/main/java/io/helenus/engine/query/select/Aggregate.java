package io.helenus.engine.query.select;

import io.helenus.engine.query.term.Evaluation;
import io.helenus.engine.query.term.Slice;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.NativeType;
import io.helenus.sstable.model.ByteWriter;
import org.jspecify.annotations.Nullable;

/// A function of many rows. Immutable; its state belongs to one execution.
public abstract class Aggregate {
    /// What has been gathered so far.
    interface State {
        void add(RowValues row);

        void result(Evaluation evaluation, Slice out);
    }

    private final CqlType type;

    Aggregate(CqlType type) {
        this.type = type;
    }

    CqlType type() {
        return type;
    }

    abstract State start();

    /// `COUNT(*)`, and `COUNT(x)`, which leaves out nulls.
    static final class Count extends Aggregate {
        private final @Nullable Selector argument;

        Count(@Nullable Selector argument) {
            super(NativeType.BIGINT);
            this.argument = argument;
        }

        @Override
        State start() {
            return new State() {
                private final Slice value = new Slice();
                private long count;

                @Override
                public void add(RowValues row) {
                    if (argument != null) {
                        argument.evaluate(row, value);
                        if (!value.hasBytes()) {
                            return;
                        }
                    }
                    count++;
                }

                @Override
                public void result(Evaluation evaluation, Slice out) {
                    ByteWriter arena = evaluation.arena();
                    int at = arena.length();
                    arena.writeLong(count);
                    out.set(arena.array(), at, Long.BYTES);
                }
            };
        }
    }

    /// `MIN(x)` and `MAX(x)` in the type's order; null if there is no value.
    static final class Extreme extends Aggregate {
        private final Selector argument;
        private final boolean max;

        Extreme(Selector argument, boolean max) {
            super(argument.type());
            this.argument = argument;
            this.max = max;
        }

        @Override
        State start() {
            return new State() {
                private final Slice value = new Slice();
                private byte @Nullable [] best;

                @Override
                public void add(RowValues row) {
                    argument.evaluate(row, value);
                    byte[] bytes = value.copy();
                    if (bytes == null) {
                        return;
                    }
                    if (best == null) {
                        best = bytes;
                        return;
                    }
                    int order = type().compare(bytes, best);
                    if (max ? order > 0 : order < 0) {
                        best = bytes;
                    }
                }

                @Override
                public void result(Evaluation evaluation, Slice out) {
                    out.set(best);
                }
            };
        }
    }
}
