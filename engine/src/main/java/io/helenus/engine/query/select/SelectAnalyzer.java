package io.helenus.engine.query.select;

import io.helenus.cql.ast.Identifier;
import io.helenus.cql.ast.Select;
import io.helenus.cql.ast.Term;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.plan.RowFilter;
import io.helenus.engine.query.plan.WhereAnalyzer;
import io.helenus.engine.query.plan.WhereClause;
import io.helenus.engine.query.result.ResultMetadata;
import io.helenus.engine.query.term.ColumnSpec;
import io.helenus.engine.query.term.TermBinder;
import io.helenus.engine.query.term.ValueTerm;
import io.helenus.engine.schema.ColumnKind;
import io.helenus.engine.schema.ColumnSchema;
import io.helenus.engine.schema.TableSchema;
import io.helenus.engine.types.NativeType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Binds SELECT to its table, by the rules and in the words of Apache Cassandra.
public final class SelectAnalyzer {
    private final TableSchema table;
    private final TermBinder binder;
    private final FetchedColumns fetched;

    public SelectAnalyzer(TableSchema table, TermBinder binder) {
        this.table = table;
        this.binder = binder;
        this.fetched = new FetchedColumns(table);
    }

    /// @param text of the statement, for the fingerprint of its paging states
    public SelectPlan analyze(Select select, String text) {
        refuseUnsupported(select);
        List<Selector> selectors = new ArrayList<>();
        List<ColumnSpec> specs = new ArrayList<>();
        List<Aggregate> aggregateFunctions = selection(select, selectors, specs);
        boolean aggregates = !aggregateFunctions.isEmpty();
        if (select.distinct()) {
            checkDistinct(new WhereAnalyzer(table, binder).analyze(select.where(), true), specs);
        }
        if (select.perPartitionLimit() != null && (select.distinct() || aggregates)) {
            throw CqlException.invalid(
                    select.distinct()
                            ? "PER PARTITION LIMIT is not allowed with SELECT DISTINCT queries"
                            : "PER PARTITION LIMIT is not allowed with aggregate queries.");
        }
        select.orderBy().forEach(ordering -> column(ordering.column()));
        WhereClause where =
                new WhereAnalyzer(table, binder).analyze(select.where(), select.allowFiltering());
        List<Integer> filterColumns = new ArrayList<>();
        for (RowFilter filter : where.filters()) {
            filterColumns.add(fetched.add(filter.column()));
        }
        boolean reversed = reversed(select.orderBy(), where);
        int sortedColumns = 0;
        if (!select.orderBy().isEmpty() && !where.partitions().isOneKey()) {
            sortedColumns = column(select.orderBy().getLast().column()).position() + 1;
        }
        boolean simpleRow =
                where.partitions().isOneKey()
                        && where.clustering().isOneRow()
                        && !where.needsFiltering()
                        && !aggregates
                        && !select.distinct()
                        && !table.hasMultiCell()
                        && !table.hasStatic()
                        && !table.isVirtual();
        return new SelectPlan(
                table,
                where,
                fetched,
                new SelectPlan.WantedColumns(fetched.storedIds()),
                selectors,
                new ResultMetadata(specs),
                filterColumns,
                limit(select.limit(), "[limit]"),
                limit(select.perPartitionLimit(), "[per_partition_limit]"),
                select.distinct(),
                reversed,
                sortedColumns,
                aggregateFunctions,
                simpleRow,
                fingerprint(text));
    }

    private static void refuseUnsupported(Select select) {
        if (select.json()) {
            throw CqlException.invalid("SELECT JSON is not supported yet");
        }
        if (!select.groupBy().isEmpty()) {
            throw CqlException.invalid("GROUP BY is not supported yet");
        }
        for (Select.Ordering ordering : select.orderBy()) {
            if (ordering instanceof Select.ByNearest) {
                throw CqlException.invalid(
                        "ANN ordering by vector requires the column to be indexed: %s"
                                .formatted(ordering.column().text()));
            }
        }
    }

