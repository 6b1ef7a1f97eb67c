package io.helenus.engine.query.plan;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.term.Evaluation;
import io.helenus.engine.query.term.Slice;
import io.helenus.engine.query.term.ValueTerm;
import io.helenus.engine.types.Elements;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The values of an IN: a term for each, or one marker for the whole list.
record InTerm(List<ValueTerm> each, @Nullable ValueTerm list) {
    /// In the order in which they were given.
    List<byte[]> evaluate(Evaluation evaluation, Slice scratch, String column) {
        List<byte[]> values = new ArrayList<>();
        if (list == null) {
            for (ValueTerm term : each) {
                term.evaluate(evaluation, scratch);
                values.add(Conditions.required(scratch, column));
            }
            return values;
        }
        list.evaluate(evaluation, scratch);
        if (scratch.isUnset()) {
            throw CqlException.invalid("Invalid unset value for column " + column);
        }
        if (scratch.isNull()) {
            throw CqlException.invalid("Invalid null value for column " + column);
        }
        Elements elements =
                new Elements().wrapCollection(scratch.array(), scratch.offset(), scratch.length());
        while (elements.next()) {
            byte[] value = elements.toBytes();
            if (value == null) {
                throw CqlException.invalid("Invalid null value in condition for column " + column);
            }
            values.add(value);
        }
        return values;
    }
}
