package io.helenus.engine.query.term;

import io.helenus.cql.CqlFormatter;
import io.helenus.cql.ast.Term;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.function.Functions;
import io.helenus.engine.query.function.ScalarFunction;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.InvalidValueException;
import io.helenus.engine.types.ListType;
import io.helenus.engine.types.LiteralKind;
import io.helenus.engine.types.MapType;
import io.helenus.engine.types.NativeType;
import io.helenus.engine.types.SetType;
import io.helenus.engine.types.TupleType;
import io.helenus.engine.types.UserType;
import io.helenus.engine.types.VectorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Binds terms of the syntax tree to the types of the places that they are written in. One for each
/// statement being prepared. Error texts are those of Apache Cassandra.
public final class TermBinder {
    private final TypeResolver types;
    private final Functions functions;
    private final Markers markers;

    /// How well a term fits a type.
    public enum Fit {
        EXACT,
        WEAK,
        NONE
    }

    public TermBinder(TypeResolver types, Functions functions, Markers markers) {
        this.types = types;
        this.functions = functions;
        this.markers = markers;
    }

    public Markers markers() {
        return markers;
    }

    public TypeResolver types() {
        return types;
    }

    public Functions functions() {
        return functions;
    }

    /// @param receiver the place that takes the value; its name is for messages and markers
    public ValueTerm bind(Term term, ColumnSpec receiver) {
        return switch (term) {
            case Term.Null _ -> ValueTerm.Constant.NULL;
            case Term.BindMarker marker ->
                    new ValueTerm.Marker(marker.index(), markers.specify(marker, receiver));
            case Term.Literal literal -> literal(literal, receiver);
            case Term.ListLiteral list -> list(list, receiver);
            case Term.SetLiteral set -> set(set, receiver);
            case Term.MapLiteral map -> map(map, receiver);
            case Term.UdtLiteral udt -> userType(udt, receiver);
            case Term.TupleLiteral tuple -> tuple(tuple, receiver);
            case Term.FunctionCall call -> functions.bindCall(call, receiver, this);
            case Term.TypeHint hint -> hint(hint, receiver);
            case Term.Cast cast -> throw unsupported("CAST", cast, receiver);
            case Term.Arithmetic arithmetic ->
                    throw unsupported("arithmetic", arithmetic, receiver);
            case Term.Negation negation -> throw unsupported("arithmetic", negation, receiver);
            case Term.OfRow row ->
                    throw CqlException.invalid(
                            "%s is not a value that %s can take: it refers to a row"
                                    .formatted(row, receiver.name()));
        };
    }

    private static CqlException unsupported(String what, Term term, ColumnSpec receiver) {
        return CqlException.invalid(
                "%s is not supported here yet (in the value of %s: %s)"
                        .formatted(what, receiver.name(), CqlFormatter.format(term)));
    }

    private static ValueTerm literal(Term.Literal literal, ColumnSpec receiver) {
        LiteralKind kind = kind(literal.kind());
        CqlType type = receiver.type();
        if (!type.accepts(kind)) {
            throw CqlException.invalid(
                    "Invalid %s constant (%s) for \"%s\" of type %s"
                            .formatted(kind, literal.text(), receiver.name(), type.cqlName()));
        }
        if (type == NativeType.TIMESTAMP
                && kind == LiteralKind.STRING
                && literal.text().equalsIgnoreCase("now")) {
            return new NowTerm();
        }
        try {
            return new ValueTerm.Constant(type.parseLiteral(kind, literal.text()));
        } catch (InvalidValueException e) {
            throw CqlException.invalid(String.valueOf(e.getMessage()));
        }
    }

    static LiteralKind kind(Term.Kind kind) {
        return switch (kind) {
            case STRING -> LiteralKind.STRING;
            case INTEGER -> LiteralKind.INTEGER;
            case FLOAT -> LiteralKind.FLOAT;
            case BOOLEAN -> LiteralKind.BOOLEAN;
            case UUID -> LiteralKind.UUID;
            case HEX -> LiteralKind.HEX;
            case DURATION -> LiteralKind.DURATION;
        };
    }

