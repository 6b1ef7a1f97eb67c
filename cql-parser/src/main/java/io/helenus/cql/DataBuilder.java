package io.helenus.cql;

import io.helenus.cql.ast.Batch;
import io.helenus.cql.ast.ComparisonOperator;
import io.helenus.cql.ast.Condition;
import io.helenus.cql.ast.Describe;
import io.helenus.cql.ast.Identifier;
import io.helenus.cql.ast.InValues;
import io.helenus.cql.ast.Modification;
import io.helenus.cql.ast.QualifiedName;
import io.helenus.cql.ast.Relation;
import io.helenus.cql.ast.Select;
import io.helenus.cql.ast.Term;
import io.helenus.cql.ast.Term.ArithmeticOperator;
import io.helenus.cql.ast.Using;
import io.helenus.cql.grammar.CqlGrammar;
import io.helenus.cql.grammar.CqlGrammar.TermContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/// Contexts → statements that read and write rows, and DESCRIBE.
final class DataBuilder {
    private final TermBuilder terms;

    DataBuilder(TermBuilder terms) {
        this.terms = terms;
    }

    // Reading

    Select select(CqlGrammar.SelectContext context) {
        Select.Selection selection = selection(context.selection());
        QualifiedName table = terms.tableName(context.tableName());
        List<Relation> where = where(context.where());
        List<Term> groupBy = new ArrayList<>();
        if (context.groupBy() != null) {
            for (TermContext group : context.groupBy().term()) {
                groupBy.add(terms.term(group, true));
            }
        }
        List<Select.Ordering> orderBy = new ArrayList<>();
        for (CqlGrammar.OrderingContext ordering : context.ordering()) {
            orderBy.add(ordering(ordering));
        }
        @Nullable Term perPartitionLimit =
                context.perPartitionLimit == null
                        ? null
                        : terms.intValue(context.perPartitionLimit);
        @Nullable Term limit = context.limit == null ? null : terms.intValue(context.limit);
        return new Select(
                context.SELECT_JSON() != null,
                context.SELECT_DISTINCT() != null,
                selection,
                table,
                where,
                groupBy,
                orderBy,
                perPartitionLimit,
                limit,
                context.ALLOW() != null);
    }

    Select.Selection selection(CqlGrammar.SelectionContext context) {
        if (context.STAR() != null) {
            return new Select.All();
        }
        List<Select.Selector> selectors = new ArrayList<>();
        for (CqlGrammar.SelectorContext selector : context.selector()) {
            Term term = terms.term(selector.term(), true);
            CqlGrammar.IdentifierContext alias = selector.identifier();
            selectors.add(
                    new Select.Selector(term, alias == null ? null : terms.identifier(alias)));
        }
        return new Select.Selectors(selectors);
    }

    private Select.Ordering ordering(CqlGrammar.OrderingContext context) {
        Identifier column = terms.identifier(context.identifier());
        boolean descending = context.DESC() != null;
        return context.term() == null
                ? new Select.ByColumn(column, descending)
                : new Select.ByNearest(column, terms.value(context.term()), descending);
    }

    List<Relation> where(CqlGrammar.@Nullable WhereContext context) {
        List<Relation> relations = new ArrayList<>();
        if (context != null) {
            for (CqlGrammar.RelationContext relation : context.relation()) {
                relations.add(relation(relation));
            }
        }
        return relations;
    }

    private Relation relation(CqlGrammar.RelationContext context) {
        return switch (context) {
            case CqlGrammar.ColumnRelationContext column -> columnRelation(column);
            case CqlGrammar.TokenRelationContext token ->
                    new Relation.CompareToken(
                            terms.identifiers(token.identifiers()),
                            comparator(token.comparator()),
                            terms.value(token.term()));
            case CqlGrammar.IndexRelationContext index ->
                    new Relation.IndexExpression(
                            terms.identifier(index.identifier()), terms.value(index.term()));
            case CqlGrammar.TupleRelationContext tuple -> tupleRelation(tuple);
            case CqlGrammar.NestedRelationContext nested -> relation(nested.relation());
            default -> throw new AssertionError(context.getClass());
        };
    }

