package io.helenus.cql;

import io.helenus.cql.ast.Identifier;
import io.helenus.cql.ast.NativeType;
import io.helenus.cql.ast.QualifiedName;
import io.helenus.cql.ast.Term;
import io.helenus.cql.ast.Term.ArithmeticOperator;
import io.helenus.cql.ast.TypeName;
import io.helenus.cql.grammar.CqlGrammar;
import io.helenus.cql.grammar.CqlGrammar.AtomContext;
import io.helenus.cql.grammar.CqlGrammar.OperandContext;
import io.helenus.cql.grammar.CqlGrammar.TermContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/// Contexts → names, types and terms. One per text; counts its bind markers, so terms must be built
/// in the order in which they stand in the text.
///
/// The grammar lets a column stand in any term. Where only values make sense, `ofRow` is false and
/// a column is refused with a better message than a grammar could give.
final class TermBuilder {
    private static final Set<String> RESERVED_TYPE_NAMES =
            Set.of("byte", "complex", "enum", "date", "interval", "macaddr", "bitstring");

    private final List<Term.BindMarker> bindMarkers = new ArrayList<>();
    private final int nestingMax;
    private int nesting;

    TermBuilder(int nestingMax) {
        this.nestingMax = nestingMax;
    }

    List<Term.BindMarker> bindMarkers() {
        return bindMarkers;
    }

    // Names

    Identifier identifier(ParserRuleContext context) {
        return identifier(context.getStart());
    }

    private static Identifier identifier(Token token) {
        String text = token.getText();
        String name =
                token.getType() == CqlGrammar.QUOTED_NAME
                        ? Syntax.unquoted(text, "\"")
                        : text.toLowerCase(Locale.ROOT);
        return new Identifier(name, Syntax.position(token));
    }

    List<Identifier> identifiers(CqlGrammar.IdentifiersContext context) {
        List<Identifier> names = new ArrayList<>();
        for (CqlGrammar.IdentifierContext name : context.identifier()) {
            names.add(identifier(name));
        }
        return names;
    }

    QualifiedName tableName(CqlGrammar.TableNameContext context) {
        List<CqlGrammar.IdentifierContext> names = context.identifier();
        return names.size() == 1
                ? new QualifiedName(null, identifier(names.getFirst()))
                : new QualifiedName(identifier(names.getFirst()), identifier(names.getLast()));
    }

    QualifiedName functionName(CqlGrammar.FunctionNameContext context) {
        CqlGrammar.IdentifierContext keyspace = context.identifier();
        return new QualifiedName(
                keyspace == null ? null : identifier(keyspace),
                identifier(context.localFunctionName()));
    }

    QualifiedName typeName(CqlGrammar.TypeNameContext context) {
        CqlGrammar.IdentifierContext keyspace = context.identifier();
        return new QualifiedName(
                keyspace == null ? null : identifier(keyspace),
                localTypeName(context.localTypeName().getStart()));
    }

    private static Identifier localTypeName(Token token) {
        Identifier name = identifier(token);
        boolean quoted = token.getType() == CqlGrammar.QUOTED_NAME;
        if (!quoted && RESERVED_TYPE_NAMES.contains(name.text())) {
            throw Syntax.error(
                    token,
                    "'" + name + "' is reserved and cannot name a type without double quotes");
        }
        return name;
    }

    /// A role's name; one in single quotes keeps its case.
    Identifier roleName(CqlGrammar.RoleNameContext context) {
        TerminalNode string = context.STRING_VALUE();
        return string == null
                ? identifier(context.identifier())
                : new Identifier(
                        Syntax.string(string.getSymbol()), Syntax.position(string.getSymbol()));
    }

    // Types

    TypeName type(CqlGrammar.TypeContext context) {
        return switch (context) {
            case CqlGrammar.PlainTypeContext plain ->
                    new TypeName.Native(nativeType(plain.getStart()));
            case CqlGrammar.TypeWithArgumentsContext generic -> type(generic.genericType());
            case CqlGrammar.UserTypeContext user ->
                    new TypeName.UserDefined(typeName(user.typeName()));
            case CqlGrammar.CustomTypeContext custom ->
                    new TypeName.Custom(Syntax.string(custom.STRING_VALUE().getSymbol()));
            default -> throw new AssertionError(context.getClass());
        };
    }

