package io.helenus.engine.query.function;

import io.helenus.cql.ast.QualifiedName;
import io.helenus.cql.ast.Term;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.term.ColumnSpec;
import io.helenus.engine.query.term.TermBinder;
import io.helenus.engine.query.term.ValueTerm;
import io.helenus.engine.types.CqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The scalar functions that a statement may call: the built-in ones, and `token` of the statement's
/// table. Chooses between overloads as Apache Cassandra does.
public final class Functions {
    private final @Nullable ScalarFunction token;

    /// @param partitionKeyTypes of the statement's table: the arguments of `token`; empty if the
    ///     statement has no table
    public Functions(List<CqlType> partitionKeyTypes) {
        token = partitionKeyTypes.isEmpty() ? null : new TokenFunction(partitionKeyTypes);
    }

    /// All functions with the name; `token` is that of the statement's table.
    public List<ScalarFunction> named(QualifiedName name) {
        if (name.keyspace() != null && !name.keyspace().text().equals("system")) {
            return List.of();
        }
        String text = name.name().text().toLowerCase(Locale.ROOT);
        if (text.equals("token") && token != null) {
            return List.of(token);
        }
        return BuiltInFunctions.named(text);
    }

    /// A call whose arguments do not depend on a row, as the value of `receiver`.
    public ValueTerm bindCall(Term.FunctionCall call, ColumnSpec receiver, TermBinder binder) {
        ScalarFunction function = resolve(call, receiver.type(), binder);
        if (!TermBinder.isAssignable(function.returnType(), receiver.type())) {
            throw CqlException.invalid(
                    "Type error: cannot assign result of function %s (type %s) to %s (type %s)"
                            .formatted(
                                    function.qualifiedName(),
                                    function.returnType().cqlName(),
                                    receiver.name(),
                                    receiver.type().cqlName()));
        }
        return binder.call(function, call.arguments());
    }

    /// The type that a call would have, or null if no function fits.
    public @Nullable CqlType returnType(
            Term.FunctionCall call, CqlType expected, TermBinder binder) {
        List<ScalarFunction> candidates = fitting(call, expected, binder);
        return candidates.isEmpty() ? null : candidates.getFirst().returnType();
    }

    /// The one function that fits the arguments.
    public ScalarFunction resolve(
            Term.FunctionCall call, @Nullable CqlType expected, TermBinder binder) {
        List<ScalarFunction> all = named(call.name());
        if (all.isEmpty()) {
            throw CqlException.invalid("Unknown function '%s'".formatted(call.name()));
        }
        List<ScalarFunction> fitting = fitting(call, expected, binder);
        if (fitting.isEmpty()
                && all.size() == 1
                && all.getFirst().argumentTypes().size() != call.arguments().size()) {
            ScalarFunction only = all.getFirst();
            throw wrongCount(
                    only.qualifiedName(), only.argumentTypes().size(), call.arguments().size());
        }
        if (fitting.isEmpty()) {
            throw CqlException.invalid(
                    "Invalid call to function %s, none of its type signatures match (known type signatures: %s)"
                            .formatted(call.name(), signatures(all)));
        }
        if (fitting.size() > 1) {
            throw CqlException.invalid(
                    "Ambiguous call to function %s (can be matched by following signatures: %s): use type casts to disambiguate"
                            .formatted(call.name(), signatures(fitting)));
        }
        return fitting.getFirst();
    }

    /// A function takes another number of arguments.
    public static CqlException wrongCount(String function, int wanted, int given) {
        return CqlException.invalid(
                "Invalid number of arguments in call to function %s: %d required but %d provided"
                        .formatted(function, wanted, given));
    }

    /// One if there is an exact match, or the best; else all that may match.
    private List<ScalarFunction> fitting(
            Term.FunctionCall call, @Nullable CqlType expected, TermBinder binder) {
        List<ScalarFunction> weak = new ArrayList<>();
        for (ScalarFunction function : named(call.name())) {
            TermBinder.Fit fit = fit(function, call.arguments(), binder);
            if (fit == TermBinder.Fit.EXACT) {
                return List.of(function);
            }
            if (fit == TermBinder.Fit.WEAK) {
                weak.add(function);
            }
        }
        if (weak.size() > 1 && expected != null) {
            List<ScalarFunction> returning = new ArrayList<>();
            for (ScalarFunction function : weak) {
                if (function.returnType().equals(expected)) {
                    returning.add(function);
                }
            }
            return returning.isEmpty() ? weak : returning;
        }
        return weak;
    }

    private static TermBinder.Fit fit(
            ScalarFunction function, List<Term> arguments, TermBinder binder) {
        if (function.argumentTypes().size() != arguments.size()) {
            return TermBinder.Fit.NONE;
        }
        TermBinder.Fit worst = TermBinder.Fit.EXACT;
        for (int i = 0; i < arguments.size(); i++) {
            TermBinder.Fit fit = binder.fit(arguments.get(i), function.argumentTypes().get(i));
            if (fit == TermBinder.Fit.NONE) {
                return fit;
            }
            if (fit == TermBinder.Fit.WEAK) {
                worst = fit;
            }
        }
        return worst;
    }

    private static String signatures(List<ScalarFunction> functions) {
        List<String> texts = new ArrayList<>();
        for (ScalarFunction function : functions) {
            texts.add(function.signature());
        }
        return String.join(", ", texts);
    }
}