    private Relation columnRelation(CqlGrammar.ColumnRelationContext context) {
        Identifier column = terms.identifier(context.identifier());
        if (context.IS() != null) {
            return new Relation.IsNotNull(column);
        }
        if (context.IN() != null) {
            return new Relation.In(column, inValues(context.inValues()));
        }
        if (context.key != null) {
            Term key = terms.value(context.key);
            return new Relation.CompareElement(
                    column, key, comparator(context.comparator()), terms.value(context.value));
        }
        ComparisonOperator operator;
        if (context.LIKE() != null) {
            operator = ComparisonOperator.LIKE;
        } else if (context.CONTAINS() != null) {
            operator = contains(context.CONTAINS_KEY());
        } else {
            operator = comparator(context.comparator());
        }
        return new Relation.Compare(column, operator, terms.value(context.value));
    }

    private Relation tupleRelation(CqlGrammar.TupleRelationContext context) {
        List<Identifier> columns = terms.identifiers(context.identifiers());
        if (context.IN() == null) {
            Term value = tupleOrMarker(terms.value(context.term()), context.term());
            return new Relation.CompareTuple(columns, comparator(context.comparator()), value);
        }
        InValues values = inValues(context.inValues());
        if (values instanceof InValues.Values(List<Term> tuples)) {
            for (int i = 0; i < tuples.size(); i++) {
                Term _ = tupleOrMarker(tuples.get(i), context.inValues().terms().term(i));
            }
        }
        return new Relation.InTuple(columns, values);
    }

    private static Term tupleOrMarker(Term term, TermContext context) {
        if (term instanceof Term.TupleLiteral || term instanceof Term.BindMarker) {
            return term;
        }
        throw Syntax.unexpected(context, "a tuple or a bind marker");
    }

    private InValues inValues(CqlGrammar.InValuesContext context) {
        return context.bindMarker() == null
                ? new InValues.Values(terms.values(context.terms()))
                : new InValues.Marker(terms.bindMarker(context.bindMarker()));
    }

    private static ComparisonOperator contains(@Nullable TerminalNode key) {
        return key == null ? ComparisonOperator.CONTAINS : ComparisonOperator.CONTAINS_KEY;
    }

    private static ComparisonOperator comparator(CqlGrammar.ComparatorContext context) {
        return switch (context.getStart().getType()) {
            case CqlGrammar.EQ -> ComparisonOperator.EQ;
            case CqlGrammar.LT -> ComparisonOperator.LT;
            case CqlGrammar.LE -> ComparisonOperator.LE;
            case CqlGrammar.GT -> ComparisonOperator.GT;
            case CqlGrammar.GE -> ComparisonOperator.GE;
            case CqlGrammar.NE -> ComparisonOperator.NE;
            default -> throw new AssertionError(context.getStart());
        };
    }

    // Writing

    Modification modification(CqlGrammar.ModificationContext context) {
        if (context.insert() != null) {
            return insert(context.insert());
        }
        return context.update() == null ? delete(context.delete()) : update(context.update());
    }

    private Modification insert(CqlGrammar.InsertContext context) {
        QualifiedName table = terms.tableName(context.tableName());
        boolean ifNotExists = context.IF() != null;
        if (context.jsonValue() == null) {
            List<Identifier> columns = terms.identifiers(context.identifiers());
            List<Term> values = terms.values(context.terms());
            return new Modification.Insert(
                    table, columns, values, ifNotExists, using(context.using()));
        }
        CqlGrammar.JsonValueContext json = context.jsonValue();
        Term value =
                json.bindMarker() == null
                        ? new Term.Literal(
                                Term.Kind.STRING,
                                Syntax.string(json.getStart()),
                                Syntax.position(json.getStart()))
                        : terms.bindMarker(json.bindMarker());
        boolean defaultUnset = context.UNSET() != null;
        return new Modification.InsertJson(
                table, value, defaultUnset, ifNotExists, using(context.using()));
    }

    private Using using(CqlGrammar.@Nullable UsingContext context) {
        if (context == null) {
            return Using.NONE;
        }
        @Nullable Term timestamp = null;
        @Nullable Term ttl = null;
        for (CqlGrammar.UsingItemContext item : context.usingItem()) {
            boolean isTimestamp = item.TIMESTAMP() != null;
            if ((isTimestamp ? timestamp : ttl) != null) {
                throw Syntax.error(item.getStart(), "USING names one thing twice");
            }
            Term value = terms.intValue(item.intValue());
            timestamp = isTimestamp ? value : timestamp;
            ttl = isTimestamp ? ttl : value;
        }
        return new Using(timestamp, ttl);
    }

