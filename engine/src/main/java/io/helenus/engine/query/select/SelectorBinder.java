package io.helenus.engine.query.select;

import io.helenus.cql.CqlFormatter;
import io.helenus.cql.ast.QualifiedName;
import io.helenus.cql.ast.Term;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.function.CastFunctions;
import io.helenus.engine.query.function.Functions;
import io.helenus.engine.query.function.ScalarFunction;
import io.helenus.engine.query.plan.WhereAnalyzer;
import io.helenus.engine.query.term.ColumnSpec;
import io.helenus.engine.query.term.TermBinder;
import io.helenus.engine.query.term.ValueTerm;
import io.helenus.engine.schema.ColumnSchema;
import io.helenus.engine.schema.TableSchema;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.ListType;
import io.helenus.engine.types.MapType;
import io.helenus.engine.types.NativeType;
import io.helenus.engine.types.SetType;
import io.helenus.engine.types.UserType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Binds the items of a select list.
final class SelectorBinder {
    private final TableSchema table;
    private final TermBinder binder;
    private final FetchedColumns fetched;
    private final List<Aggregate> aggregates = new ArrayList<>();

    /// Those to the type that is there already: they leave no trace in names.
    private final Set<Term.Cast> needlessCasts = new HashSet<>();

    SelectorBinder(TableSchema table, TermBinder binder, FetchedColumns fetched) {
        this.table = table;
        this.binder = binder;
        this.fetched = fetched;
    }

    Selector bind(Term term) {
        return bind(term, null);
    }

    /// @param expected the type that the place asks for, or null
    private Selector bind(Term term, @Nullable CqlType expected) {
        return switch (term) {
            case Term.Column(var name) -> {
                ColumnSchema column = WhereAnalyzer.column(table, name);
                yield new Selector.Column(fetched.add(column), column.type());
            }
            case Term.CountRows _ -> aggregated(new Aggregate.Count(null));
            case Term.CellInfo info -> cellInfo(info);
            case Term.Field field -> field(field);
            case Term.Element element -> element(element);
            case Term.Slice _ ->
                    throw CqlException.invalid(
                            "Selecting slices of collections is not supported yet");
            case Term.FunctionCall call -> call(call, expected);
            case Term.Cast cast -> cast(cast);
            case Term.TypeHint hint -> {
                CqlType type = binder.types().resolve(hint.type());
                if (needsRow(hint.term())) {
                    yield hinted(hint, type);
                }
                yield new Selector.Value(binder.bind(hint.term(), unnamed(type)), type);
            }
            case Term.Literal literal -> {
                if (expected == null) {
                    throw noType(literal);
                }
                yield new Selector.Value(binder.bind(literal, unnamed(expected)), expected);
            }
            case Term.BindMarker marker -> {
                if (expected == null) {
                    throw noType(marker);
                }
                yield new Selector.Value(binder.bind(marker, unnamed(expected)), expected);
            }
            case Term.Null _,
                    Term.ListLiteral _,
                    Term.SetLiteral _,
                    Term.MapLiteral _,
                    Term.UdtLiteral _,
                    Term.TupleLiteral _ ->
                    throw noType(term);
            case Term.Arithmetic _, Term.Negation _ ->
                    throw CqlException.invalid(
                            "Arithmetic in a select list is not supported yet: " + name(term));
        };
    }

    private ColumnSpec unnamed(CqlType type) {
        return new ColumnSpec(table.keyspace(), table.name(), "[selection]", type);
    }

    private CqlException noType(Term term) {
        return CqlException.invalid(
                "Cannot infer type for term %s in selection clause (try using a cast to force a type)"
                        .formatted(name(term)));
    }

    /// `(type) column`: says which type is meant, so that must be the column's.
    private Selector hinted(Term.TypeHint hint, CqlType type) {
        Selector of = bind(hint.term(), type);
        if (!TermBinder.isAssignable(of.type(), type)) {
            throw CqlException.invalid(
                    "Cannot assign value %s to %s of type %s"
                            .formatted(name(hint.term()), name(hint), type.cqlName()));
        }
        return of;
    }

    private Selector cellInfo(Term.CellInfo info) {
        String what = info.kind().name().toLowerCase(Locale.ROOT);
        if (!(info.of() instanceof Term.Column(var name))) {
            throw CqlException.invalid(
                    "%s of a part of a column is not supported yet".formatted(what));
        }
        ColumnSchema column = WhereAnalyzer.column(table, name);
        if (column.isPrimaryKey()) {
            throw CqlException.invalid(
                    "Cannot use selection function %s on PRIMARY KEY part %s"
                            .formatted(what, column.name()));
        }
        if (column.isMultiCell()) {
            throw CqlException.invalid(
                    "%s of the multi-cell column %s is not supported yet"
                            .formatted(what, column.name()));
        }
        int index = fetched.add(column);
        return info.kind() == Term.CellInfoKind.TTL
                ? new Selector.TimeToLive(index)
                : new Selector.WriteTime(index);
    }

