package io.helenus.cql;

import io.helenus.cql.grammar.CqlTokens;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.Token;

/// Says of each word of a text what it is, for colours. The text may be wrong or unfinished.
public final class CqlHighlighter {
    private CqlHighlighter() {}

    /// A stretch of the text, in UTF-16 code units; `end` is after its last.
    public record Span(int start, int end, Kind kind) {}

    /// What a span is.
    public enum Kind {
        KEYWORD,
        /// The word for a native type or a collection.
        TYPE,
        NAME,
        QUOTED_NAME,
        STRING,
        /// Numbers, durations, UUIDs, blobs.
        NUMBER,
        /// TRUE, FALSE, NULL.
        CONSTANT,
        /// `?`
        MARKER,
        SYMBOL,
        COMMENT,
        /// What cannot be CQL, or never ends.
        ERROR
    }

    /// All spans in order; only white space lies between them.
    public static List<Span> highlight(String text) {
        CqlTokens lexer = new QuickTokens(new TextCharStream(text));
        lexer.removeErrorListeners();
        List<Span> spans = new ArrayList<>();
        boolean afterDot = false;
        Token token = lexer.nextToken();
        while (token.getType() != Token.EOF) {
            Kind kind = kind(token.getType());
            if (afterDot && (kind == Kind.KEYWORD || kind == Kind.TYPE)) {
                kind = Kind.NAME; // as in system.local and t.key
            }
            afterDot = token.getType() == CqlTokens.DOT;
            spans.add(new Span(token.getStartIndex(), token.getStopIndex() + 1, kind));
            token = lexer.nextToken();
        }
        return spans;
    }

    private static Kind kind(int type) {
        return switch (type) {
            case CqlTokens.IDENTIFIER -> Kind.NAME;
            case CqlTokens.QUOTED_NAME -> Kind.QUOTED_NAME;
            case CqlTokens.STRING_VALUE -> Kind.STRING;
            case CqlTokens.BOOLEAN_VALUE, CqlTokens.NULL -> Kind.CONSTANT;
            case CqlTokens.QMARK -> Kind.MARKER;
            case CqlTokens.LINE_COMMENT, CqlTokens.BLOCK_COMMENT -> Kind.COMMENT;
            case CqlTokens.INTEGER_VALUE,
                    CqlTokens.FLOAT_VALUE,
                    CqlTokens.DURATION_VALUE,
                    CqlTokens.UUID_VALUE,
                    CqlTokens.HEX_VALUE,
                    CqlTokens.NAN,
                    CqlTokens.INFINITY ->
                    Kind.NUMBER;
            case CqlTokens.UNFINISHED_STRING,
                    CqlTokens.UNFINISHED_DOLLAR,
                    CqlTokens.UNFINISHED_NAME,
                    CqlTokens.UNFINISHED_COMMENT,
                    CqlTokens.EMPTY_QUOTED_NAME,
                    CqlTokens.UNKNOWN_CHAR ->
                    Kind.ERROR;
            default -> isWord(type) ? wordKind(type) : Kind.SYMBOL;
        };
    }

    /// Symbols stand in one block of the lexer's list of tokens.
    private static boolean isWord(int type) {
        return type < CqlTokens.LPAREN || type > CqlTokens.MINUS_EQ;
    }

    private static Kind wordKind(int type) {
        return switch (type) {
            case CqlTokens.LIST,
                    CqlTokens.MAP,
                    CqlTokens.TUPLE,
                    CqlTokens.VECTOR,
                    CqlTokens.FROZEN ->
                    Kind.TYPE;
            default ->
                    type >= CqlTokens.ASCII && type <= CqlTokens.VARINT ? Kind.TYPE : Kind.KEYWORD;
        };
    }
}