    private ValueTerm list(Term.ListLiteral list, ColumnSpec receiver) {
        if (receiver.type() instanceof VectorType vector) {
            if (list.elements().size() != vector.dimension()) {
                throw CqlException.invalid(
                        "Invalid vector literal for %s of type %s; expected %d elements, but given %d"
                                .formatted(
                                        receiver.name(),
                                        vector.cqlName(),
                                        vector.dimension(),
                                        list.elements().size()));
            }
            return composite(vector, list.elements(), vector.element(), "vector", receiver);
        }
        if (!(receiver.type() instanceof ListType type)) {
            throw CqlException.invalid(
                    "Unexpected receiver type '%s'; only list and vector are expected"
                            .formatted(receiver.type().cqlName()));
        }
        return composite(type, list.elements(), type.element(), "list", receiver);
    }

    private ValueTerm set(Term.SetLiteral set, ColumnSpec receiver) {
        if (receiver.type() instanceof MapType map && set.elements().isEmpty()) {
            return CompositeTerm.of(map, List.of(), false);
        }
        if (!(receiver.type() instanceof SetType type)) {
            throw invalid("set", receiver);
        }
        return composite(type, set.elements(), type.element(), "set", receiver);
    }

    private ValueTerm composite(
            CqlType type, List<Term> elements, CqlType element, String what, ColumnSpec receiver) {
        ColumnSpec part = receiver.withName("value(" + receiver.name() + ")").withType(element);
        List<ValueTerm> parts = new ArrayList<>(elements.size());
        for (Term term : elements) {
            requireFit(term, element, what, "value", receiver);
            parts.add(bind(term, part));
        }
        return CompositeTerm.of(type, parts, false);
    }

    private ValueTerm map(Term.MapLiteral map, ColumnSpec receiver) {
        if (!(receiver.type() instanceof MapType type)) {
            if (receiver.type() instanceof UserType userType) {
                return userType(fields(map), userType, receiver);
            }
            throw invalid("map", receiver);
        }
        ColumnSpec key = receiver.withName("key(" + receiver.name() + ")").withType(type.key());
        ColumnSpec value =
                receiver.withName("value(" + receiver.name() + ")").withType(type.value());
        List<ValueTerm> parts = new ArrayList<>(2 * map.entries().size());
        for (Term.MapEntry entry : map.entries()) {
            requireFit(entry.key(), type.key(), "map", "key", receiver);
            requireFit(entry.value(), type.value(), "map", "value", receiver);
            parts.add(bind(entry.key(), key));
            parts.add(bind(entry.value(), value));
        }
        return CompositeTerm.of(type, parts, false);
    }

    private static List<Term.FieldValue> fields(Term.MapLiteral map) {
        List<Term.FieldValue> fields = new ArrayList<>();
        for (Term.MapEntry entry : map.entries()) {
            if (!(entry.key() instanceof Term.Column column)) {
                throw CqlException.invalid("Invalid user type literal: %s".formatted(map));
            }
            fields.add(new Term.FieldValue(column.name(), entry.value()));
        }
        return fields;
    }

    private ValueTerm userType(Term.UdtLiteral literal, ColumnSpec receiver) {
        if (!(receiver.type() instanceof UserType type)) {
            throw invalid("user type", receiver);
        }
        return userType(literal.fields(), type, receiver);
    }

