package io.helenus.engine.query.plan;

import io.helenus.cql.ast.ComparisonOperator;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.plan.ClusteringRestrictions.Bound;
import io.helenus.engine.query.plan.ClusteringRestrictions.Step;
import io.helenus.engine.query.term.ValueTerm;
import io.helenus.engine.schema.ColumnSchema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the relations of one WHERE clause say of a column, or of several neighbouring ones at its first:
/// knows which relations go together, by the rules and in the words of Apache Cassandra, and turns them
/// into values of a key, a step along the clustering, or filters of rows. At most one of equality, IN and
/// interval; any number of filters besides.
final class ColumnRestriction {
    private List<ColumnSchema> columns;
    private @Nullable TupleTerm equal;
    private @Nullable InTerm in;
    private @Nullable List<TupleTerm> inTuples;
    private @Nullable InTerm inTupleList;
    private @Nullable Bound lower;
    private @Nullable Bound upper;
    private final List<RowFilter> others = new ArrayList<>();

    ColumnRestriction(List<ColumnSchema> columns) {
        this.columns = columns;
    }

    List<ColumnSchema> columns() {
        return columns;
    }

    private ColumnSchema first() {
        return columns.getFirst();
    }

    private boolean isIn() {
        return in != null || inTuples != null || inTupleList != null;
    }

    boolean isInterval() {
        return lower != null || upper != null;
    }

    /// But for filters.
    boolean isEmpty() {
        return equal == null && !isIn() && !isInterval();
    }

    static CqlException moreThanOne(String columns) {
        return CqlException.invalid(
                columns
                        + " cannot be restricted by more than one relation if it includes an Equal");
    }

    private static CqlException moreThanOneIn(String column) {
        return CqlException.invalid(
                column + " cannot be restricted by more than one relation if it includes a IN");
    }

    private CqlException equalAndInterval() {
        return CqlException.invalid(
                "Column \"%s\" cannot be restricted by both an equality and an inequality relation"
                        .formatted(first().name()));
    }

    // ---- relations

    /// `column = value`.
    void addEqual(ValueTerm value) {
        if (!isEmpty()) {
            throw isInterval() ? equalAndInterval() : moreThanOne(first().name());
        }
        equal = TupleTerm.of(List.of(value));
    }

    /// `(columns) = tuple`.
    void addEqual(TupleTerm tuple) {
        requireFree();
        equal = tuple;
    }

    /// Before [#addIn(InTerm)], and before its values are looked at.
    void requireFreeForIn() {
        if (isInterval()) {
            throw equalAndInterval();
        }
        if (!isEmpty()) {
            throw equal != null ? moreThanOne(first().name()) : moreThanOneIn(first().name());
        }
    }

    void addIn(InTerm values) {
        in = values;
    }

    /// Before a relation of a tuple, and before its values are looked at.
    void requireFree() {
        if (!isEmpty()) {
            throw moreThanOne(first().name());
        }
    }

    void addInTuples(List<TupleTerm> tuples) {
        inTuples = List.copyOf(tuples);
    }

    /// One value that has all tuples.
    void addInTupleList(InTerm tuples) {
        inTupleList = tuples;
    }

    /// @param operator an inequality
    /// @param count of the values
    void addBound(ComparisonOperator operator, TupleTerm values, int count) {
        String name = first().name();
        if (equal != null) {
            throw moreThanOne(name);
        }
        if (isIn()) {
            throw moreThanOneIn(name);
        }
        boolean inclusive = operator == ComparisonOperator.GE || operator == ComparisonOperator.LE;
        Bound bound = new Bound(values, inclusive, count);
        boolean isLower = operator == ComparisonOperator.GT || operator == ComparisonOperator.GE;
        if ((isLower ? lower : upper) != null) {
            throw CqlException.invalid(
                    "More than one restriction was found for the %s bound on %s"
                            .formatted(isLower ? "start" : "end", name));
        }
        if (isLower) {
            lower = bound;
        } else {
            upper = bound;
        }
    }

    /// An inequality of a tuple may be added to one of fewer or more columns.
    ///
    /// @return false if this is none, and nothing has changed
    boolean widen(List<ColumnSchema> to) {
        if (!isInterval() || !others.isEmpty()) {
            return false;
        }
        columns = columns.size() >= to.size() ? columns : to;
        return true;
    }

    /// Rows are filtered by this whatever else there is.
    void addFilter(RowFilter filter) {
        others.add(filter);
    }

    // ---- what becomes of them

    /// What the column's part of a partition key is: a [ValueTerm] or an [InTerm]; null if that is not said.
    @Nullable Object keyValue() {
        return equal != null ? equal.each().getFirst() : in;
    }

    Step step() {
        int count = columns.size();
        if (equal != null) {
            return new Step.Equal(equal, count);
        }
        if (isIn()) {
            return new Step.In(in, inTuples == null ? List.of() : inTuples, inTupleList, count);
        }
        return new Step.Interval(lower, upper, count);
    }

    /// Those that were added as filters.
    List<RowFilter> filters() {
        return others;
    }

    /// Filters in the place of [#keyValue] or [#step].
    List<RowFilter> asFilters() {
        if (columns.size() > 1) {
            throw CqlException.invalid(
                    "Multi-column relations cannot be used for filtering: "
                            + columns.stream().map(ColumnSchema::name).toList());
        }
        List<RowFilter> filters = new ArrayList<>();
        if (equal != null) {
            filters.add(filter(RowFilter.Operator.EQ, equal));
        }
        if (in != null) {
            filters.add(RowFilter.in(first(), in));
        }
        if (lower != null) {
            filters.add(
                    filter(
                            lower.inclusive() ? RowFilter.Operator.GE : RowFilter.Operator.GT,
                            lower.values()));
        }
        if (upper != null) {
            filters.add(
                    filter(
                            upper.inclusive() ? RowFilter.Operator.LE : RowFilter.Operator.LT,
                            upper.values()));
        }
        return filters;
    }

    private RowFilter filter(RowFilter.Operator operator, TupleTerm values) {
        return RowFilter.compare(first(), operator, values.each().getFirst());
    }
}
