package io.helenus.cql.ast;

import java.util.List;

/// One `name = value` of a WITH clause, values raw. A clause keeps its order and holds no name
/// twice; whether a name is known is asked elsewhere.
public record Property(Identifier name, Value value) {
    /// What stands right of the equals sign.
    public sealed interface Value {}

    /// A constant: `0.1`, `'text'`, `true`.
    public record Scalar(Term.Literal literal) implements Value {}

    /// A word of the language without quotes, as written: `ALL`.
    public record Word(String text) implements Value {}

    /// `{'key': 'value', …}` of constants, possibly empty, in order, no key twice.
    public record MapValue(List<Entry> entries) implements Value {
        public MapValue {
            entries = List.copyOf(entries);
        }
    }

    /// One entry of a map.
    public record Entry(Term.Literal key, Term.Literal value) {}
}
