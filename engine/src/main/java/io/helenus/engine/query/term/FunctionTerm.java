package io.helenus.engine.query.term;

import io.helenus.engine.query.function.ScalarFunction;
import java.util.List;

/// A function call whose arguments do not depend on a row.
final class FunctionTerm extends ValueTerm.Computed {
    private final ScalarFunction function;
    private final List<ValueTerm> arguments;

    FunctionTerm(ScalarFunction function, List<ValueTerm> arguments) {
        this.function = function;
        this.arguments = arguments;
    }

    @Override
    public void evaluate(Evaluation evaluation, Slice out) {
        Slice[] values = new Slice[arguments.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = new Slice();
            arguments.get(i).evaluate(evaluation, values[i]);
        }
        function.execute(evaluation, values, out);
    }
}