    private TypeName type(CqlGrammar.GenericTypeContext context) {
        return switch (context) {
            case CqlGrammar.ListTypeContext list -> new TypeName.ListOf(type(list.type()));
            case CqlGrammar.SetTypeContext set -> new TypeName.SetOf(type(set.type()));
            case CqlGrammar.MapTypeContext map ->
                    new TypeName.MapOf(type(map.type(0)), type(map.type(1)));
            case CqlGrammar.TupleTypeContext tuple -> new TypeName.TupleOf(types(tuple.type()));
            case CqlGrammar.VectorTypeContext vector ->
                    new TypeName.VectorOf(
                            type(vector.type()), dimensions(vector.INTEGER_VALUE().getSymbol()));
            case CqlGrammar.FrozenTypeContext frozen -> new TypeName.Frozen(type(frozen.type()));
            default -> throw new AssertionError(context.getClass());
        };
    }

    List<TypeName> types(List<CqlGrammar.TypeContext> contexts) {
        List<TypeName> types = new ArrayList<>();
        for (CqlGrammar.TypeContext context : contexts) {
            types.add(type(context));
        }
        return types;
    }

    private static NativeType nativeType(Token token) {
        return NativeType.valueOf(token.getText().toUpperCase(Locale.ROOT));
    }

    private static int dimensions(Token token) {
        try {
            return Integer.parseInt(token.getText());
        } catch (NumberFormatException tooLarge) {
            throw Syntax.error(token, "a vector cannot have " + token.getText() + " dimensions");
        }
    }

    // Terms

    /// A value: no column in it.
    Term value(TermContext context) {
        return term(context, false);
    }

    List<Term> values(CqlGrammar.@Nullable TermsContext context) {
        return context == null ? List.of() : terms(context.term(), false);
    }

    List<Term> terms(List<TermContext> contexts, boolean ofRow) {
        List<Term> terms = new ArrayList<>();
        for (TermContext context : contexts) {
            terms.add(term(context, ofRow));
        }
        return terms;
    }

    Term term(TermContext context, boolean ofRow) {
        return term(context, 0, context.operand().size(), ofRow);
    }

    /// The part of a chain of operators from one operand to before another.
    Term term(TermContext context, int from, int to, boolean ofRow) {
        int levels = to - from; // a chain of n operands is a tree of n levels
        descend(levels, context);
        @Nullable Term sum = null;
        ArithmeticOperator sumOperator = ArithmeticOperator.PLUS;
        int next = from;
        Term product = operand(context, next, ofRow);
        next += operandsTaken(context, next);
        while (next < to) {
            ArithmeticOperator operator = operator(context, next);
            Term right = operand(context, next, ofRow);
            next += operandsTaken(context, next);
            if (operator.precedence() > ArithmeticOperator.PLUS.precedence()) {
                product = new Term.Arithmetic(product, operator, right);
            } else {
                sum = sum == null ? product : new Term.Arithmetic(sum, sumOperator, product);
                sumOperator = operator;
                product = right;
            }
        }
        nesting -= levels;
        return sum == null ? product : new Term.Arithmetic(sum, sumOperator, product);
    }

    private Term operand(TermContext context, int index, boolean ofRow) {
        if (operandsTaken(context, index) == 1) {
            return new OperandBuilder(this, context.operand(index), ofRow).operand();
        }
        OperandContext number = context.operand(index + 1);
        Term.Literal literal = literal(number.getStart(), operatorToken(context, index + 1));
        return new OperandBuilder(this, context.operand(index), ofRow)
                .hintedNumber(literal, number);
    }

    /// 2 for `(int) -5`, where the grammar saw a subtraction: a native type in parentheses, and a
    /// minus that touches its number. Otherwise 1.
    private static int operandsTaken(TermContext context, int index) {
        if (index + 1 >= context.operand().size()) {
            return 1;
        }
        OperandContext number = context.operand(index + 1);
        Token minus = operatorToken(context, index + 1);
        boolean signed =
                minus.getType() == CqlGrammar.MINUS
                        && touches(minus, number.getStart())
                        && number.atom() instanceof CqlGrammar.ConstantAtomContext
                        && number.parentheses().isEmpty()
                        && takesSign(number.getStart());
        return signed && OperandBuilder.isNativeHint(context.operand(index)) ? 2 : 1;
    }

    static boolean touches(Token first, Token second) {
        return first.getStopIndex() + 1 == second.getStartIndex();
    }

    /// The operator before an operand that is not the first.
    static ArithmeticOperator operator(TermContext context, int operand) {
        Token token = operatorToken(context, operand);
        return switch (token.getType()) {
            case CqlGrammar.PLUS -> ArithmeticOperator.PLUS;
            case CqlGrammar.MINUS -> ArithmeticOperator.MINUS;
            case CqlGrammar.STAR -> ArithmeticOperator.TIMES;
            case CqlGrammar.SLASH -> ArithmeticOperator.DIVIDE;
            case CqlGrammar.PERCENT -> ArithmeticOperator.MODULO;
            default -> throw new AssertionError(token);
        };
    }