    private Modification.Update update(CqlGrammar.UpdateContext context) {
        QualifiedName table = terms.tableName(context.tableName());
        Using using = using(context.using());
        List<Modification.Assignment> assignments = new ArrayList<>();
        Map<Identifier, Modification.Assignment> seen = new HashMap<>();
        for (CqlGrammar.AssignmentContext assigned : context.assignment()) {
            Modification.Assignment assignment = assignment(assigned);
            Modification.Assignment other = seen.putIfAbsent(assignment.column(), assignment);
            if (other != null
                    && (assignment instanceof Modification.SetColumn
                            || other instanceof Modification.SetColumn)) {
                throw Syntax.error(
                        assigned.getStart(),
                        "Multiple incompatible setting of column " + assignment.column());
            }
            assignments.add(assignment);
        }
        List<Relation> where = where(context.where());
        CqlGrammar.OnlyIfContext onlyIf = context.onlyIf();
        return new Modification.Update(
                table, using, assignments, where, ifExists(onlyIf), conditions(onlyIf));
    }

    private Modification.Assignment assignment(CqlGrammar.AssignmentContext context) {
        Identifier column = terms.identifier(context.identifier(0));
        if (context.LBRACKET() != null) {
            Term key = terms.value(context.term(0));
            return new Modification.SetElement(column, key, terms.value(context.term(1)));
        }
        TermContext term = context.term(0);
        if (context.DOT() != null) {
            Identifier field = terms.identifier(context.identifier(1));
            return new Modification.SetField(column, field, terms.value(term));
        }
        if (context.PLUS_EQ() != null) {
            return new Modification.Add(column, terms.value(term));
        }
        if (context.MINUS_EQ() != null) {
            return new Modification.Subtract(column, terms.value(term));
        }
        return plainAssignment(column, term);
    }

    /// `column = …`, where the column may stand again at one end of the term.
    private Modification.Assignment plainAssignment(Identifier column, TermContext context) {
        int operands = context.operand().size();
        if (operands == 1) {
            return new Modification.SetColumn(column, terms.value(context));
        }
        @Nullable Identifier first = terms.bareName(context.operand(0));
        if (first != null) {
            ArithmeticOperator operator = TermBuilder.operator(context, 1);
            boolean sum = operator.precedence() == ArithmeticOperator.PLUS.precedence();
            if (!sum || !first.equals(column)) {
                throw Syntax.error(
                        context.getStart(),
                        "Only expressions of the form X = X %s <value> are supported."
                                .formatted(sum ? operator.symbol() : "+"));
            }
            if (operator == ArithmeticOperator.PLUS) {
                return new Modification.Add(column, terms.term(context, 1, operands, false));
            }
            for (int i = 2; i < operands; i++) {
                if (TermBuilder.operator(context, i).precedence() == operator.precedence()) {
                    throw Syntax.error(
                            context.operand(i).getStart(),
                            "put what is subtracted from " + column + " in parentheses");
                }
            }
            return new Modification.Subtract(column, terms.term(context, 1, operands, false));
        }
        @Nullable Identifier last = terms.bareName(context.operand(operands - 1));
        if (last != null
                && TermBuilder.operator(context, operands - 1) == ArithmeticOperator.PLUS) {
            if (!last.equals(column)) {
                throw Syntax.error(
                        context.getStart(),
                        "Only expressions of the form X = <value> + X are supported.");
            }
            return new Modification.Prepend(column, terms.term(context, 0, operands - 1, false));
        }
        return new Modification.SetColumn(column, terms.value(context));
    }

    private Modification.Delete delete(CqlGrammar.DeleteContext context) {
        List<Modification.Deletion> deletions = new ArrayList<>();
        for (CqlGrammar.DeletionContext deletion : context.deletion()) {
            deletions.add(deletion(deletion));
        }
        QualifiedName table = terms.tableName(context.tableName());
        Using using = using(context.using());
        if (using.ttl() != null) {
            throw Syntax.error(context.using().getStart(), "a DELETE takes no TTL");
        }
        List<Relation> where = where(context.where());
        CqlGrammar.OnlyIfContext onlyIf = context.onlyIf();
        return new Modification.Delete(
                table, using, deletions, where, ifExists(onlyIf), conditions(onlyIf));
    }

