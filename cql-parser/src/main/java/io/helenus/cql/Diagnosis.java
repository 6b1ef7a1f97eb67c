package io.helenus.cql;

import io.helenus.cql.grammar.CqlGrammar;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
    private static final int STEPS_MAX = 100_000;

    private int lastState = -1;
    private @Nullable ParserRuleContext lastContext;
    private int lastIndex = -1;
    private @Nullable Token wrong;

    Diagnosis(TokenStream tokens) {
        super(tokens);
        removeErrorListeners();
        setErrorHandler(new Strategy());
    }

    @Override
    public Token consume() {
        if (getCurrentToken().getType() != Token.EOF) {
            lastState = getState();
            lastContext = getContext();
            lastIndex = getCurrentToken().getTokenIndex();
        }
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

    /// What may come after the whole text; nothing if the text is wrong already.
    Expected expectedAtEnd() {
        try {
            SingleContext complete = single();
            return Expectations.group(possible(complete.EOF().getSymbol()));
        } catch (CqlSyntaxException error) {
            return wrong != null && wrong.getType() == Token.EOF
                    ? Expectations.group(possible(wrong))
                    : Expected.NOTHING;
        }
    }

    private CqlSyntaxException explain(Token found) {
        wrong = found;
        IntervalSet possible = possible(found);
        return new CqlSyntaxException(
                Syntax.position(found),
                Syntax.shown(found),
                Expectations.describe(possible, found),
                Expectations.hint(possible, found));
    }

    // The walk

    /// Where to go on after a rule, and after the rule that called it, and so on. One object for
    /// equal ones, see [#call], so that comparing two does not walk down both.
    private static final class Return {
        private final ATNState state;
        private final @Nullable Return outer;

        private Return(ATNState state, @Nullable Return outer) {
            this.state = state;
            this.outer = outer;
        }
    }

    /// A place in the network; also the key of the [Return] made of its parts.
    private record Place(ATNState state, @Nullable Return stack) {}

    private final Map<Place, Return> returns = new HashMap<>();

    private Return call(ATNState followState, @Nullable Return outer) {
        return returns.computeIfAbsent(
                new Place(followState, outer), key -> new Return(key.state, key.stack));
    }

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

    private @Nullable Return stack(ATN atn, ParserRuleContext context) {
        Deque<ATNState> follow = new ArrayDeque<>();
        for (RuleContext at = context; at != null && at.invokingState >= 0; at = at.getParent()) {
            RuleTransition call = (RuleTransition) atn.states.get(at.invokingState).transition(0);
            follow.push(call.followState);
        }
        @Nullable Return stack = null;
        while (!follow.isEmpty()) {
            stack = call(follow.pop(), stack);
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
    private Set<Place> closure(Set<Place> from) {
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

    private List<Place> emptySteps(Place place) {
        if (place.state instanceof RuleStopState) {
            return place.stack == null
                    ? List.of()
                    : List.of(new Place(place.stack.state, place.stack.outer));
        }
        List<Place> next = new ArrayList<>();
        for (Transition transition : place.state.getTransitions()) {
            if (transition instanceof RuleTransition call) {
                next.add(new Place(call.target, call(call.followState, place.stack)));
            } else if (transition.isEpsilon()) {
                next.add(new Place(transition.target, place.stack));
            }
        }
        return next;
    }
}
