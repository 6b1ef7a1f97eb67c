package io.helenus.cql;

import io.helenus.cql.grammar.CqlGrammar;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.NoViableAltException;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.RuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.TokenStream;
import org.antlr.v4.runtime.atn.ATN;
import org.antlr.v4.runtime.atn.ATNState;
import org.antlr.v4.runtime.atn.RuleStopState;
import org.antlr.v4.runtime.atn.RuleTransition;
import org.antlr.v4.runtime.atn.Transition;
import org.antlr.v4.runtime.misc.IntervalSet;
import org.jspecify.annotations.Nullable;

/// The parser of the second pass: ends at the first error with a [CqlSyntaxException] that says
/// what could have stood there.
///
/// ANTLR itself knows that only roughly: by the time it stumbles it has often left a loop, and so
/// forgotten that the loop could have gone on. So this class remembers where the parser stood when
/// it took its last token, and from there walks the grammar's network over the tokens up to the
/// wrong one. The walk is exact and short, since the parser never looks far ahead.
final class Diagnosis extends CqlGrammar {
    private static final int EXPECTED_SHOWN_MAX = 10;
    private static final int STEPS_MAX = 100_000;

    private int lastState = -1;
    private @Nullable ParserRuleContext lastContext;
    private int lastIndex = -1;

    Diagnosis(TokenStream tokens) {
        super(tokens);
        removeErrorListeners();
        setErrorHandler(new Strategy());
    }

    @Override
    public Token consume() {
        lastState = getState();
        lastContext = getContext();
        lastIndex = getCurrentToken().getTokenIndex();
        return super.consume();
    }

    private static final class Strategy extends BailErrorStrategy {
        @Override
        public void recover(Parser parser, RecognitionException error) {
            Token offending = error.getOffendingToken();
            throw ((Diagnosis) parser)
                    .explain(
                            error instanceof NoViableAltException && offending != null
                                    ? offending
                                    : parser.getCurrentToken());
        }

        @Override
        public Token recoverInline(Parser parser) {
            throw ((Diagnosis) parser).explain(parser.getCurrentToken());
        }
    }

    private CqlSyntaxException explain(Token found) {
        IntervalSet possible = possible(found);
        List<String> expected = Expectations.describe(possible, found, EXPECTED_SHOWN_MAX);
        return new CqlSyntaxException(
                Syntax.position(found),
                Syntax.shown(found),
                expected,
                Expectations.hint(possible, found));
    }

    // The walk

    /// Where to go on after a rule, and after the rule that called it, and so on.
    private record Return(ATNState state, @Nullable Return outer) {}

    /// A place in the network.
    private record Place(ATNState state, @Nullable Return stack) {}

    private IntervalSet possible(Token found) {
        Set<Place> places = new HashSet<>();
        ATN atn = getATN();
        if (lastContext == null) {
            places.add(new Place(atn.ruleToStartState[RULE_single], null));
        } else {
            Place last = new Place(atn.states.get(lastState), stack(atn, lastContext));
            places = step(Set.of(last), tokenType(lastIndex));
        }
        for (int i = lastIndex + 1; i < found.getTokenIndex(); i++) {
            if (getTokenStream().get(i).getChannel() == Token.DEFAULT_CHANNEL) {
                places = step(closure(places), tokenType(i));
            }
        }
        IntervalSet possible = new IntervalSet();
        for (Place place : closure(places)) {
            for (Transition transition : place.state.getTransitions()) {
                if (!transition.isEpsilon()) {
                    possible.addAll(transition.label());
                }
            }
        }
        return possible;
    }

    private int tokenType(int index) {
        return getTokenStream().get(index).getType();
    }

    private static @Nullable Return stack(ATN atn, ParserRuleContext context) {
        Deque<ATNState> follow = new ArrayDeque<>();
        for (RuleContext at = context; at != null && at.invokingState >= 0; at = at.getParent()) {
            RuleTransition call = (RuleTransition) atn.states.get(at.invokingState).transition(0);
            follow.push(call.followState);
        }
        @Nullable Return stack = null;
        while (!follow.isEmpty()) {
            stack = new Return(follow.pop(), stack);
        }
        return stack;
    }

    private Set<Place> step(Set<Place> places, int tokenType) {
        Set<Place> next = new HashSet<>();
        for (Place place : places) {
            for (Transition transition : place.state.getTransitions()) {
                if (transition.matches(tokenType, Token.MIN_USER_TOKEN_TYPE, getATN().maxTokenType)
                        && !transition.isEpsilon()) {
                    next.add(new Place(transition.target, place.stack));
                }
            }
        }
        return next;
    }

    /// All places that can be reached without a token.
    private static Set<Place> closure(Set<Place> from) {
        Set<Place> seen = new HashSet<>(from);
        Deque<Place> open = new ArrayDeque<>(from);
        while (!open.isEmpty() && seen.size() < STEPS_MAX) {
            Place place = open.pop();
            for (Place next : emptySteps(place)) {
                if (seen.add(next)) {
                    open.push(next);
                }
            }
        }
        return seen;
    }

