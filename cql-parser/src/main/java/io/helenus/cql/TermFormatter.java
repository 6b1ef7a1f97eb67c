package io.helenus.cql;

import io.helenus.cql.ast.Identifier;
import io.helenus.cql.ast.NativeType;
import io.helenus.cql.ast.QualifiedName;
import io.helenus.cql.ast.Term;
import io.helenus.cql.ast.TypeName;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Names, types and terms → text, into one growing buffer.
///
/// Parentheses that a tree needs but does not hold, because no parser made it, are added.
final class TermFormatter {
    /// Words that are not reserved, but cannot name a function without quotes.
    private static final Set<String> NO_FUNCTIONS =
            Set.of("ttl", "writetime", "maxwritetime", "key", "cast");

    /// The same for types, besides the native ones.
    private static final Set<String> NO_TYPES =
            Set.of(
                    "ttl",
                    "writetime",
                    "maxwritetime",
                    "count",
                    "cast",
                    "byte",
                    "complex",
                    "enum",
                    "interval",
                    "macaddr",
                    "bitstring");

    private static final Set<String> NATIVE_TYPES = nativeTypes();

    private final StringBuilder out = new StringBuilder();

    private static Set<String> nativeTypes() {
        Set<String> names = new HashSet<>();
        for (NativeType type : NativeType.values()) {
            names.add(type.cqlName());
        }
        return Set.copyOf(names);
    }

    String text() {
        return out.toString();
    }

    TermFormatter add(String text) {
        out.append(text);
        return this;
    }

    /// Adds a clause if there is one.
    TermFormatter addIf(boolean condition, String text) {
        return condition ? add(text) : this;
    }

    <T> TermFormatter list(List<T> items, String separator, Consumer<T> each) {
        boolean first = true;
        for (T item : items) {
            addIf(!first, separator);
            each.accept(item);
            first = false;
        }
        return this;
    }

    // Names

    TermFormatter name(Identifier name) {
        return add(CqlWords.identifier(name.text()));
    }

    TermFormatter names(List<Identifier> names) {
        return add("(").list(names, ", ", this::name).add(")");
    }

    TermFormatter name(QualifiedName name) {
        return keyspace(name.keyspace()).name(name.name());
    }

    private TermFormatter keyspace(@Nullable Identifier keyspace) {
        return keyspace == null ? this : name(keyspace).add(".");
    }

    TermFormatter functionName(QualifiedName name) {
        return keyspace(name.keyspace()).localFunctionName(name.name());
    }

    TermFormatter localFunctionName(Identifier function) {
        String text = function.text();
        if (text.equals("token")) {
            return add(text); // reserved, except here
        }
        return add(NO_FUNCTIONS.contains(text) ? CqlWords.quoted(text) : CqlWords.identifier(text));
    }

    TermFormatter typeName(QualifiedName name) {
        String text = name.name().text();
        boolean quoted = NO_TYPES.contains(text) || NATIVE_TYPES.contains(text);
        return keyspace(name.keyspace())
                .add(quoted ? CqlWords.quoted(text) : CqlWords.identifier(text));
    }

    TermFormatter string(String text) {
        return add(CqlWords.string(text));
    }

    // Types

    TermFormatter type(TypeName type) {
        return switch (type) {
            case TypeName.Native(NativeType nativeType) -> add(nativeType.cqlName());
            case TypeName.ListOf(TypeName element) -> add("list<").type(element).add(">");
            case TypeName.SetOf(TypeName element) -> add("set<").type(element).add(">");
            case TypeName.MapOf(TypeName key, TypeName value) ->
                    add("map<").type(key).add(", ").type(value).add(">");
            case TypeName.TupleOf(List<TypeName> elements) ->
                    add("tuple<").list(elements, ", ", this::type).add(">");
            case TypeName.VectorOf(TypeName element, int dimensions) ->
                    add("vector<").type(element).add(", " + dimensions + ">");
            case TypeName.Frozen(TypeName inner) -> add("frozen<").type(inner).add(">");
            case TypeName.UserDefined(QualifiedName name) -> typeName(name);
            case TypeName.Custom(String className) -> string(className);
        };
    }

    // Terms

