package io.helenus.cql;

import io.helenus.cql.ast.CqlStatement;
import io.helenus.cql.ast.Position;
import io.helenus.cql.ast.Term;
import io.helenus.cql.grammar.CqlGrammar;
import java.util.List;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;

/// Text → tree. Without state: any thread may call it.
public final class CqlParser {
    /// The longest text that is looked at, in UTF-16 code units.
    public static final int LENGTH_MAX = 16 << 20;

    /// How deep brackets, and terms in the tree, may be nested.
    public static final int NESTING_MAX = 200;

    /// How many words and symbols a text may have; bounds the memory of a parse.
    public static final int TOKENS_MAX = 1 << 18;

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
                    new Position(1, 0, 0),
                    "text of " + cql.length() + " characters, the limit is " + LENGTH_MAX);
        }
        CommonTokenStream tokens = tokens(cql);
        CqlGrammar.SingleContext single = parsed(tokens);
        TermBuilder terms = new TermBuilder(NESTING_MAX);
        CqlStatement statement = new StatementBuilder(terms).build(single.statement());
        return new Parsed(statement, terms.bindMarkers());
    }

    /// What may come next, for completion. A name at the very end counts as finished, so a caller
    /// that completes a word passes the text before that word.
    public static Expected expectedAfter(String cql) {
        try {
            return new Diagnosis(tokens(cql)).expectedAtEnd();
        } catch (CqlSyntaxException beyondLimits) {
            return Expected.NOTHING;
        }
    }

    private static CommonTokenStream tokens(String cql) {
        return new CommonTokenStream(
                new ContextTokens(new TextCharStream(cql), TOKENS_MAX, NESTING_MAX));
    }

    private static CqlGrammar.SingleContext parsed(CommonTokenStream tokens) {
        try {
            return parsedBySll(tokens);
        } catch (ParseCancellationException failed) {
            tokens.seek(0);
            return new Diagnosis(tokens).single();
        }
    }

    private static CqlGrammar.SingleContext parsedBySll(CommonTokenStream tokens) {
        CqlGrammar grammar = new CqlGrammar(tokens);
        grammar.removeErrorListeners();
        grammar.setErrorHandler(new BailErrorStrategy());
        grammar.getInterpreter().setPredictionMode(PredictionMode.SLL);
        return grammar.single();
    }

    /// For tests: whether the cheap pass suffices for a text.
    static boolean parsesBySll(String cql) {
        try {
            return parsedBySll(tokens(cql)).exception == null;
        } catch (ParseCancellationException failed) {
            return false;
        }
    }
}