    private Selector field(Term.Field field) {
        Selector of = bind(field.of());
        if (!(of.type() instanceof UserType type)) {
            throw CqlException.invalid(
                    "Invalid field selection: %s of type %s is not a user type"
                            .formatted(name(field.of()), of.type().cqlName()));
        }
        int index = type.fieldNames().indexOf(field.field().text());
        if (index < 0) {
            throw CqlException.invalid(
                    "%s of type %s has no field %s"
                            .formatted(name(field.of()), type.cqlName(), field.field().text()));
        }
        return new Selector.Field(of, type, index);
    }

    private Selector element(Term.Element element) {
        Selector of = bind(element.of());
        if (of.type() instanceof ListType) {
            throw CqlException.invalid(
                    "Element selection is only allowed on sets and maps, but %s is a list"
                            .formatted(name(element.of())));
        }
        if (!(of.type() instanceof MapType) && !(of.type() instanceof SetType)) {
            throw CqlException.invalid(
                    "Invalid element selection: %s is of type %s is not a collection"
                            .formatted(name(element.of()), of.type().cqlName()));
        }
        CqlType keyType = of.type().subTypes().getFirst();
        ValueTerm key =
                binder.bind(
                        element.key(),
                        new ColumnSpec(
                                table.keyspace(),
                                table.name(),
                                "key(" + name(element.of()) + ")",
                                keyType));
        return new Selector.Element(of, key);
    }

    private Selector cast(Term.Cast cast) {
        Selector of = bind(cast.term());
        CqlType target = Objects.requireNonNull(NativeType.byName(cast.type().cqlName()));
        if (of.type().equals(target)) {
            needlessCasts.add(cast);
            return of;
        }
        ScalarFunction function = CastFunctions.find(of.type(), target);
        if (function == null) {
            throw CqlException.invalid(
                    "%s of type %s cannot be cast to %s"
                            .formatted(name(cast.term()), of.type().cqlName(), target.cqlName()));
        }
        return new Selector.Call(function, List.of(of));
    }

    private Selector call(Term.FunctionCall call, @Nullable CqlType expected) {
        String name = call.name().name().text().toLowerCase(Locale.ROOT);
        switch (name) {
            case "count", "countrows" -> {
                if (call.arguments().isEmpty() || isCountOfRows(call.name(), call.arguments())) {
                    return aggregated(new Aggregate.Count(null));
                }
                return aggregated(new Aggregate.Count(onlyArgument(call)));
            }
            case "min", "max" -> {
                return aggregated(new Aggregate.Extreme(onlyArgument(call), name.equals("max")));
            }
            case "sum", "avg" -> {
                return aggregated(sum(call, name.equals("avg")));
            }
            default -> {}
        }
        List<ScalarFunction> candidates = binder.functions().named(call.name());
        if (candidates.isEmpty()) {
            throw CqlException.invalid("Unknown function '%s'".formatted(call.name()));
        }
        List<@Nullable Selector> known = new ArrayList<>();
        for (Term argument : call.arguments()) {
            known.add(needsRow(argument) ? bind(argument) : null);
        }
        ScalarFunction function = choose(call, candidates, known, expected);
        List<Selector> arguments = new ArrayList<>();
        for (int i = 0; i < known.size(); i++) {
            Selector selector = known.get(i);
            CqlType type = function.argumentTypes().get(i);
            arguments.add(selector != null ? selector : bind(call.arguments().get(i), type));
        }
        return new Selector.Call(function, arguments);
    }

    private Aggregate sum(Term.FunctionCall call, boolean average) {
        Selector argument = onlyArgument(call);
        NumberSum.Kind kind = NumberSum.kind(argument.type());
        if (kind == null) {
            throw CqlException.invalid(
                    "Invalid call to function %s, none of its type signatures match (known type signatures: %s)"
                            .formatted(call.name(), NumberSum.signatures(average ? "avg" : "sum")));
        }
        return new NumberSum(argument, kind, average);
    }

    private Selector onlyArgument(Term.FunctionCall call) {
        if (call.arguments().size() != 1) {
            throw Functions.wrongCount(
                    "system." + call.name().name().text(), 1, call.arguments().size());
        }
        Selector argument = bind(call.arguments().getFirst());
        if (argument.isAggregated()) {
            throw CqlException.invalid(
                    "aggregate functions cannot be used as arguments of aggregate functions");
        }
        return argument;
    }

    private Selector aggregated(Aggregate aggregate) {
        aggregates.add(aggregate);
        return new Selector.Aggregated(aggregate.type(), aggregates.size() - 1);
    }

    /// All aggregates of the items bound so far, by their numbers.
    List<Aggregate> aggregates() {
        return List.copyOf(aggregates);
    }

    private static boolean needsRow(Term term) {
        return switch (term) {
            case Term.OfRow _, Term.FunctionCall _, Term.Cast _, Term.TypeHint _ -> true;
            default -> false;
        };
    }

