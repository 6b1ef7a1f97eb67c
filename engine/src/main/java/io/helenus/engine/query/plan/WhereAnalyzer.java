package io.helenus.engine.query.plan;

import io.helenus.cql.CqlFormatter;
import io.helenus.cql.ast.ComparisonOperator;
import io.helenus.cql.ast.Identifier;
import io.helenus.cql.ast.InValues;
import io.helenus.cql.ast.Relation;
import io.helenus.cql.ast.Term;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.plan.ClusteringRestrictions.Step;
import io.helenus.engine.query.term.ColumnSpec;
import io.helenus.engine.query.term.TermBinder;
import io.helenus.engine.query.term.ValueTerm;
import io.helenus.engine.schema.ColumnKind;
import io.helenus.engine.schema.ColumnSchema;
import io.helenus.engine.schema.TableSchema;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.ListType;
import io.helenus.engine.types.MapType;
import io.helenus.engine.types.NativeType;
import io.helenus.engine.types.TupleType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns the relations of a WHERE clause into restrictions of keys and filters of rows, by the rules
/// and in the words of Apache Cassandra.
public final class WhereAnalyzer {
    static final String NEEDS_FILTERING =
            "Cannot execute this query as it might involve data filtering and thus may have unpredictable performance. If you want to execute this query despite the performance unpredictability, use ALLOW FILTERING";

    private final TableSchema table;
    private final TermBinder binder;

    private final Map<String, ColumnRestriction> byColumn = new LinkedHashMap<>();
    private PartitionRestrictions.@Nullable TokenBound tokenLower;
    private PartitionRestrictions.@Nullable TokenBound tokenUpper;

    public WhereAnalyzer(TableSchema table, TermBinder binder) {
        this.table = table;
        this.binder = binder;
    }

    /// @param allowFiltering whether filters are permitted; without, they are an error
    public WhereClause analyze(List<Relation> relations, boolean allowFiltering) {
        for (Relation relation : relations) {
            add(relation);
        }
        List<RowFilter> filters = new ArrayList<>();
        PartitionRestrictions partitions = partitions(filters);
        ClusteringRestrictions clustering = clustering(filters, allowFiltering);
        if (!partitions.isKeys() && !clustering.isEmpty() && !allowFiltering) {
            throw CqlException.invalid(NEEDS_FILTERING);
        }
        boolean clusteringRestricted = false;
        boolean regularRestricted = false;
        for (ColumnRestriction restriction : byColumn.values()) {
            ColumnKind kind = restriction.columns().getFirst().kind();
            clusteringRestricted |= kind == ColumnKind.CLUSTERING;
            if (!kind.isPrimaryKey()) {
                regularRestricted |= kind == ColumnKind.REGULAR;
                filters.addAll(restriction.asFilters());
            }
            filters.addAll(restriction.filters());
        }
        if (!filters.isEmpty() && !allowFiltering) {
            throw CqlException.invalid(NEEDS_FILTERING);
        }
        return new WhereClause(
                partitions,
                clustering,
                filters,
                partitions.isKeys(),
                clusteringRestricted,
                regularRestricted);
    }

    private void add(Relation relation) {
        switch (relation) {
            case Relation.Compare compare -> compare(compare);
            case Relation.In in -> in(in);
            case Relation.CompareToken token -> token(token);
            case Relation.CompareTuple tuple -> tuple(tuple);
            case Relation.InTuple in -> inTuple(in);
            case Relation.CompareElement element -> element(element);
            case Relation.IsNotNull isNotNull ->
                    throw CqlException.invalid(
                            "Unsupported restriction: %s IS NOT NULL"
                                    .formatted(isNotNull.column()));
            case Relation.IndexExpression expression ->
                    throw CqlException.invalid(
                            "Invalid index %s: custom index expressions are not supported yet"
                                    .formatted(expression.index()));
        }
    }

    /// The column with the name in the table.
    public static ColumnSchema column(TableSchema table, Identifier name) {
        ColumnSchema column = table.column(name.text());
        if (column == null) {
            throw CqlException.invalid(
                    "Undefined column name %s in table %s.%s"
                            .formatted(
                                    CqlFormatter.format(new Term.Column(name)),
                                    table.keyspace(),
                                    table.name()));
        }
        return column;
    }

    static ColumnSpec spec(TableSchema table, ColumnSchema column) {
        return new ColumnSpec(table.keyspace(), table.name(), column.name(), column.type());
    }

    private ColumnSpec spec(ColumnSchema column) {
        return spec(table, column);
    }

    private ColumnRestriction restriction(ColumnSchema column) {
        return byColumn.computeIfAbsent(column.name(), _ -> new ColumnRestriction(List.of(column)));
    }

