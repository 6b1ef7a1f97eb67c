package io.helenus.cql.ast;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A value in the text. The last group, [OfRow], refers to a row and stands only in the select list
/// and in GROUP BY; everywhere else the parser refuses it, so code that binds values may treat it
/// as impossible.
public sealed interface Term {
    /// `NULL`
    Null NULL = new Null();

    /// One constant. `text` is the value without quotes (STRING); digits as written, with a sign
    /// if one touched them (INTEGER, FLOAT, DURATION); `NaN`, `Infinity` or `-Infinity` (FLOAT);
    /// `true` or `false` (BOOLEAN); as written (UUID); as written with its `0x` (HEX).
    record Literal(Kind kind, String text, Position position) implements Term {
        public Literal {
            Objects.requireNonNull(kind);
            Objects.requireNonNull(text);
            Objects.requireNonNull(position);
        }

        public static Literal of(Kind kind, String text) {
            return new Literal(kind, text, Position.NONE);
        }

        /// Literals are equal by kind and text, see the package.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Literal that && kind == that.kind && text.equals(that.text);
        }

        @Override
        public int hashCode() {
            return 31 * kind.hashCode() + text.hashCode();
        }
    }

    /// What kind of constant was written.
    enum Kind {
        STRING,
        INTEGER,
        FLOAT,
        BOOLEAN,
        UUID,
        HEX,
        DURATION
    }

    /// `NULL`; use [#NULL].
    record Null() implements Term {}

    /// `?` or `:name`. `index` counts the markers of a statement from 0 in order of appearance; a
    /// name that appears twice is two markers.
    record BindMarker(int index, @Nullable Identifier name, Position position) implements Term {
        public BindMarker {
            Objects.requireNonNull(position);
        }

        /// Markers are equal by index and name, see the package.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof BindMarker that
                    && index == that.index
                    && Objects.equals(name, that.name);
        }

        @Override
        public int hashCode() {
            return 31 * index + Objects.hashCode(name);
        }
    }

    /// `[a, b]`: a list or a vector.
    record ListLiteral(List<Term> elements) implements Term {
        public ListLiteral {
            elements = List.copyOf(elements);
        }
    }

    /// `{a, b}`: a set. `{}` is an empty set or an empty map.
    record SetLiteral(List<Term> elements) implements Term {
        public SetLiteral {
            elements = List.copyOf(elements);
        }
    }

    /// `{k: v, …}`, at least one entry. In a select list a user-defined type's literal comes as
    /// this, too: its keys are then [Column]s.
    record MapLiteral(List<MapEntry> entries) implements Term {
        public MapLiteral {
            entries = List.copyOf(entries);
        }
    }

    /// One `key: value`.
    record MapEntry(Term key, Term value) {}

    /// `{field: v, …}`, at least one field: a value of a user-defined type.
    record UdtLiteral(List<FieldValue> fields) implements Term {
        public UdtLiteral {
            fields = List.copyOf(fields);
        }
    }

    /// One `field: value`.
    record FieldValue(Identifier field, Term value) {}

    /// `(a, b)`. With one element it is a tuple of one or plain parentheses: the type decides.
    record TupleLiteral(List<Term> elements) implements Term {
        public TupleLiteral {
            elements = List.copyOf(elements);
        }
    }

    /// `name(arguments)`. `token` and `count` come as this, too, `COUNT(*)` as [CountRows].
    record FunctionCall(QualifiedName name, List<Term> arguments) implements Term {
        public FunctionCall {
            Objects.requireNonNull(name);
            arguments = List.copyOf(arguments);
        }
    }

    /// `CAST(term AS type)`
    record Cast(Term term, NativeType type) implements Term {}

    /// `(type) term`: says which type is meant, converts nothing.
    record TypeHint(TypeName type, Term term) implements Term {}

    /// `left operator right`
    record Arithmetic(Term left, ArithmeticOperator operator, Term right) implements Term {}

    /// The operators in order of their symbols; the last three bind tighter.
    enum ArithmeticOperator {
        PLUS("+", 1),
        MINUS("-", 1),
        TIMES("*", 2),
        DIVIDE("/", 2),
        MODULO("%", 2);

        private final String symbol;
        private final int precedence;

        ArithmeticOperator(String symbol, int precedence) {
            this.symbol = symbol;
            this.precedence = precedence;
        }

        public String symbol() {
            return symbol;
        }

        /// Higher binds tighter; equal ones group from the left.
        public int precedence() {
            return precedence;
        }
    }

    /// `-term`. A sign that touches its number is part of the [Literal] instead.
    record Negation(Term term) implements Term {}

    /// What refers to a row: only in a select list and in GROUP BY.
    sealed interface OfRow extends Term {}

    /// A column.
    record Column(Identifier name) implements OfRow {}

    /// `term.field`
    record Field(Term of, Identifier field) implements OfRow {}

    /// `term[key]`
    record Element(Term of, Term key) implements OfRow {}

    /// `term[from..to]`, not without both ends.
    record Slice(Term of, @Nullable Term from, @Nullable Term to) implements OfRow {}

    /// `COUNT(*)`
    record CountRows() implements OfRow {}

    /// `WRITETIME(x)`, `MAXWRITETIME(x)`, `TTL(x)`; x is a [Column] or an [Element], [Slice] or
    /// [Field] of one.
    record CellInfo(CellInfoKind kind, Term of) implements OfRow {}

    /// Which fact about a cell is asked for.
    enum CellInfoKind {
        WRITETIME,
        MAXWRITETIME,
        TTL
    }
}