    private static List<Place> emptySteps(Place place) {
        if (place.state instanceof RuleStopState) {
            return place.stack == null
                    ? List.of()
                    : List.of(new Place(place.stack.state, place.stack.outer));
        }
        List<Place> next = new ArrayList<>();
        for (Transition transition : place.state.getTransitions()) {
            if (transition instanceof RuleTransition call) {
                next.add(new Place(call.target, new Return(call.followState, place.stack)));
            } else if (transition.isEpsilon()) {
                next.add(new Place(transition.target, place.stack));
            }
        }
        return next;
    }

    // The words

    /// Sets of tokens in the reader's words.
    private static final class Expectations {
        private static final IntervalSet OPERATORS =
                new IntervalSet(PLUS, MINUS, STAR, SLASH, PERCENT);
        private static final IntervalSet COMPARATORS = new IntervalSet(EQ, NE, LT, LE, GT, GE);
        private static final IntervalSet CONSTANTS =
                new IntervalSet(
                        STRING_VALUE,
                        INTEGER_VALUE,
                        FLOAT_VALUE,
                        BOOLEAN_VALUE,
                        DURATION_VALUE,
                        UUID_VALUE,
                        HEX_VALUE,
                        NAN,
                        INFINITY);
        private static final IntervalSet TERMS =
                new IntervalSet(MINUS, LPAREN, LBRACKET, LBRACE, NULL, QMARK, COLON, CAST, TOKEN)
                        .or(CONSTANTS);
        private static final IntervalSet NAMES = names();

        private static IntervalSet names() {
            ATN atn = CqlGrammar._ATN;
            return atn.nextTokens(atn.ruleToStartState[RULE_identifier]);
        }

        static List<String> describe(IntervalSet possible, Token found, int shownMax) {
            List<String> groups = new ArrayList<>();
            IntervalSet rest = new IntervalSet(possible);
            if (contains(rest, TERMS)) {
                groups.add("a value");
                rest = rest.subtract(TERMS);
            } else if (contains(rest, CONSTANTS)) {
                groups.add("a constant");
                rest = rest.subtract(CONSTANTS).subtract(new IntervalSet(MINUS));
            }
            if (rest.contains(IDENTIFIER) && rest.contains(QUOTED_NAME)) {
                groups.addFirst("a name");
                rest = rest.subtract(NAMES);
            }
            if (contains(rest, OPERATORS)) {
                groups.add("an operator");
                rest = rest.subtract(OPERATORS).subtract(new IntervalSet(DOT, LBRACKET));
            }
            if (contains(rest, COMPARATORS)) {
                groups.add("a comparison");
                rest = rest.subtract(COMPARATORS);
            }
            List<String> words = new ArrayList<>();
            for (int type : rest.toList()) {
                words.add(name(type));
            }
            String like = alike(words, found);
            List<String> all = new ArrayList<>();
            if (like != null) {
                all.add(like);
                words.remove(like);
            }
            all.addAll(groups);
            all.addAll(words);
            if (all.size() <= shownMax) {
                return all;
            }
            List<String> shown = new ArrayList<>(all.subList(0, shownMax));
            shown.add("others");
            return shown;
        }

        private static boolean contains(IntervalSet all, IntervalSet part) {
            return part.subtract(all).isNil();
        }

        private static String name(int type) {
            if (type == Token.EOF) {
                return "end of text";
            }
            return switch (type) {
                case IDENTIFIER -> "a name";
                case QUOTED_NAME -> "a quoted name";
                case STRING_VALUE -> "a string";
                case INTEGER_VALUE -> "an integer";
                case BOOLEAN_VALUE -> "true or false";
                default -> {
                    @Nullable String literal = VOCABULARY.getLiteralName(type);
                    boolean word = literal == null || Character.isLetter(literal.charAt(1));
                    yield word ? VOCABULARY.getSymbolicName(type) : literal;
                }
            };
        }

        static String hint(IntervalSet possible, Token found) {
            boolean reserved =
                    possible.contains(IDENTIFIER)
                            && !possible.contains(found.getType())
                            && found.getType() != IDENTIFIER
                            && found.getType() != Token.EOF
                            && Character.isLetter(Syntax.shown(found).charAt(1))
                            && Syntax.shown(found).startsWith("'");
            return reserved && found.getText().chars().allMatch(c -> c == '_' || isLetter(c))
                    ? "; a reserved word needs double quotes to be a name"
                    : "";
        }

        private static boolean isLetter(int c) {
            return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
        }

        /// The expected word that was probably meant.
        private static @Nullable String alike(List<String> words, Token found) {
            String text = found.getType() == Token.EOF ? "" : Syntax.shown(found);
            if (text.length() < 4 || text.length() > 24) {
                return null;
            }
            String typed = text.substring(1, text.length() - 1).toUpperCase(Locale.ROOT);
            for (String word : words) {
                if (Character.isUpperCase(word.charAt(0)) && distance(word, typed) <= 2) {
                    return word;
                }
            }
            return null;
        }

        /// Letters to change, add or leave out; neighbours swapped count as two.
        private static int distance(String a, String b) {
            int[] row = new int[b.length() + 1];
            for (int j = 0; j <= b.length(); j++) {
                row[j] = j;
            }
            for (int i = 1; i <= a.length(); i++) {
                int diagonal = row[0];
                row[0] = i;
                for (int j = 1; j <= b.length(); j++) {
                    int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                    diagonal = row[j];
                    row[j] = Math.min(replace, 1 + Math.min(row[j], row[j - 1]));
                }
            }
            return row[b.length()];
        }
    }
}
