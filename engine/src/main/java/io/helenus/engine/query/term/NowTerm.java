package io.helenus.engine.query.term;

import io.helenus.sstable.model.ByteWriter;

/// `'now'` where a timestamp is expected: the time of the request, in milliseconds.
final class NowTerm extends ValueTerm.Computed {
    private static final long MICROS_PER_MILLI = 1_000;

    @Override
    public void evaluate(Evaluation evaluation, Slice out) {
        ByteWriter arena = evaluation.arena();
        int at = arena.length();
        arena.writeLong(Math.floorDiv(evaluation.timestampMicros(), MICROS_PER_MILLI));
        out.set(arena.array(), at, Long.BYTES);
    }
}
