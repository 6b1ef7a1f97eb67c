package io.helenus.engine.query.plan;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.term.Evaluation;
import io.helenus.engine.query.term.Slice;
import io.helenus.engine.query.term.ValueTerm;
import io.helenus.engine.schema.ColumnSchema;
import io.helenus.engine.types.Elements;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Values for several neighbouring clustering columns: a term for each, or one tuple for all.
record TupleTerm(List<ValueTerm> each, @Nullable ValueTerm whole) {
    static TupleTerm of(List<ValueTerm> each) {
        return new TupleTerm(List.copyOf(each), null);
    }

    static TupleTerm ofWhole(ValueTerm tuple) {
        return new TupleTerm(List.of(), tuple);
    }

    /// One value for each of the columns, none of them null.
    byte[][] evaluate(Evaluation evaluation, Slice scratch, List<ColumnSchema> columns) {
        byte[][] values = new byte[columns.size()][];
        if (whole == null) {
            for (int i = 0; i < values.length; i++) {
                each.get(i).evaluate(evaluation, scratch);
                values[i] = Conditions.required(scratch, columns.get(i).name());
            }
            return values;
        }
        whole.evaluate(evaluation, scratch);
        Conditions.required(scratch, columns.getFirst().name());
        return split(scratch, columns);
    }

    static byte[][] split(Slice tuple, List<ColumnSchema> columns) {
        byte[][] values = new byte[columns.size()][];
        Elements elements = new Elements().wrapTuple(tuple.array(), tuple.offset(), tuple.length());
        for (int i = 0; i < values.length; i++) {
            byte[] value = elements.next() ? elements.toBytes() : null;
            if (value == null) {
                throw CqlException.invalid(
                        "Invalid null value in condition for column " + columns.get(i).name());
            }
            values[i] = value;
        }
        return values;
    }
}
