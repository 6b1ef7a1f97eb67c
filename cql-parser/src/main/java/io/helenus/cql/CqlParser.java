package io.helenus.cql;

import io.helenus.cql.ast.CqlStatement;
import io.helenus.cql.ast.Position;
import io.helenus.cql.ast.Term;
import java.util.List;

/// Text → tree. Without state: any thread may call it.
public final class CqlParser {
    /// The longest text that is looked at, in UTF-16 code units.
    public static final int LENGTH_MAX = 16 << 20;

    /// How deep brackets, and terms in the tree, may be nested.
    public static final int NESTING_MAX = 200;

    private CqlParser() {}

    /// A statement with its markers in order of appearance: the one at `i` has index `i`.
    public record Parsed(CqlStatement statement, List<Term.BindMarker> bindMarkers) {
        public Parsed {
            bindMarkers = List.copyOf(bindMarkers);
        }
    }

    /// Parses one statement, with or without semicolons after it.
    ///
    /// @throws CqlSyntaxException if the text is not exactly one statement, or beyond a limit
    public static CqlStatement parse(String cql) {
        return parseWithMarkers(cql).statement();
    }

    /// As [#parse], and collects the bind markers on the way.
    public static Parsed parseWithMarkers(String cql) {
        if (cql.length() > LENGTH_MAX) {
            throw new CqlSyntaxException(
                    Position.NONE,
                    "text of " + cql.length() + " characters, the limit is " + LENGTH_MAX);
        }
        throw new UnsupportedOperationException("the grammar lands with the next change");
    }
}
