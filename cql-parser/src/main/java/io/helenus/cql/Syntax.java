package io.helenus.cql;

import io.helenus.cql.ast.Position;
import io.helenus.cql.grammar.CqlTokens;
import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.Interval;

/// What the builders share: positions, the text behind a token's quotes, errors.
final class Syntax {
    private static final int SHOWN_MAX = 40;

    private Syntax() {}

    static Position position(Token token) {
        return new Position(
                token.getLine(), token.getCharPositionInLine(), Math.max(0, token.getStartIndex()));
    }

    /// The text of a STRING_VALUE without its quotes.
    static String string(Token token) {
        String text = token.getText();
        if (text.startsWith("$$")) {
            return text.substring(2, text.length() - 2);
        }
        return unquoted(text, "'");
    }

    /// Without the outer quotes, the inner ones single.
    static String unquoted(String text, String quote) {
        String inner = text.substring(1, text.length() - 1);
        return inner.indexOf(quote.charAt(0)) < 0 ? inner : inner.replace(quote + quote, quote);
    }

    static CqlSyntaxException error(Token token, String message) {
        return new CqlSyntaxException(position(token), message);
    }

    static CqlSyntaxException unexpected(ParserRuleContext context, String expected) {
        return unexpectedToken(context.getStart(), expected);
    }

    static CqlSyntaxException unexpectedToken(Token token, String expected) {
        return new CqlSyntaxException(position(token), shown(token), List.of(expected), "");
    }

    static CqlSyntaxException nestedTooDeeply(Token token, int nestingMax) {
        return error(token, "nested more than " + nestingMax + " levels deep");
    }

    /// A token for the reader of an error: quoted, on one line, cut if long.
    static String shown(Token token) {
        return switch (token.getType()) {
            case Token.EOF -> "end of text";
            case CqlTokens.UNFINISHED_STRING -> "a string without its closing '";
            case CqlTokens.UNFINISHED_DOLLAR -> "a string without its closing $$";
            case CqlTokens.UNFINISHED_NAME -> "a quoted name without its closing \"";
            case CqlTokens.UNFINISHED_COMMENT -> "a comment without its closing */";
            case CqlTokens.EMPTY_QUOTED_NAME -> "an empty name";
            default -> "'" + shortened(token) + "'";
        };
    }

    private static String shortened(Token token) {
        int length = token.getStopIndex() - token.getStartIndex() + 1;
        String text =
                token.getInputStream()
                        .getText(
                                Interval.of(
                                        token.getStartIndex(),
                                        token.getStartIndex() + Math.min(length, SHOWN_MAX) - 1));
        String line = text.replaceAll("\\s+", " ");
        return length > SHOWN_MAX ? line + "…" : line;
    }
}