    private long fingerprint(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return crc.getValue() << 32 ^ table.id().hashCode();
    }

    /// @return the aggregates in the select list
    private List<Aggregate> selection(
            Select select, List<Selector> selectors, List<ColumnSpec> specs) {
        return switch (select.selection()) {
            case Select.All _ -> {
                for (ColumnSchema column : table.selectOrder()) {
                    selectors.add(new Selector.Column(fetched.add(column), column.type()));
                    specs.add(spec(column));
                }
                yield List.of();
            }
            case Select.Selectors(List<Select.Selector> items) -> {
                SelectorBinder selectorBinder = new SelectorBinder(table, binder, fetched);
                for (Select.Selector item : items) {
                    Selector selector = selectorBinder.bind(item.term());
                    selectors.add(selector);
                    String name =
                            item.alias() != null
                                    ? item.alias().text()
                                    : selectorBinder.name(item.term());
                    specs.add(
                            new ColumnSpec(table.keyspace(), table.name(), name, selector.type()));
                }
                yield selectorBinder.aggregates();
            }
        };
    }

    private ColumnSpec spec(ColumnSchema column) {
        return new ColumnSpec(table.keyspace(), table.name(), column.name(), column.type());
    }

    private static boolean isOfPartition(ColumnSchema column) {
        return column.kind() == ColumnKind.PARTITION_KEY || column.isStatic();
    }

    private void checkDistinct(WhereClause where, List<ColumnSpec> specs) {
        if (where.clusteringRestricted() || where.regularRestricted()) {
            throw CqlException.invalid(
                    "SELECT DISTINCT with WHERE clause only supports restriction by partition key and/or static columns.");
        }
        for (int i = 0; i < fetched.size(); i++) {
            ColumnSchema column = fetched.get(i);
            if (!isOfPartition(column)) {
                throw CqlException.invalid(
                        "SELECT DISTINCT queries must only request partition key columns and/or static columns (not %s)"
                                .formatted(column.name()));
            }
        }
        for (ColumnSchema column : table.partitionKey()) {
            boolean selected = specs.stream().anyMatch(s -> s.name().equals(column.name()));
            if (!selected && !where.partitions().isOneKey()) {
                throw CqlException.invalid(
                        "SELECT DISTINCT queries must request all the partition key columns (missing %s)"
                                .formatted(column.name()));
            }
        }
    }

    private boolean reversed(List<Select.Ordering> orderings, WhereClause where) {
        if (orderings.isEmpty()) {
            return false;
        }
        if (!where.keysRestricted()) {
            throw CqlException.invalid(
                    "ORDER BY is only supported when the partition key is restricted by an EQ or an IN.");
        }
        @Nullable Boolean reversed = null;
        int position = 0;
        for (Select.Ordering ordering : orderings) {
            ColumnSchema column = column(ordering.column());
            if (column.kind() != ColumnKind.CLUSTERING) {
                throw CqlException.invalid(
                        "Order by is currently only supported on the clustered columns of the PRIMARY KEY, got "
                                + column.name());
            }
            while (position < column.position()) {
                // Columns that are equal in all rows may be left out.
                if (position >= where.clustering().restrictedColumns()) {
                    throw unsupportedOrder();
                }
                position++;
            }
            if (column.position() < position) {
                throw unsupportedOrder();
            }
            position++;
            boolean against = ordering.descending() != column.descending();
            if (reversed != null && reversed != against) {
                throw CqlException.invalid("Unsupported order by relation");
            }
            reversed = against;
        }
        return Boolean.TRUE.equals(reversed);
    }

    private static CqlException unsupportedOrder() {
        return CqlException.invalid(
                "Order by currently only supports the ordering of columns following their declared order in the PRIMARY KEY");
    }

    private ColumnSchema column(Identifier name) {
        return WhereAnalyzer.column(table, name);
    }

    private @Nullable ValueTerm limit(@Nullable Term term, String name) {
        if (term == null) {
            return null;
        }
        return binder.bind(
                term, new ColumnSpec(table.keyspace(), table.name(), name, NativeType.INT));
    }
}