    private void compare(Relation.Compare relation) {
        ColumnSchema column = column(table, relation.column());
        switch (relation.operator()) {
            case EQ -> {
                requireComparable(column, "=");
                equal(column, bind(relation.value(), spec(column)));
            }
            case LT, LE, GT, GE -> {
                requireComparable(column, relation.operator().symbol());
                requireOrdered(column);
                ColumnRestriction restriction = restriction(column);
                restriction.addBound(
                        relation.operator(),
                        TupleTerm.of(List.of(bind(relation.value(), spec(column)))),
                        1);
            }
            case CONTAINS -> contains(column, relation.value(), false);
            case CONTAINS_KEY -> contains(column, relation.value(), true);
            case NE ->
                    throw CqlException.invalid(
                            "Unsupported \"!=\" relation: %s != %s"
                                    .formatted(column.name(), text(relation.value())));
            case LIKE ->
                    throw CqlException.invalid(
                            "LIKE restriction is only supported on properly indexed columns. %s LIKE %s is not valid."
                                    .formatted(column.name(), text(relation.value())));
        }
    }

    private static String text(Term term) {
        return CqlFormatter.format(term);
    }

    private static String text(Relation.CompareTuple relation) {
        return "(%s) %s %s"
                .formatted(
                        String.join(
                                ", ", relation.columns().stream().map(Identifier::text).toList()),
                        relation.operator().symbol(),
                        text(relation.value()));
    }

    private ValueTerm bind(Term term, ColumnSpec receiver) {
        return binder.bind(term, receiver);
    }

    private void requireComparable(ColumnSchema column, String operator) {
        if (column.isMultiCell()) {
            String what =
                    column.type().isCollection()
                            ? "Collection column '%s' (%s) cannot be restricted by a '%s' relation"
                            : "Non-frozen UDT column '%s' (%s) cannot be restricted by any relation";
            throw CqlException.invalid(
                    what.formatted(column.name(), column.type().cqlName(), operator));
        }
    }

    private static void requireOrdered(ColumnSchema column) {
        if (column.type().referencesDuration()) {
            throw CqlException.invalid(
                    column.type() == NativeType.DURATION
                            ? "Slice restrictions are not supported on duration columns"
                            : "Slice restrictions are not supported on %s containing durations"
                                    .formatted(
                                            column.type().isCollection()
                                                    ? "collections"
                                                    : "tuples"));
        }
    }

    private void equal(ColumnSchema column, ValueTerm value) {
        restriction(column).addEqual(value);
        if (column.kind() == ColumnKind.PARTITION_KEY && value instanceof ValueTerm.Marker marker) {
            binder.markers().partitionKey(column.position(), marker.index());
        }
    }

    private void contains(ColumnSchema column, Term value, boolean key) {
        CqlType type = column.type();
        if (!type.isCollection()) {
            throw CqlException.invalid(
                    "Cannot use %s on non-collection column %s"
                            .formatted(key ? "CONTAINS KEY" : "CONTAINS", column.name()));
        }
        if (key && !(type instanceof MapType)) {
            throw CqlException.invalid(
                    "Cannot use CONTAINS KEY on non-map column " + column.name());
        }
        CqlType part = key ? type.subTypes().getFirst() : type.subTypes().getLast();
        ColumnSpec receiver =
                spec(column)
                        .withName((key ? "key(" : "value(") + column.name() + ")")
                        .withType(part);
        restriction(column)
                .addFilter(
                        RowFilter.compare(
                                column,
                                key ? RowFilter.Operator.CONTAINS_KEY : RowFilter.Operator.CONTAINS,
                                bind(value, receiver)));
    }

    private void element(Relation.CompareElement relation) {
        ColumnSchema column = column(table, relation.column());
        if (!(column.type() instanceof MapType map)) {
            throw CqlException.invalid(
                    "Column \"%s\" cannot be used as a map".formatted(column.name()));
        }
        if (relation.operator() != ComparisonOperator.EQ) {
            throw CqlException.invalid("Only EQ relations are supported on map entries");
        }
        ColumnSpec spec = spec(column);
        ValueTerm key =
                bind(
                        relation.key(),
                        spec.withName("key(" + column.name() + ")").withType(map.key()));
        ValueTerm value =
                bind(
                        relation.value(),
                        spec.withName("value(" + column.name() + ")").withType(map.value()));
        restriction(column).addFilter(RowFilter.element(column, key, value));
    }

    private InTerm in(InValues values, ColumnSpec receiver, CqlType type) {
        return switch (values) {
            case InValues.Values(List<Term> terms) -> {
                List<ValueTerm> each = new ArrayList<>(terms.size());
                for (Term term : terms) {
                    each.add(bind(term, receiver));
                }
                yield new InTerm(List.copyOf(each), null);
            }
            case InValues.Marker(Term.BindMarker marker) -> {
                ColumnSpec list =
                        receiver.withName("in(" + receiver.name() + ")")
                                .withType(new ListType(type, false));
                yield new InTerm(List.of(), bind(marker, list));
            }
        };
    }