    TermFormatter term(Term term) {
        return switch (term) {
            case Term.Literal literal -> literal(literal);
            case Term.Null _ -> add("NULL");
            case Term.BindMarker(_, Identifier name, _) ->
                    name == null ? add("?") : add(":").name(name);
            case Term.ListLiteral(List<Term> elements) ->
                    add("[").list(elements, ", ", this::term).add("]");
            case Term.SetLiteral(List<Term> elements) ->
                    add("{").list(elements, ", ", this::term).add("}");
            case Term.MapLiteral(List<Term.MapEntry> entries) ->
                    add("{").list(entries, ", ", e -> term(e.key()).add(": ").term(e.value()))
                            .add("}");
            case Term.UdtLiteral(List<Term.FieldValue> fields) ->
                    add("{").list(fields, ", ", f -> name(f.field()).add(": ").term(f.value()))
                            .add("}");
            case Term.TupleLiteral(List<Term> elements) -> arguments(elements);
            case Term.FunctionCall(QualifiedName name, List<Term> arguments) ->
                    functionName(name).arguments(arguments);
            case Term.Cast(Term inner, NativeType type) ->
                    add("CAST(").term(inner).add(" AS " + type.cqlName() + ")");
            case Term.TypeHint(TypeName type, Term inner) ->
                    add("(").type(type).add(") ").hinted(type, inner);
            case Term.Arithmetic(Term left, Term.ArithmeticOperator operator, Term right) ->
                    inner(left, precedence(left) < operator.precedence())
                            .add(" " + operator.symbol() + " ")
                            .inner(right, precedence(right) <= operator.precedence());
            case Term.Negation(Term inner) ->
                    add("- ").inner(inner, inner instanceof Term.Arithmetic);
            case Term.Column(Identifier name) -> name(name);
            case Term.Field(Term of, Identifier field) -> field(of, field);
            case Term.Element(Term of, Term key) -> element(of, key);
            case Term.Slice(Term of, Term from, Term to) -> slice(accessed(of), from, to);
            case Term.CountRows _ -> add("COUNT(*)");
            case Term.CellInfo(Term.CellInfoKind kind, Term of) ->
                    add(kind.name() + "(").term(of).add(")");
        };
    }

    TermFormatter arguments(List<Term> arguments) {
        return add("(").list(arguments, ", ", this::term).add(")");
    }

    TermFormatter literal(Term.Literal literal) {
        return literal.kind() == Term.Kind.STRING ? string(literal.text()) : add(literal.text());
    }

    private static TermFormatter slice(TermFormatter of, @Nullable Term from, @Nullable Term to) {
        of.add("[");
        if (from != null) {
            of.term(from);
        }
        of.add("..");
        if (to != null) {
            of.term(to);
        }
        return of.add("]");
    }

    private TermFormatter inner(Term term, boolean parentheses) {
        return parentheses ? add("(").term(term).add(")") : term(term);
    }

    private static int precedence(Term term) {
        return term instanceof Term.Arithmetic arithmetic
                ? arithmetic.operator().precedence()
                : Integer.MAX_VALUE;
    }

    private TermFormatter hinted(TypeName type, Term term) {
        boolean number = type instanceof TypeName.Native && isSigned(term);
        boolean plain = term instanceof Term.TypeHint || isAtom(term);
        return inner(term, !number && !plain);
    }

    private TermFormatter accessed(Term of) {
        boolean access =
                of instanceof Term.Field
                        || of instanceof Term.Element
                        || of instanceof Term.Slice
                        || of instanceof Term.TypeHint;
        return inner(of, !access && !isAtom(of));
    }

    private TermFormatter field(Term of, Identifier field) {
        accessed(of);
        // 5.x would begin with the number 5.
        return addIf(endsWithNumber(of), " ").add(".").name(field);
    }

    private static boolean endsWithNumber(Term term) {
        return switch (term) {
            case Term.TypeHint(_, Term inner) -> endsWithNumber(inner);
            case Term.Literal literal ->
                    literal.kind() == Term.Kind.INTEGER || literal.kind() == Term.Kind.FLOAT;
            default -> false;
        };
    }

    private TermFormatter element(Term of, Term key) {
        // (a)[1] would be a type hint before a list.
        boolean hint =
                of instanceof Term.TupleLiteral(List<Term> elements)
                        && elements.size() == 1
                        && looksLikeType(elements.getFirst());
        return (hint ? inner(of, true) : accessed(of)).add("[").term(key).add("]");
    }

    private static boolean looksLikeType(Term term) {
        return switch (term) {
            case Term.Column _ -> true;
            case Term.Field(Term of, _) -> of instanceof Term.Column;
            case Term.Literal literal -> literal.kind() == Term.Kind.STRING;
            default -> false;
        };
    }

    private static boolean isAtom(Term term) {
        return switch (term) {
            case Term.Arithmetic _, Term.Negation _, Term.TypeHint _ -> false;
            case Term.Field _, Term.Element _, Term.Slice _ -> false;
            default -> !isSigned(term);
        };
    }

    private static boolean isSigned(Term term) {
        return term instanceof Term.Literal literal
                && literal.kind() != Term.Kind.STRING
                && literal.text().startsWith("-");
    }

    /// A word of the language as a name that no rule can take for the word.
    TermFormatter unmistakable(QualifiedName name) {
        if (name.keyspace() != null) {
            return name(name);
        }
        String text = name.name().text();
        boolean word = CqlWords.all().contains(text.toUpperCase(Locale.ROOT));
        return add(word ? CqlWords.quoted(text) : CqlWords.identifier(text));
    }
}
