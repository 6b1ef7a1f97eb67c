package io.helenus.cql;

import io.helenus.cql.ast.Identifier;
import io.helenus.cql.ast.InValues;
import io.helenus.cql.ast.NativeType;
import io.helenus.cql.ast.Position;
import io.helenus.cql.ast.QualifiedName;
import io.helenus.cql.ast.Term;
import io.helenus.cql.ast.Term.ArithmeticOperator;
import io.helenus.cql.ast.TypeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Random names, types and terms, of the shapes that the parser can make: see the package of the
/// tree. Markers are numbered as they are made, so make things in the order of the text.
class TermGenerator {
    private static final List<String> PLAIN = List.of("a", "b2", "some_name", "x", "k");
    private static final List<String> ODD =
            List.of("A", "MixedCase", "with space", "q\"uote", "1a", "_", "\u00e4", "\ud83d\ude00");
    private static final List<String> STRINGS =
            List.of(
                    "",
                    "x",
                    "it's",
                    "''",
                    "$$",
                    "a\nb",
                    "\"",
                    "-- c",
                    "/*",
                    ";",
                    "\ud83d\ude00",
                    "\\");
    private static final List<String> INTEGERS =
            List.of("0", "1", "-1", "007", "9223372036854775808");
    private static final List<String> FLOATS =
            List.of(
                    "1.5",
                    "1.",
                    "-0.0",
                    "1e10",
                    "1.5E-3",
                    "-1.e+5",
                    "NaN",
                    "Infinity",
                    "-Infinity");
    private static final List<String> DURATIONS =
            List.of(
                    "1h30m",
                    "-2d",
                    "1y2mo3w4d5h6m7s8ms9us10ns",
                    "P1Y2M",
                    "-PT1H",
                    "P2W",
                    "1\u00b5s");
    private static final List<String> UUIDS =
            List.of("550e8400-e29b-41d4-a716-446655440000", "ABCDEF01-0000-0000-0000-000000000000");
    private static final List<String> HEXES = List.of("0x", "0xCAFE", "0X1");

    final RandomGenerator random;
    private int markers;

    TermGenerator(RandomGenerator random) {
        this.random = random;
    }

    // Choices

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    <T> T one(List<T> items) {
        return items.get(random.nextInt(items.size()));
    }

    <E extends Enum<E>> E one(Class<E> type) {
        return one(List.of(type.getEnumConstants()));
    }

    <T> List<T> some(int min, int max, Supplier<T> each) {
        List<T> items = new ArrayList<>();
        int count = min + random.nextInt(max - min + 1);
        for (int i = 0; i < count; i++) {
            items.add(each.get());
        }
        return items;
    }

    <T> @Nullable T maybe(int percent, Supplier<T> value) {
        return chance(percent) ? value.get() : null;
    }

    // Names

    Identifier name() {
        int kind = random.nextInt(10);
        if (kind < 6) {
            return Identifier.of(one(PLAIN));
        }
        return Identifier.of(kind < 8 ? one(CqlWords.all()).toLowerCase(Locale.ROOT) : one(ODD));
    }

    List<Identifier> names(int min, int max) {
        return some(min, max, this::name);
    }

    QualifiedName qualified() {
        Identifier keyspace = chance(30) ? name() : null;
        return new QualifiedName(keyspace, name());
    }

    String string() {
        return one(STRINGS);
    }

    // Types

    NativeType nativeType() {
        return one(NativeType.class);
    }

    TypeName type(int depth) {
        if (depth <= 0) {
            return chance(70)
                    ? new TypeName.Native(nativeType())
                    : new TypeName.UserDefined(qualified());
        }
        return switch (random.nextInt(9)) {
            case 0 -> new TypeName.ListOf(type(depth - 1));
            case 1 -> new TypeName.SetOf(type(depth - 1));
            case 2 -> new TypeName.MapOf(type(depth - 1), type(depth - 1));
            case 3 -> new TypeName.TupleOf(some(1, 3, () -> type(depth - 1)));
            case 4 -> new TypeName.VectorOf(type(depth - 1), random.nextInt(2000));
            case 5 -> new TypeName.Frozen(type(depth - 1));
            case 6 -> new TypeName.Custom(string());
            default -> type(0);
        };
    }

    // Terms

    Term value() {
        return term(random.nextInt(4), false);
    }

    Term selected() {
        return term(random.nextInt(4), true);
    }

    Term term(int depth, boolean ofRow) {
        if (depth <= 0 || chance(60)) {
            return operand(depth, ofRow);
        }
        return arithmetic(depth, ofRow, 1);
    }

    /// Chains group from the left, and tighter ones stand inside.
    private Term arithmetic(int depth, boolean ofRow, int precedence) {
        if (precedence > 2 || depth <= 0) {
            return operand(depth - 1, ofRow);
        }
        Term term = arithmetic(depth - 1, ofRow, precedence + 1);
        List<ArithmeticOperator> operators =
                List.of(ArithmeticOperator.values()).stream()
                        .filter(operator -> operator.precedence() == precedence)
                        .toList();
        int count = random.nextInt(3);
        for (int i = 0; i < count; i++) {
            Term right = arithmetic(depth - 1, ofRow, precedence + 1);
            term = new Term.Arithmetic(term, one(operators), right);
        }
        return term;
    }