    private void in(Relation.In relation) {
        ColumnSchema column = column(table, relation.column());
        requireComparable(column, "IN");
        if (relation.values() instanceof InValues.Values(List<Term> terms) && terms.size() == 1) {
            equal(column, bind(terms.getFirst(), spec(column)));
            return;
        }
        ColumnRestriction restriction = restriction(column);
        restriction.requireFreeForIn();
        restriction.addIn(in(relation.values(), spec(column), column.type()));
    }

    private void token(Relation.CompareToken relation) {
        List<ColumnSchema> columns = new ArrayList<>();
        for (Identifier name : relation.columns()) {
            columns.add(column(table, name));
        }
        if (!columns.equals(table.partitionKey())) {
            List<String> names = table.partitionKey().stream().map(ColumnSchema::name).toList();
            throw CqlException.invalid(
                    !columns.containsAll(table.partitionKey())
                            ? "The token() function must be applied to all partition key components or none of them"
                            : columns.stream().anyMatch(c -> c.kind() != ColumnKind.PARTITION_KEY)
                                    ? "The token() function must contains only partition key components"
                                    : "The token function arguments must be in the partition key order: "
                                            + String.join(", ", names));
        }
        ColumnSpec receiver =
                new ColumnSpec(
                        table.keyspace(), table.name(), "partition key token", NativeType.BIGINT);
        ValueTerm value = bind(relation.value(), receiver);
        ComparisonOperator operator = relation.operator();
        boolean inclusive = operator != ComparisonOperator.GT && operator != ComparisonOperator.LT;
        var bound = new PartitionRestrictions.TokenBound(value, inclusive);
        switch (operator) {
            case EQ -> {
                tokenBound(true, bound);
                tokenBound(false, bound);
            }
            case GT, GE -> tokenBound(true, bound);
            case LT, LE -> tokenBound(false, bound);
            default ->
                    throw CqlException.invalid(
                            "Unsupported \"%s\" relation on the token function"
                                    .formatted(operator.symbol()));
        }
    }

    private void tokenBound(boolean lower, PartitionRestrictions.TokenBound bound) {
        if ((lower ? tokenLower : tokenUpper) != null) {
            String names =
                    String.join(
                            ", ", table.partitionKey().stream().map(ColumnSchema::name).toList());
            throw CqlException.invalid(
                    "More than one restriction was found for the %s bound on %s"
                            .formatted(lower ? "start" : "end", names));
        }
        if (lower) {
            tokenLower = bound;
        } else {
            tokenUpper = bound;
        }
    }

    private List<ColumnSchema> tupleColumns(List<Identifier> names, String relation) {
        List<ColumnSchema> columns = new ArrayList<>();
        for (Identifier name : names) {
            ColumnSchema column = column(table, name);
            if (column.kind() != ColumnKind.CLUSTERING) {
                throw CqlException.invalid(
                        "Multi-column relations can only be applied to clustering columns but was applied to: "
                                + column.name());
            }
            if (columns.contains(column)) {
                throw CqlException.invalid(
                        "Column \"%s\" appeared twice in a relation: %s"
                                .formatted(column.name(), relation));
            }
            if (!columns.isEmpty() && column.position() != columns.getLast().position() + 1) {
                throw CqlException.invalid(
                        "Clustering columns must appear in the PRIMARY KEY order in multi-column relations: "
                                + names);
            }
            columns.add(column);
        }
        return columns;
    }

    private ColumnSpec tupleSpec(List<ColumnSchema> columns) {
        List<String> names = columns.stream().map(ColumnSchema::name).toList();
        List<CqlType> types = columns.stream().map(ColumnSchema::type).toList();
        return new ColumnSpec(
                table.keyspace(),
                table.name(),
                "(" + String.join(",", names) + ")",
                new TupleType(types));
    }

    private TupleTerm tupleValue(Term value, List<ColumnSchema> columns) {
        if (value instanceof Term.TupleLiteral(List<Term> elements)) {
            if (elements.size() != columns.size()) {
                throw CqlException.invalid(
                        "Expected %d elements in value tuple, but got %d: %s"
                                .formatted(columns.size(), elements.size(), text(value)));
            }
            List<ValueTerm> each = new ArrayList<>();
            for (int i = 0; i < elements.size(); i++) {
                each.add(bind(elements.get(i), spec(columns.get(i))));
            }
            return TupleTerm.of(each);
        }
        return TupleTerm.ofWhole(bind(value, tupleSpec(columns)));
    }

