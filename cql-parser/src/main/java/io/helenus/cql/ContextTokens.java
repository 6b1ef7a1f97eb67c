package io.helenus.cql;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.WritableToken;

/// The lexer as the parser uses it. It adds two things.
///
/// **Limits**: refuses a text with too many tokens, or with brackets nested too deeply, before the
/// parser comes to them. The parser recurses into brackets only, so this count bounds its stack.
///
/// **Context**: gives a word a type of its own where the grammar alone would have to look
/// arbitrarily far ahead to know what the word is: `SELECT JSON - (…` could go on as a column
/// called json, less something. A few words of lookahead decide, as Cassandra would.
final class ContextTokens extends QuickTokens {
    private final int tokensMax;
    private final int nestingMax;
    private final Deque<Token> ahead = new ArrayDeque<>();
    private final Deque<Bracket> brackets = new ArrayDeque<>();
    private boolean closedType; // whether the last parentheses could hold a type
    private int angles;
    private int tokens;
    private int words;
    private int previous = Token.EOF;
    private int beforePrevious = Token.EOF;

    /// An open bracket.
    private static final class Bracket {
        private final boolean brace;
        private final boolean call; // a function's name stands before it
        private final int openedAt; // in words
        private int firstInside = Token.EOF; // the type of its first word
        private boolean atKey = true; // in a brace: no colon yet in this entry
        private boolean map; // a brace with a colon between a key and a value
        private boolean searched; // for such a colon, up to its end

        private Bracket(boolean brace, boolean call, int openedAt) {
            this.brace = brace;
            this.call = call;
            this.openedAt = openedAt;
        }
    }

    ContextTokens(CharStream text, int tokensMax, int nestingMax) {
        super(text);
        this.tokensMax = tokensMax;
        this.nestingMax = nestingMax;
        removeErrorListeners();
    }

    @Override
    public Token nextToken() {
        Token token = ahead.isEmpty() ? super.nextToken() : ahead.poll();
        if (++tokens > tokensMax) {
            throw Syntax.error(token, "the text has more than " + tokensMax + " words and symbols");
        }
        if (token.getChannel() != Token.DEFAULT_CHANNEL) {
            return token;
        }
        words++;
        int type = typeInContext(token);
        ((WritableToken) token).setType(type);
        follow(token, type);
        beforePrevious = previous;
        previous = type;
        return token;
    }

    // Context

    private int typeInContext(Token token) {
        return switch (token.getType()) {
            case JSON -> previous == SELECT && !isColumn() ? SELECT_JSON : JSON;
            case DISTINCT -> {
                boolean first = previous == SELECT || previous == SELECT_JSON;
                yield first && !isColumn() ? SELECT_DISTINCT : DISTINCT;
            }
            case KEY -> {
                boolean column = beforePrevious == RBRACKET || isName(beforePrevious);
                boolean contains = previous == CONTAINS && column;
                yield contains && peek(0) != DOT ? CONTAINS_KEY : KEY;
            }
            case COLON -> previous == RPAREN && isMarkerAfterHint() ? HINTED_COLON : COLON;
            default -> token.getType();
        };
    }

    /// Whether JSON or DISTINCT after SELECT is the name of a column, by what follows.
    private boolean isColumn() {
        return switch (peek(0)) {
            case FROM, COMMA, DOT, PLUS, SLASH, PERCENT, SEMICOLON, Token.EOF -> true;
            case STAR -> peek(1) != FROM; // json * 2, or everything as JSON
            case AS -> isName(peek(1)); // json AS x, or a column called as
            default -> false;
        };
    }

    private static boolean isName(int type) {
        return CqlWords.NAME_TYPES.contains(type);
    }

    /// Whether a colon after `(…)` begins a marker. At the place of a map's key it does only if the
    /// parentheses can be a type hint, and no function's name follows: `{(a): f(1)}` is a map. Where a
    /// map is sure, its key needs a colon, too: `{1: 2, (a): b}` and `{(a): b, 1: 2}`, but
    /// `{1: 2, (int) :b: 3}`.
    private boolean isMarkerAfterHint() {
        Bracket bracket = brackets.peek();
        if (bracket == null || !bracket.brace || !bracket.atKey) {
            return true;
        }
        boolean function = peek(1) == LPAREN || peek(1) == DOT && peek(3) == LPAREN;
        return closedType
                && isName(peek(0))
                && !function
                && (!isMap(bracket) || isKeyColonAhead(false));
    }