    private ValueTerm userType(List<Term.FieldValue> fields, UserType type, ColumnSpec receiver) {
        Map<String, Term> byName = new HashMap<>();
        for (Term.FieldValue field : fields) {
            if (!type.fieldNames().contains(field.field().text())) {
                throw CqlException.invalid(
                        "Unknown field '%s' in value of user defined type %s"
                                .formatted(field.field().text(), type.name()));
            }
            byName.put(field.field().text(), field.value());
        }
        List<ValueTerm> parts = new ArrayList<>();
        for (int i = 0; i < type.fieldNames().size(); i++) {
            String name = type.fieldNames().get(i);
            CqlType fieldType = type.fieldTypes().get(i);
            Term term = byName.getOrDefault(name, Term.NULL);
            ColumnSpec part = receiver.withName(receiver.name() + "." + name).withType(fieldType);
            if (fit(term, fieldType) == Fit.NONE) {
                throw CqlException.invalid(
                        "Invalid user type literal for %s: field %s is not of type %s"
                                .formatted(receiver.name(), name, fieldType.cqlName()));
            }
            parts.add(bind(term, part));
        }
        return CompositeTerm.of(type, parts, true);
    }

    private ValueTerm tuple(Term.TupleLiteral tuple, ColumnSpec receiver) {
        if (!(receiver.type() instanceof TupleType type)) {
            if (tuple.elements().size() == 1) {
                return bind(tuple.elements().getFirst(), receiver);
            }
            throw CqlException.invalid(
                    "Invalid tuple type literal for %s of type %s"
                            .formatted(receiver.name(), receiver.type().cqlName()));
        }
        List<CqlType> componentTypes = type.subTypes();
        if (tuple.elements().size() > componentTypes.size()) {
            throw CqlException.invalid(
                    "Invalid tuple literal for %s: too many elements. Type %s expects %d but got %d"
                            .formatted(
                                    receiver.name(),
                                    type.cqlName(),
                                    componentTypes.size(),
                                    tuple.elements().size()));
        }
        List<ValueTerm> parts = new ArrayList<>();
        for (int i = 0; i < tuple.elements().size(); i++) {
            CqlType componentType = componentTypes.get(i);
            Term term = tuple.elements().get(i);
            if (fit(term, componentType) == Fit.NONE) {
                throw CqlException.invalid(
                        "Invalid tuple literal for %s: component %d is not of type %s"
                                .formatted(receiver.name(), i, componentType.cqlName()));
            }
            ColumnSpec part =
                    receiver.withName("%s[%d]".formatted(receiver.name(), i))
                            .withType(componentType);
            parts.add(bind(term, part));
        }
        return CompositeTerm.of(type, parts, true);
    }

    private ValueTerm hint(Term.TypeHint hint, ColumnSpec receiver) {
        CqlType type = types.resolve(hint.type());
        if (fit(hint.term(), type) == Fit.NONE) {
            throw CqlException.invalid(
                    "Cannot cast value %s to type %s"
                            .formatted(CqlFormatter.format(hint.term()), type.cqlName()));
        }
        if (!isAssignable(type, receiver.type())) {
            throw CqlException.invalid(
                    "Cannot assign value %s to %s of type %s"
                            .formatted(hint, receiver.name(), receiver.type().cqlName()));
        }
        return bind(hint.term(), receiver.withType(type));
    }

    private void requireFit(
            Term term, CqlType type, String what, String part, ColumnSpec receiver) {
        if (fit(term, type) == Fit.NONE) {
            throw CqlException.invalid(
                    "Invalid %s literal for %s: %s %s is not of type %s"
                            .formatted(
                                    what,
                                    receiver.name(),
                                    part,
                                    CqlFormatter.format(term),
                                    type.cqlName()));
        }
    }

    private static CqlException invalid(String what, ColumnSpec receiver) {
        return CqlException.invalid(
                "Invalid %s literal for %s of type %s"
                        .formatted(what, receiver.name(), receiver.type().cqlName()));
    }

