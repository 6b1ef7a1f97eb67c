package io.helenus.cql.ast;

import java.util.List;

/// What stands right of IN.
public sealed interface InValues {
    /// `(a, b, …)`, possibly empty.
    record Values(List<Term> terms) implements InValues {
        public Values {
            terms = List.copyOf(terms);
        }
    }

    /// `?` or `:name`: one marker for the whole list.
    record Marker(Term.BindMarker marker) implements InValues {}
}