    private static Token operatorToken(TermContext context, int operand) {
        return ((TerminalNode) context.getChild(2 * operand - 1)).getSymbol();
    }

    /// Counts levels of the tree that is being built.
    void descend(int levels, ParserRuleContext context) {
        nesting += levels;
        if (nesting > nestingMax) {
            throw Syntax.nestedTooDeeply(context.getStart(), nestingMax);
        }
    }

    void ascend(int levels) {
        nesting -= levels;
    }

    static boolean takesSign(Token constant) {
        return switch (constant.getType()) {
            case CqlGrammar.INTEGER_VALUE,
                    CqlGrammar.FLOAT_VALUE,
                    CqlGrammar.DURATION_VALUE,
                    CqlGrammar.NAN,
                    CqlGrammar.INFINITY ->
                    true;
            default -> false;
        };
    }

    /// What stands in parentheses, if it can be a type; null otherwise.
    @Nullable TypeName typeInParentheses(CqlGrammar.ParenthesesContext context) {
        if (context.genericType() != null) {
            return type(context.genericType());
        }
        List<TermContext> inside = context.terms().term();
        if (inside.size() > 1 || inside.getFirst().operand().size() > 1) {
            return null;
        }
        OperandContext operand = inside.getFirst().operand(0);
        if (!operand.MINUS().isEmpty() || !operand.parentheses().isEmpty()) {
            return null;
        }
        Token first = operand.getStart();
        if (operand.atom() instanceof CqlGrammar.ConstantAtomContext) {
            boolean string = first.getType() == CqlGrammar.STRING_VALUE;
            return string && operand.access().isEmpty()
                    ? new TypeName.Custom(Syntax.string(first))
                    : null;
        }
        if (!(operand.atom() instanceof CqlGrammar.ColumnAtomContext)) {
            return null;
        }
        if (operand.access().isEmpty()) {
            if (CqlWords.NATIVE_TYPES.contains(first.getType())) {
                return new TypeName.Native(nativeType(first));
            }
            return CqlWords.TYPE_NAME_TYPES.contains(first.getType())
                    ? new TypeName.UserDefined(new QualifiedName(null, localTypeName(first)))
                    : null;
        }
        CqlGrammar.IdentifierContext name = operand.access(0).identifier();
        boolean qualified =
                operand.access().size() == 1
                        && name != null
                        && CqlWords.TYPE_NAME_TYPES.contains(name.getStart().getType());
        return qualified
                ? new TypeName.UserDefined(
                        new QualifiedName(identifier(first), localTypeName(name.getStart())))
                : null;
    }

    Term atom(AtomContext context, boolean ofRow) {
        return switch (context) {
            case CqlGrammar.ConstantAtomContext constant ->
                    literal(constant.constant().getStart(), null);
            case CqlGrammar.NullAtomContext _ -> Term.NULL;
            case CqlGrammar.MarkerAtomContext marker -> bindMarker(marker.getStart(), null);
            case CqlGrammar.BraceAtomContext brace -> braces(brace, ofRow);
            case CqlGrammar.CastAtomContext cast ->
                    new Term.Cast(
                            term(cast.term(), ofRow), nativeType(cast.nativeType().getStart()));
            case CqlGrammar.FunctionAtomContext call ->
                    new Term.FunctionCall(
                            functionName(call.functionName()),
                            call.terms() == null ? List.of() : terms(call.terms().term(), ofRow));
            case CqlGrammar.CountAtomContext count -> {
                refuseUnless(ofRow, count, "COUNT(*)");
                yield new Term.CountRows();
            }
            case CqlGrammar.CellInfoAtomContext info -> {
                refuseUnless(ofRow, info, info.getStart().getText() + "(…)");
                Identifier column = identifier(info.identifier());
                descend(info.access().size(), info);
                Term of = OperandBuilder.accessed(this, new Term.Column(column), info.access());
                nesting -= info.access().size();
                yield new Term.CellInfo(
                        Term.CellInfoKind.valueOf(
                                info.getStart().getText().toUpperCase(Locale.ROOT)),
                        of);
            }
            case CqlGrammar.ColumnAtomContext column -> {
                if (!ofRow) {
                    throw Syntax.error(
                            column.getStart(),
                            "found "
                                    + Syntax.shown(column.getStart())
                                    + ", expected a value (a string needs single quotes)");
                }
                yield new Term.Column(identifier(column));
            }
            default -> throw new AssertionError(context.getClass());
        };
    }

    private static void refuseUnless(boolean ofRow, AtomContext context, String what) {
        if (!ofRow) {
            throw Syntax.error(
                    context.getStart(),
                    what + " can stand in a SELECT list only, expected a value");
        }
    }