    /// Looks ahead once for each bracket, however many markers are in it.
    private boolean isMap(Bracket bracket) {
        if (!bracket.map && !bracket.searched) {
            bracket.searched = true;
            bracket.map = isKeyColonAhead(true);
        }
        return bracket.map;
    }

    /// Whether a colon between key and value may come before the end of this entry, or surely comes before
    /// the end of all.
    private boolean isKeyColonAhead(boolean inAll) {
        int depth = 0;
        int before = COLON;
        int seen = ahead.size();
        Iterator<Token> known = ahead.iterator();
        while (true) {
            Token token = seen-- > 0 ? known.next() : lookAhead();
            if (token.getChannel() != Token.DEFAULT_CHANNEL) {
                continue;
            }
            int type = token.getType();
            switch (type) {
                case LPAREN, LBRACKET, LBRACE -> depth++;
                case RPAREN, RBRACKET, RBRACE -> depth--;
                case COLON -> {
                    boolean sure = before != RPAREN;
                    if (depth == 0 && endsTerm(before) && (sure || !inAll)) {
                        return true;
                    }
                }
                default -> {}
            }
            boolean ends = depth == 0 && type == COMMA && !inAll;
            if (depth < 0 || ends || type == Token.EOF) {
                return false;
            }
            before = type;
        }
    }

    private Token lookAhead() {
        Token token = super.nextToken();
        ahead.add(token);
        return token;
    }

    /// The type of a token ahead, comments left out.
    private int peek(int distance) {
        int remaining = distance;
        for (Token token : ahead) {
            if (token.getChannel() == Token.DEFAULT_CHANNEL && remaining-- == 0) {
                return token.getType();
            }
        }
        while (true) {
            Token token = lookAhead();
            boolean counts = token.getChannel() == Token.DEFAULT_CHANNEL;
            if (token.getType() == Token.EOF || counts && remaining-- == 0) {
                return token.getType();
            }
        }
    }

    // Limits

    private void follow(Token token, int type) {
        Bracket bracket = brackets.peek();
        if (bracket != null && words == bracket.openedAt + 1) {
            bracket.firstInside = type;
        }
        switch (type) {
            case LPAREN, LBRACKET, LBRACE -> {
                boolean call = isName(previous) || previous == TOKEN;
                brackets.push(new Bracket(type == LBRACE, call, words));
            }
            case RPAREN, RBRACKET, RBRACE -> {
                if (bracket != null) {
                    closedType = couldHoldType(bracket);
                    brackets.pop();
                }
            }
            case COLON -> {
                if (bracket != null && endsTerm(previous)) { // otherwise it begins a marker
                    bracket.atKey = false;
                    bracket.map |= bracket.brace;
                }
            }
            case COMMA -> {
                if (bracket != null) {
                    bracket.atKey = true;
                }
            }
            case LT -> angles += opensTypeArguments(previous) ? 1 : 0;
            case GT -> angles = Math.max(0, angles - 1);
            case AND, WHERE, SEMICOLON -> angles = 0; // they compared columns called list or map
            default -> {}
        }
        if (brackets.size() + angles > nestingMax) {
            throw Syntax.nestedTooDeeply(token, nestingMax);
        }
    }

    /// Of the bracket that is being closed.
    private boolean couldHoldType(Bracket bracket) {
        int first = bracket.firstInside;
        int inside = words - bracket.openedAt - 1;
        boolean name = isName(first) || first == STRING_VALUE;
        boolean qualified = inside == 3 && beforePrevious == DOT;
        boolean generic = previous == GT && opensTypeArguments(first);
        return !bracket.call && (generic || name && (inside == 1 || qualified));
    }

    private static boolean endsTerm(int type) {
        return switch (type) {
            case RPAREN, RBRACKET, RBRACE, QMARK, NULL, NAN, INFINITY -> true;
            case STRING_VALUE, INTEGER_VALUE, FLOAT_VALUE, BOOLEAN_VALUE -> true;
            case DURATION_VALUE, UUID_VALUE, HEX_VALUE -> true;
            default -> isName(type);
        };
    }

    private static boolean opensTypeArguments(int type) {
        return switch (type) {
            case LIST, SET, MAP, TUPLE, VECTOR, FROZEN -> true;
            default -> false;
        };
    }
}
