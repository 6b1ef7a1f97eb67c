package io.helenus.cql;

import io.helenus.cql.ast.Term;
import io.helenus.cql.ast.TypeName;
import io.helenus.cql.grammar.CqlGrammar;
import io.helenus.cql.grammar.CqlGrammar.AccessContext;
import io.helenus.cql.grammar.CqlGrammar.OperandContext;
import io.helenus.cql.grammar.CqlGrammar.ParenthesesContext;
import java.util.List;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/// One operand: signs, type hints, what they apply to, and accesses to its parts. The grammar takes
/// any run of parentheses; which of them are hints is decided here, as Cassandra does: all that
/// stand before something else they could apply to.
///
/// | text          | is                                             |
/// |---------------|------------------------------------------------|
/// | `(a) b`       | b, hinted as a                                 |
/// | `(a) (b)`     | the tuple or parentheses (b), hinted as a      |
/// | `(a) [1]`     | a list, hinted as a                            |
/// | `(a, b) [1]`  | an element of a tuple                          |
/// | `(a) b.c`     | the field c of: b, hinted as a                 |
/// | `-(a) b`      | the negation of: b, hinted as a                |
final class OperandBuilder {
    private final TermBuilder terms;
    private final OperandContext context;
    private final boolean ofRow;

    OperandBuilder(TermBuilder terms, OperandContext context, boolean ofRow) {
        this.terms = terms;
        this.context = context;
        this.ofRow = ofRow;
    }

    Term operand() {
        if (context.getChildCount() == 1 && context.atom() != null) {
            return terms.atom(context.atom(), ofRow); // nearly always
        }
        int hints = context.parentheses().size() - (context.atom() == null ? 1 : 0);
        int levels = context.MINUS().size() + Math.max(0, hints) + context.access().size();
        terms.descend(levels, context);
        List<TerminalNode> signs = context.MINUS();
        int negations = signs.size();
        Term term;
        if (negations > 0 && isNumberTouching(signs.getLast().getSymbol())) {
            negations--;
            term = TermBuilder.literal(context.atom().getStart(), signs.getLast().getSymbol());
        } else {
            term = hinted();
        }
        terms.ascend(levels);
        return negated(term, negations);
    }

    /// A sign that touches a plain number belongs to it.
    private boolean isNumberTouching(Token sign) {
        return context.atom() instanceof CqlGrammar.ConstantAtomContext atom
                && context.parentheses().isEmpty()
                && context.access().isEmpty()
                && TermBuilder.takesSign(atom.getStart())
                && TermBuilder.touches(sign, atom.getStart());
    }

    private static Term negated(Term term, int negations) {
        Term result = term;
        for (int i = 0; i < negations; i++) {
            result = new Term.Negation(result);
        }
        return result;
    }

    private Term hinted() {
        List<ParenthesesContext> parentheses = context.parentheses();
        List<AccessContext> accesses = context.access();
        if (context.atom() != null) {
            return accessed(hinted(parentheses, terms.atom(context.atom(), ofRow)), accesses);
        }
        if (context.identifier() != null) {
            Token colon =
                    (context.COLON() == null ? context.HINTED_COLON() : context.COLON())
                            .getSymbol();
            Term marker = terms.bindMarker(colon, context.identifier());
            return accessed(hinted(parentheses, marker), accesses);
        }
        if (parentheses.isEmpty()) {
            return accessed(list(context.terms()), accesses);
        }
        ParenthesesContext last = parentheses.getLast();
        if (!accesses.isEmpty() && isList(accesses.getFirst()) && isType(last)) {
            Term list = list(accesses.getFirst().terms());
            return accessed(hinted(parentheses, list), accesses.subList(1, accesses.size()));
        }
        if (last.genericType() != null) {
            throw Syntax.error(context.getStart(), "expected a value after a type in parentheses");
        }
        Term tuple = new Term.TupleLiteral(terms.terms(last.terms().term(), ofRow));
        List<ParenthesesContext> hints = parentheses.subList(0, parentheses.size() - 1);
        return accessed(hinted(hints, tuple), accesses);
    }

    private Term list(CqlGrammar.@Nullable TermsContext elements) {
        return new Term.ListLiteral(
                elements == null ? List.of() : terms.terms(elements.term(), ofRow));
    }

    private Term hinted(List<ParenthesesContext> hints, Term term) {
        Term result = term;
        for (ParenthesesContext hint : hints.reversed()) {
            @Nullable TypeName type = terms.typeInParentheses(hint);
            if (type == null) {
                throw Syntax.unexpected(hint.terms(), "a type, since a value follows the ')'");
            }
            result = new Term.TypeHint(type, result);
        }
        return result;
    }

    private boolean isType(ParenthesesContext context) {
        return terms.typeInParentheses(context) != null;
    }

    // (int) -5

    /// Whether the operand ends with a native type in parentheses, and nothing follows it.
    static boolean isNativeHint(OperandContext context) {
        List<ParenthesesContext> parentheses = context.parentheses();
        if (parentheses.isEmpty() || !context.access().isEmpty() || context.atom() != null) {
            return false;
        }
        CqlGrammar.TermsContext inside = parentheses.getLast().terms();
        return inside != null
                && inside.getStart().getTokenIndex() == inside.getStop().getTokenIndex()
                && CqlWords.NATIVE_TYPES.contains(inside.getStart().getType());
    }

    /// The operand's hints before a number that the grammar took for another operand.
    Term hintedNumber(Term.Literal literal, OperandContext number) {
        int levels = context.getChildCount() + number.getChildCount();
        terms.descend(levels, context);
        Term term = accessed(hinted(context.parentheses(), literal), number.access());
        terms.ascend(levels);
        return negated(term, context.MINUS().size());
    }

    // Accesses

    private static boolean isList(AccessContext access) {
        return access.DOT() == null && access.RANGE() == null;
    }

    private Term accessed(Term term, List<AccessContext> accesses) {
        if (!ofRow && !accesses.isEmpty()) {
            Token access = accesses.getFirst().getStart();
            throw Syntax.error(
                    access,
                    "found "
                            + Syntax.shown(access)
                            + ": a part of a value can be taken in a SELECT list only");
        }
        return accessed(terms, term, accesses);
    }

    static Term accessed(TermBuilder terms, Term term, List<AccessContext> accesses) {
        Term result = term;
        for (AccessContext access : accesses) {
            if (access.DOT() != null) {
                result = new Term.Field(result, terms.identifier(access.identifier()));
                continue;
            }
            @Nullable Term from = access.terms() == null ? null : one(terms, access.terms());
            @Nullable Term to = access.to == null ? null : terms.value(access.to);
            if (access.RANGE() != null) {
                result = new Term.Slice(result, from, to);
            } else if (from == null) {
                throw Syntax.unexpectedToken(access.RBRACKET().getSymbol(), "a value");
            } else {
                result = new Term.Element(result, from);
            }
        }
        return result;
    }

    private static Term one(TermBuilder terms, CqlGrammar.TermsContext context) {
        if (context.term().size() > 1) {
            throw Syntax.unexpectedToken(context.COMMA(0).getSymbol(), "']'");
        }
        return terms.value(context.term(0));
    }
}
