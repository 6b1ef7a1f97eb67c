package io.helenus.engine.query.function;

import io.helenus.engine.query.term.Evaluation;
import io.helenus.engine.query.term.Slice;
import io.helenus.engine.types.CqlType;
import java.util.List;

/// A function of values. Immutable; called by many threads.
public interface ScalarFunction {
    /// Without keyspace; lower case.
    String name();

    /// As messages show it, e.g. `system.now`.
    default String qualifiedName() {
        return "system." + name();
    }

    List<CqlType> argumentTypes();

    CqlType returnType();

    /// Whether equal arguments always give equal results.
    boolean isPure();

    /// Computes the result into `out`, which may be one of the arguments.
    void execute(Evaluation evaluation, Slice[] arguments, Slice out);

    /// `name(type, type)`: how error messages list it.
    default String signature() {
        StringBuilder text = new StringBuilder(qualifiedName()).append(" : (");
        for (int i = 0; i < argumentTypes().size(); i++) {
            text.append(i == 0 ? "" : ", ").append(argumentTypes().get(i).cqlName());
        }
        return text.append(") -> ").append(returnType().cqlName()).toString();
    }
}