    /// Whether the term may stand where the type is expected; decides between overloads.
    public Fit fit(Term term, CqlType type) {
        return switch (term) {
            case Term.Null _, Term.BindMarker _ -> Fit.WEAK;
            case Term.Literal literal -> fit(literal, type);
            case Term.ListLiteral list ->
                    switch (type) {
                        case ListType t -> fitAll(list.elements(), t.element());
                        case VectorType t ->
                                list.elements().size() == t.dimension()
                                        ? fitAll(list.elements(), t.element())
                                        : Fit.NONE;
                        default -> Fit.NONE;
                    };
            case Term.SetLiteral set ->
                    switch (type) {
                        case SetType t -> fitAll(set.elements(), t.element());
                        case MapType _ -> set.elements().isEmpty() ? Fit.WEAK : Fit.NONE;
                        default -> Fit.NONE;
                    };
            case Term.MapLiteral _ -> ofKind(type instanceof MapType || type instanceof UserType);
            case Term.UdtLiteral _ -> ofKind(type instanceof UserType);
            case Term.TupleLiteral tuple ->
                    tuple.elements().size() == 1 && !(type instanceof TupleType)
                            ? fit(tuple.elements().getFirst(), type)
                            : ofKind(type instanceof TupleType);
            case Term.TypeHint hint -> fitOfType(types.resolve(hint.type()), type);
            case Term.FunctionCall call -> {
                CqlType returned = functions.returnType(call, type, this);
                yield returned == null ? Fit.NONE : fitOfType(returned, type);
            }
            case Term.Cast _, Term.Arithmetic _, Term.Negation _, Term.OfRow _ -> Fit.WEAK;
        };
    }

    private static Fit ofKind(boolean fits) {
        return fits ? Fit.WEAK : Fit.NONE;
    }

    private static Fit fit(Term.Literal literal, CqlType type) {
        LiteralKind kind = kind(literal.kind());
        if (!type.accepts(kind)) {
            return Fit.NONE;
        }
        boolean preferred =
                switch (kind) {
                    case STRING -> type == NativeType.TEXT;
                    case INTEGER -> type == NativeType.INT;
                    case FLOAT -> type == NativeType.DOUBLE;
                    case BOOLEAN -> type == NativeType.BOOLEAN;
                    case UUID -> type == NativeType.UUID;
                    case HEX -> type == NativeType.BLOB;
                    case DURATION -> type == NativeType.DURATION;
                };
        return preferred ? Fit.EXACT : Fit.WEAK;
    }

    private Fit fitAll(List<Term> elements, CqlType type) {
        Fit worst = Fit.EXACT;
        for (Term element : elements) {
            Fit fit = fit(element, type);
            if (fit == Fit.NONE) {
                return Fit.NONE;
            }
            worst = fit == Fit.WEAK ? Fit.WEAK : worst;
        }
        return elements.isEmpty() ? Fit.WEAK : worst;
    }

    private static Fit fitOfType(CqlType from, CqlType to) {
        if (from.freeze().equals(to.freeze())) {
            return Fit.EXACT;
        }
        return isAssignable(from, to) ? Fit.WEAK : Fit.NONE;
    }

    /// Whether a value of one type may be stored as another without a change of its bytes.
    public static boolean isAssignable(CqlType from, CqlType to) {
        if (from.freeze().equals(to.freeze())) {
            return true;
        }
        if (to == NativeType.BLOB) {
            return from instanceof NativeType;
        }
        return (from == NativeType.ASCII && to == NativeType.TEXT)
                || (from == NativeType.TIMEUUID && to == NativeType.UUID)
                || (from == NativeType.BIGINT && to == NativeType.TIMESTAMP)
                || (from == NativeType.TIMESTAMP && to == NativeType.BIGINT)
                || (to == NativeType.VARINT
                        && (from == NativeType.INT || from == NativeType.BIGINT));
    }

    /// A bound call of a function with arguments that are known for each request.
    public ValueTerm call(ScalarFunction function, List<Term> arguments) {
        List<ValueTerm> bound = new ArrayList<>(arguments.size());
        for (int i = 0; i < arguments.size(); i++) {
            ColumnSpec receiver =
                    new ColumnSpec(
                            "",
                            "",
                            "arg%d(%s)".formatted(i, function.qualifiedName()),
                            function.argumentTypes().get(i));
            bound.add(bind(arguments.get(i), receiver));
        }
        return new FunctionTerm(function, List.copyOf(bound));
    }
}
