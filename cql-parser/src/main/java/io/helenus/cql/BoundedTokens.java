package io.helenus.cql;

import io.helenus.cql.grammar.CqlTokens;
import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.Token;

/// The lexer with limits: refuses a text with too many tokens, or with brackets nested too deeply,
/// before the parser comes to them. The parser recurses into brackets only, so its stack is bounded
/// by this count.
final class BoundedTokens extends CqlTokens {
    private final int tokensMax;
    private final int nestingMax;
    private int tokens;
    private int brackets;
    private int angles;
    private int previousType;

    BoundedTokens(CharStream text, int tokensMax, int nestingMax) {
        super(text);
        this.tokensMax = tokensMax;
        this.nestingMax = nestingMax;
        removeErrorListeners();
    }

    @Override
    public Token nextToken() {
        Token token = super.nextToken();
        if (++tokens > tokensMax) {
            throw Syntax.error(token, "the text has more than " + tokensMax + " words and symbols");
        }
        switch (token.getType()) {
            case LPAREN, LBRACKET, LBRACE -> brackets++;
            case RPAREN, RBRACKET, RBRACE -> brackets--;
            case LT -> angles += opensTypeArguments(previousType) ? 1 : 0;
            case GT -> angles = Math.max(0, angles - 1);
            case AND, WHERE, SEMICOLON ->
                    angles = 0; // those were comparisons of oddly named columns
            default -> {}
        }
        if (brackets + angles > nestingMax) {
            throw Syntax.nestedTooDeeply(token, nestingMax);
        }
        previousType = token.getType();
        return token;
    }

    private static boolean opensTypeArguments(int type) {
        return switch (type) {
            case LIST, SET, MAP, TUPLE, VECTOR, FROZEN -> true;
            default -> false;
        };
    }
}