    /// @param interval whether the relation is an inequality: then the known one may have fewer or more
    ///     columns, if it is one on a tuple, too
    private ColumnRestriction tupleRestriction(List<ColumnSchema> columns, boolean interval) {
        ColumnRestriction known = byColumn.get(columns.getFirst().name());
        if (known != null && interval && known.widen(columns)) {
            return known;
        }
        if (known != null && !known.columns().equals(columns)) {
            throw CqlException.invalid(
                    "Column \"%s\" cannot be restricted by both a tuple notation inequality and a single column relation, or by tuples of different columns"
                            .formatted(columns.getFirst().name()));
        }
        for (ColumnSchema column : columns) {
            if (known == null && byColumn.containsKey(column.name())) {
                throw ColumnRestriction.moreThanOne(column.name());
            }
        }
        return byColumn.computeIfAbsent(
                columns.getFirst().name(), _ -> new ColumnRestriction(List.copyOf(columns)));
    }

    private void tuple(Relation.CompareTuple relation) {
        List<ColumnSchema> columns = tupleColumns(relation.columns(), text(relation));
        TupleTerm value = tupleValue(relation.value(), columns);
        boolean interval = relation.operator() != ComparisonOperator.EQ;
        ColumnRestriction restriction = tupleRestriction(columns, interval);
        switch (relation.operator()) {
            case EQ -> restriction.addEqual(value);
            case LT, LE, GT, GE -> {
                columns.forEach(WhereAnalyzer::requireOrdered);
                restriction.addBound(relation.operator(), value, columns.size());
            }
            default ->
                    throw CqlException.invalid(
                            "Unsupported \"%s\" relation on a tuple of columns"
                                    .formatted(relation.operator().symbol()));
        }
    }

    private void inTuple(Relation.InTuple relation) {
        List<ColumnSchema> columns = tupleColumns(relation.columns(), "IN");
        ColumnRestriction restriction = tupleRestriction(columns, false);
        restriction.requireFree();
        switch (relation.values()) {
            case InValues.Values(List<Term> terms) -> {
                List<TupleTerm> tuples = new ArrayList<>();
                for (Term term : terms) {
                    tuples.add(tupleValue(term, columns));
                }
                restriction.addInTuples(tuples);
            }
            case InValues.Marker _ -> {
                ColumnSpec spec = tupleSpec(columns);
                restriction.addInTupleList(in(relation.values(), spec, spec.type()));
            }
        }
    }

    private PartitionRestrictions partitions(List<RowFilter> filters) {
        List<Object> values = new ArrayList<>();
        List<ColumnRestriction> given = new ArrayList<>();
        for (ColumnSchema column : table.partitionKey()) {
            ColumnRestriction restriction = byColumn.get(column.name());
            if (restriction == null) {
                continue;
            }
            given.add(restriction);
            Object value = restriction.keyValue();
            if (value != null) {
                values.add(value);
            }
        }
        if (values.size() == table.partitionKey().size()) {
            return PartitionRestrictions.keys(table, values, tokenLower, tokenUpper);
        }
        for (ColumnRestriction restriction : given) {
            filters.addAll(restriction.asFilters());
        }
        return PartitionRestrictions.tokens(table, tokenLower, tokenUpper);
    }

    private ClusteringRestrictions clustering(List<RowFilter> filters, boolean allowFiltering) {
        List<Step> steps = new ArrayList<>();
        @Nullable ColumnSchema gap = null;
        @Nullable ColumnSchema interval = null;
        List<ColumnSchema> columns = table.clustering();
        int at = 0;
        while (at < columns.size()) {
            ColumnSchema column = columns.get(at);
            ColumnRestriction restriction = byColumn.get(column.name());
            if (restriction == null || restriction.isEmpty()) {
                gap = gap == null ? column : gap;
                at++;
                continue;
            }
            int count = restriction.columns().size();
            if (gap == null && interval == null) {
                steps.add(restriction.step());
                interval = restriction.isInterval() ? column : null;
            } else if (allowFiltering) {
                filters.addAll(restriction.asFilters());
            } else if (gap == null) {
                throw CqlException.invalid(
                        "Clustering column \"%s\" cannot be restricted (preceding column \"%s\" is restricted by a non-EQ relation)"
                                .formatted(column.name(), nameOf(interval)));
            } else {
                throw CqlException.invalid(
                        "PRIMARY KEY column \"%s\" cannot be restricted as preceding column \"%s\" is not restricted"
                                .formatted(column.name(), gap.name()));
            }
            at += count;
        }
        return new ClusteringRestrictions(table, steps);
    }

    private static String nameOf(@Nullable ColumnSchema column) {
        return column == null ? "" : column.name();
    }
}