    private Term braces(CqlGrammar.BraceAtomContext context, boolean ofRow) {
        if (context.key == null) {
            return new Term.SetLiteral(List.of());
        }
        if (context.value == null) {
            return new Term.SetLiteral(terms(context.term(), ofRow));
        }
        List<TermContext> keys = new ArrayList<>();
        List<TermContext> values = new ArrayList<>();
        keys.add(context.key);
        values.add(context.value);
        for (CqlGrammar.MapEntryContext entry : context.mapEntry()) {
            keys.add(entry.term(0));
            values.add(entry.term(1));
        }
        if (!ofRow && bareName(keys.getFirst()) != null) {
            return userDefined(keys, values);
        }
        List<Term.MapEntry> entries = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            Term key = term(keys.get(i), ofRow);
            entries.add(new Term.MapEntry(key, term(values.get(i), ofRow)));
        }
        return new Term.MapLiteral(entries);
    }

    private Term userDefined(List<TermContext> keys, List<TermContext> values) {
        List<Term.FieldValue> fields = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            @Nullable Identifier field = bareName(keys.get(i));
            if (field == null) {
                throw Syntax.unexpected(keys.get(i), "the name of a field");
            }
            fields.add(new Term.FieldValue(field, value(values.get(i))));
        }
        return new Term.UdtLiteral(fields);
    }

    /// The name if the term is nothing but a name.
    @Nullable Identifier bareName(TermContext context) {
        return context.operand().size() == 1 ? bareName(context.operand(0)) : null;
    }

    /// The name if the operand is nothing but a name.
    @Nullable Identifier bareName(OperandContext context) {
        boolean bare =
                context.getChildCount() == 1
                        && context.atom() instanceof CqlGrammar.ColumnAtomContext;
        return bare ? identifier(context) : null;
    }

    Term.BindMarker bindMarker(CqlGrammar.BindMarkerContext context) {
        return bindMarker(context.getStart(), context.identifier());
    }

    Term.BindMarker bindMarker(Token start, CqlGrammar.@Nullable IdentifierContext name) {
        Term.BindMarker marker =
                new Term.BindMarker(
                        bindMarkers.size(),
                        name == null ? null : identifier(name),
                        Syntax.position(start));
        bindMarkers.add(marker);
        return marker;
    }

    /// An INTEGER literal or a marker.
    Term intValue(CqlGrammar.IntValueContext context) {
        if (context.bindMarker() != null) {
            return bindMarker(context.bindMarker());
        }
        TerminalNode sign = context.MINUS();
        return literal(context.INTEGER_VALUE().getSymbol(), sign == null ? null : sign.getSymbol());
    }

    static Term.Literal literal(CqlGrammar.SignedConstantContext context) {
        TerminalNode sign = context.MINUS();
        Token constant = context.constant().getStart();
        if (sign != null) {
            refuseSign(constant);
        }
        return literal(constant, sign == null ? null : sign.getSymbol());
    }

    private static void refuseSign(Token constant) {
        if (!takesSign(constant)) {
            throw Syntax.error(
                    constant, "found " + Syntax.shown(constant) + ", expected a number after '-'");
        }
    }

    static Term.Literal literal(Token token, @Nullable Token sign) {
        String text = token.getText();
        String signed = sign == null ? text : "-" + text;
        Token first = sign == null ? token : sign;
        Term.Kind kind;
        String value;
        switch (token.getType()) {
            case CqlGrammar.STRING_VALUE -> {
                kind = Term.Kind.STRING;
                value = Syntax.string(token);
            }
            case CqlGrammar.INTEGER_VALUE -> {
                kind = Term.Kind.INTEGER;
                value = signed;
            }
            case CqlGrammar.FLOAT_VALUE -> {
                kind = Term.Kind.FLOAT;
                value = signed;
            }
            case CqlGrammar.NAN -> {
                kind = Term.Kind.FLOAT;
                value = "NaN";
            }
            case CqlGrammar.INFINITY -> {
                kind = Term.Kind.FLOAT;
                value = sign == null ? "Infinity" : "-Infinity";
            }
            case CqlGrammar.BOOLEAN_VALUE -> {
                kind = Term.Kind.BOOLEAN;
                value = text.toLowerCase(Locale.ROOT);
            }
            case CqlGrammar.DURATION_VALUE -> {
                kind = Term.Kind.DURATION;
                value = signed;
            }
            case CqlGrammar.UUID_VALUE -> {
                kind = Term.Kind.UUID;
                value = text;
            }
            case CqlGrammar.HEX_VALUE -> {
                kind = Term.Kind.HEX;
                value = text;
            }
            default -> throw new AssertionError(token);
        }
        return new Term.Literal(kind, value, Syntax.position(first));
    }
}