    private Modification.Deletion deletion(CqlGrammar.DeletionContext context) {
        Identifier column = terms.identifier(context.identifier(0));
        if (context.LBRACKET() != null) {
            return new Modification.DeleteElement(column, terms.value(context.term()));
        }
        return context.DOT() == null
                ? new Modification.DeleteColumn(column)
                : new Modification.DeleteField(column, terms.identifier(context.identifier(1)));
    }

    private static boolean ifExists(CqlGrammar.@Nullable OnlyIfContext context) {
        return context != null && context.EXISTS() != null;
    }

    private List<Condition> conditions(CqlGrammar.@Nullable OnlyIfContext context) {
        List<Condition> conditions = new ArrayList<>();
        if (context != null) {
            for (CqlGrammar.ConditionContext condition : context.condition()) {
                conditions.add(condition(condition));
            }
        }
        return conditions;
    }

    private Condition condition(CqlGrammar.ConditionContext context) {
        Identifier column = terms.identifier(context.identifier(0));
        Condition.Target target;
        if (context.element != null) {
            target = new Condition.Element(column, terms.value(context.element));
        } else if (context.DOT() != null) {
            target = new Condition.Field(column, terms.identifier(context.identifier(1)));
        } else {
            target = new Condition.Column(column);
        }
        if (context.IN() != null) {
            return new Condition.In(target, inValues(context.inValues()));
        }
        if (context.CONTAINS() == null) {
            ComparisonOperator operator = comparator(context.comparator());
            return new Condition.Compare(target, operator, terms.value(context.value));
        }
        if (!(target instanceof Condition.Column)) {
            throw Syntax.error(
                    context.CONTAINS().getSymbol(), "CONTAINS asks a whole column, not a part");
        }
        return new Condition.Compare(
                target, contains(context.CONTAINS_KEY()), terms.value(context.value));
    }

    Batch batch(CqlGrammar.BatchContext context) {
        Batch.Kind kind = Batch.Kind.LOGGED;
        if (context.UNLOGGED() != null) {
            kind = Batch.Kind.UNLOGGED;
        } else if (context.COUNTER() != null) {
            kind = Batch.Kind.COUNTER;
        }
        Using using = using(context.using());
        List<Modification> statements = new ArrayList<>();
        for (CqlGrammar.ModificationContext modification : context.modification()) {
            statements.add(modification(modification));
        }
        return new Batch(kind, using, statements);
    }

    // Descriptions

    Describe describe(CqlGrammar.DescribeContext context) {
        return new Describe(target(context.describeTarget()), context.INTERNALS() != null);
    }

    private Describe.Target target(CqlGrammar.DescribeTargetContext context) {
        return switch (context) {
            case CqlGrammar.DescribeListingContext listing -> listing(listing);
            case CqlGrammar.DescribeSchemaContext schema ->
                    new Describe.Schema(schema.FULL() != null);
            case CqlGrammar.DescribeKeyspaceContext keyspace ->
                    new Describe.Keyspace(
                            keyspace.identifier() == null
                                    ? null
                                    : terms.identifier(keyspace.identifier()),
                            keyspace.ONLY() != null);
            case CqlGrammar.DescribeTableContext table -> {
                Describe.Kind kind = Describe.Kind.MATERIALIZED_VIEW;
                if (table.TABLE() != null) {
                    kind = Describe.Kind.TABLE;
                } else if (table.INDEX() != null) {
                    kind = Describe.Kind.INDEX;
                }
                yield new Describe.Named(kind, terms.tableName(table.tableName()));
            }
            case CqlGrammar.DescribeTypeContext type ->
                    new Describe.Named(Describe.Kind.TYPE, terms.typeName(type.typeName()));
            case CqlGrammar.DescribeFunctionContext function ->
                    new Describe.Named(
                            function.FUNCTION() == null
                                    ? Describe.Kind.AGGREGATE
                                    : Describe.Kind.FUNCTION,
                            terms.functionName(function.functionName()));
            case CqlGrammar.DescribeAnyContext any ->
                    new Describe.Named(Describe.Kind.ANY, terms.tableName(any.tableName()));
            default -> throw new AssertionError(context.getClass());
        };
    }

    private static Describe.Listing listing(CqlGrammar.DescribeListingContext context) {
        return context.TABLES() == null
                ? Describe.Listing.valueOf(context.getStart().getText().toUpperCase(Locale.ROOT))
                : Describe.Listing.TABLES;
    }
}