    private ScalarFunction choose(
            Term.FunctionCall call,
            List<ScalarFunction> candidates,
            List<@Nullable Selector> known,
            @Nullable CqlType expected) {
        List<ScalarFunction> weak = new ArrayList<>();
        for (ScalarFunction candidate : candidates) {
            TermBinder.Fit fit = fit(candidate, call, known);
            if (fit == TermBinder.Fit.EXACT) {
                return candidate;
            }
            if (fit == TermBinder.Fit.WEAK
                    && (expected == null || candidate.returnType().equals(expected))) {
                weak.add(candidate);
            }
        }
        if (weak.size() == 1) {
            return weak.getFirst();
        }
        if (candidates.size() == 1) {
            throw mismatch(call, candidates.getFirst(), known);
        }
        List<String> signatures = new ArrayList<>();
        (weak.isEmpty() ? candidates : weak).forEach(f -> signatures.add(f.signature()));
        throw CqlException.invalid(
                (weak.isEmpty()
                                ? "Invalid call to function %s, none of its type signatures match (known type signatures: %s)"
                                : "Ambiguous call to function %s (can be matched by following signatures: %s): use type casts to disambiguate")
                        .formatted(call.name(), String.join(", ", signatures)));
    }

    /// Why a call does not fit the only function of its name.
    private CqlException mismatch(
            Term.FunctionCall call, ScalarFunction function, List<@Nullable Selector> known) {
        int wanted = function.argumentTypes().size();
        if (wanted != known.size()) {
            return Functions.wrongCount(function.qualifiedName(), wanted, known.size());
        }
        int index = 0;
        while (index < wanted - 1
                && fit(call.arguments().get(index), known.get(index), function, index)
                        != TermBinder.Fit.NONE) {
            index++;
        }
        return CqlException.invalid(
                "Type error: %s cannot be passed as argument %d of function %s of type %s"
                        .formatted(
                                name(call.arguments().get(index)),
                                index,
                                function.qualifiedName(),
                                function.argumentTypes().get(index).cqlName()));
    }

    private TermBinder.Fit fit(
            Term argument, @Nullable Selector known, ScalarFunction function, int index) {
        CqlType type = function.argumentTypes().get(index);
        if (known == null) {
            return binder.fit(argument, type);
        }
        if (known.type().freeze().equals(type.freeze())) {
            return TermBinder.Fit.EXACT;
        }
        return TermBinder.isAssignable(known.type(), type)
                ? TermBinder.Fit.WEAK
                : TermBinder.Fit.NONE;
    }

    private TermBinder.Fit fit(
            ScalarFunction function, Term.FunctionCall call, List<@Nullable Selector> known) {
        if (function.argumentTypes().size() != known.size()) {
            return TermBinder.Fit.NONE;
        }
        TermBinder.Fit worst = TermBinder.Fit.EXACT;
        for (int i = 0; i < known.size(); i++) {
            TermBinder.Fit fit = fit(call.arguments().get(i), known.get(i), function, i);
            if (fit == TermBinder.Fit.NONE) {
                return fit;
            }
            worst = fit == TermBinder.Fit.WEAK ? fit : worst;
        }
        return worst;
    }

    /// `count(1)` says the same as `count(*)`.
    private static boolean isCountOfRows(QualifiedName function, List<Term> arguments) {
        return function.name().text().equalsIgnoreCase("count")
                && arguments.size() == 1
                && arguments.getFirst() instanceof Term.Literal;
    }

    /// The name that a result column has without an alias.
    String name(Term term) {
        return switch (term) {
            case Term.Column(var column) -> column.text();
            case Term.CountRows _ -> "count";
            case Term.CellInfo(var kind, var of) ->
                    kind.name().toLowerCase(Locale.ROOT) + "(" + name(of) + ")";
            case Term.Field(var of, var field) -> name(of) + "." + field.text();
            case Term.Element(var of, var key) -> name(of) + "[" + name(key) + "]";
            case Term.Slice(var of, var from, var to) ->
                    "%s[%s..%s]"
                            .formatted(
                                    name(of),
                                    from == null ? "" : name(from),
                                    to == null ? "" : name(to));
            case Term.FunctionCall(var function, var arguments) -> {
                if (isCountOfRows(function, arguments)) {
                    yield "count";
                }
                List<String> names = new ArrayList<>();
                arguments.forEach(argument -> names.add(name(argument)));
                String text = function.name().text();
                yield (function.keyspace() == null ? "system." : function.keyspace().text() + ".")
                        + text
                        + "("
                        + String.join(", ", names)
                        + ")";
            }
            case Term.Cast cast ->
                    needlessCasts.contains(cast)
                            ? name(cast.term())
                            : "cast(" + name(cast.term()) + " as " + cast.type().cqlName() + ")";
            case Term.TypeHint(var type, var of) ->
                    "(" + CqlFormatter.format(type) + ")" + name(of);
            case Term.Literal literal ->
                    literal.kind() == Term.Kind.STRING
                            ? "'" + literal.text() + "'"
                            : literal.text();
            default -> CqlFormatter.format(term);
        };
    }
}