    private Term operand(int depth, boolean ofRow) {
        return switch (random.nextInt(8)) {
            case 0 -> new Term.Negation(operand(depth - 1, ofRow));
            case 1 -> ofRow ? access(base(depth, true), depth) : atom(depth, false);
            case 2 -> hint(depth, ofRow);
            case 3 -> signed();
            default -> atom(depth, ofRow);
        };
    }

    /// What an access may follow.
    private Term base(int depth, boolean ofRow) {
        return switch (random.nextInt(4)) {
            case 0 -> hint(depth - 1, ofRow);
            case 1 -> access(new Term.Column(name()), depth - 1);
            case 2 -> new Term.Column(name());
            default -> atom(depth - 1, ofRow);
        };
    }

    private Term access(Term of, int depth) {
        return switch (random.nextInt(3)) {
            case 0 -> new Term.Field(of, name());
            case 1 ->
                    endsAsType(of) // (a)[1] would be a hint before a list
                            ? new Term.Field(of, name())
                            : new Term.Element(of, term(depth - 1, false));
            default -> {
                Term from = chance(60) ? term(depth - 1, false) : null;
                Term to = from == null || chance(60) ? term(depth - 1, false) : null;
                yield new Term.Slice(of, from, to);
            }
        };
    }

    private static boolean endsAsType(Term of) {
        return switch (of) {
            case Term.TypeHint(_, Term inner) -> endsAsType(inner);
            case Term.TupleLiteral(List<Term> inside) -> inside.size() == 1;
            default -> false;
        };
    }

    private Term hint(int depth, boolean ofRow) {
        TypeName type = type(1);
        if (type instanceof TypeName.Native && chance(20)) {
            return new Term.TypeHint(type, signed());
        }
        Term term = depth > 0 && chance(20) ? hint(depth - 1, ofRow) : atom(depth - 1, ofRow);
        return new Term.TypeHint(type, term);
    }

    /// A number that may bring a minus.
    private Term.Literal signed() {
        return switch (random.nextInt(3)) {
            case 0 -> Term.Literal.of(Term.Kind.INTEGER, one(INTEGERS));
            case 1 -> Term.Literal.of(Term.Kind.FLOAT, one(FLOATS));
            default -> Term.Literal.of(Term.Kind.DURATION, one(DURATIONS));
        };
    }

    Term.Literal literal() {
        return switch (random.nextInt(5)) {
            case 0 -> Term.Literal.of(Term.Kind.STRING, string());
            case 1 -> Term.Literal.of(Term.Kind.BOOLEAN, chance(50) ? "true" : "false");
            case 2 -> Term.Literal.of(Term.Kind.UUID, one(UUIDS));
            case 3 -> Term.Literal.of(Term.Kind.HEX, one(HEXES));
            default -> signed();
        };
    }

    private Term unsigned() {
        Term.Literal literal = literal();
        return literal.kind() != Term.Kind.STRING && literal.text().startsWith("-")
                ? Term.Literal.of(Term.Kind.INTEGER, "5")
                : literal;
    }

    private Term atom(int depth, boolean ofRow) {
        if (depth <= 0) {
            return switch (random.nextInt(ofRow ? 6 : 4)) {
                case 0 -> Term.NULL;
                case 1 -> marker();
                case 2, 3 -> unsigned();
                case 4 -> new Term.Column(name());
                default -> new Term.CountRows();
            };
        }
        int below = depth - 1;
        return switch (random.nextInt(9)) {
            case 0 -> new Term.ListLiteral(some(0, 3, () -> term(below, ofRow)));
            case 1 -> new Term.SetLiteral(some(0, 3, () -> term(below, ofRow)));
            case 2 -> new Term.TupleLiteral(some(1, 3, () -> term(below, ofRow)));
            case 3 -> new Term.MapLiteral(some(1, 3, () -> entry(below, ofRow)));
            case 4 -> new Term.FunctionCall(qualified(), some(0, 3, () -> term(below, ofRow)));
            case 5 -> new Term.Cast(term(below, ofRow), nativeType());
            case 6 -> ofRow ? cellInfo(below) : udt(below);
            default -> atom(0, ofRow);
        };
    }

    private Term.MapEntry entry(int depth, boolean ofRow) {
        Term key = term(depth, ofRow);
        return new Term.MapEntry(key, term(depth, ofRow));
    }

    private Term udt(int depth) {
        return new Term.UdtLiteral(
                some(1, 3, () -> new Term.FieldValue(name(), term(depth, false))));
    }

    private Term cellInfo(int depth) {
        Term of = new Term.Column(name());
        for (int i = random.nextInt(3); i > 0; i--) {
            of = access(of, depth);
        }
        return new Term.CellInfo(one(Term.CellInfoKind.class), of);
    }

    Term.BindMarker marker() {
        Identifier name = chance(50) ? name() : null;
        return new Term.BindMarker(markers++, name, Position.NONE);
    }

    Term intValue() {
        return chance(50) ? marker() : Term.Literal.of(Term.Kind.INTEGER, one(INTEGERS));
    }

    InValues inValues(Supplier<Term> each) {
        return chance(30) ? new InValues.Marker(marker()) : new InValues.Values(some(0, 3, each));
    }
}
