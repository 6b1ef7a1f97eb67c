package io.helenus.engine.query.plan;

import io.helenus.cql.CqlFormatter;
import io.helenus.cql.ast.ComparisonOperator;
import io.helenus.cql.ast.Identifier;
import io.helenus.cql.ast.Modification;
import io.helenus.cql.ast.Relation;
import io.helenus.cql.ast.Term;
import io.helenus.cql.ast.Using;
import io.helenus.engine.error.CqlException;
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
import io.helenus.engine.types.SetType;
import io.helenus.engine.types.UserType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Binds INSERT, UPDATE and DELETE to their table, by the rules and in the words of Apache Cassandra.
public final class ModificationAnalyzer {
    private final TableSchema table;
    private final TermBinder binder;

    public ModificationAnalyzer(TableSchema table, TermBinder binder) {
        this.table = table;
        this.binder = binder;
    }

    public ModificationPlan analyze(Modification statement) {
        if (table.isVirtual()) {
            throw CqlException.invalid(
                    "Cannot modify table %s: it is a virtual table".formatted(table));
        }
        return switch (statement) {
            case Modification.Insert insert -> insert(insert);
            case Modification.InsertJson _ ->
                    throw CqlException.invalid("INSERT JSON is not supported yet");
            case Modification.Update update -> update(update);
            case Modification.Delete delete -> delete(delete);
        };
    }

    private static void refuseConditions(boolean conditional) {
        if (conditional) {
            throw CqlException.invalid(
                    "Conditional statements (IF ...) are not supported yet: lightweight transactions come with the cluster");
        }
    }

    private @Nullable ValueTerm timestamp(Using using) {
        return using.timestamp() == null
                ? null
                : binder.bind(
                        using.timestamp(), spec("[timestamp]", ModificationPlan.TIMESTAMP_TYPE));
    }

    private @Nullable ValueTerm ttl(Using using) {
        return using.ttl() == null
                ? null
                : binder.bind(using.ttl(), spec("[ttl]", ModificationPlan.TTL_TYPE));
    }

    private ColumnSpec spec(String name, CqlType type) {
        return new ColumnSpec(table.keyspace(), table.name(), name, type);
    }

    private ColumnSpec spec(ColumnSchema column) {
        return WhereAnalyzer.spec(table, column);
    }

    private ModificationPlan insert(Modification.Insert insert) {
        refuseConditions(insert.ifNotExists());
        if (insert.columns().size() != insert.values().size()) {
            throw CqlException.invalid("Unmatched column names/values");
        }
        List<Relation> keys = new ArrayList<>();
        List<ColumnOperation> operations = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        boolean clusteringGiven = false;
        boolean statics = false;
        boolean regulars = false;
        for (int i = 0; i < insert.columns().size(); i++) {
            Identifier name = insert.columns().get(i);
            ColumnSchema column = WhereAnalyzer.column(table, name);
            if (!seen.add(column.name())) {
                throw CqlException.invalid("The column names contains duplicates");
            }
            Term value = insert.values().get(i);
            if (column.isPrimaryKey()) {
                keys.add(new Relation.Compare(name, ComparisonOperator.EQ, value));
                clusteringGiven |= column.kind() == ColumnKind.CLUSTERING;
            } else {
                statics |= column.isStatic();
                regulars |= !column.isStatic();
                operations.add(set(column, value));
            }
        }
        boolean staticOnly = statics && !regulars && !clusteringGiven && table.hasClustering();
        requireKeys(seen, staticOnly);
        WhereClause where = new WhereAnalyzer(table, binder).analyze(keys, false);
        return new ModificationPlan(
                table,
                where,
                ModificationPlan.Extent.ROWS,
                true,
                operations,
                !staticOnly,
                timestamp(insert.using()),
                ttl(insert.using()));
    }

    private void requireKeys(Set<String> given, boolean staticOnly) {
        requirePartitionKey(given);
        if (!staticOnly) {
            List<String> missing = missing(table.clustering(), given);
            if (!missing.isEmpty()) {
                throw CqlException.invalid(
                        "Some clustering keys are missing: " + String.join(", ", missing));
            }
        }
    }

    private void requirePartitionKey(Set<String> given) {
        List<String> missing = missing(table.partitionKey(), given);
        if (!missing.isEmpty()) {
            throw CqlException.invalid(
                    "Some partition key parts are missing: " + String.join(", ", missing));
        }
    }

    private static List<String> missing(List<ColumnSchema> columns, Set<String> given) {
        List<String> missing = new ArrayList<>();
        for (ColumnSchema column : columns) {
            if (!given.contains(column.name())) {
                missing.add(column.name());
            }
        }
        return missing;
    }

    /// @param kind `UPDATE` or `DELETE`
    private WhereClause where(List<Relation> relations, Set<String> given, String kind) {
        for (Relation relation : relations) {
            switch (relation) {
                case Relation.Compare compare -> {
                    ColumnSchema column = keyColumn(compare.column(), given);
                    requireKeyOperator(compare, column, kind);
                }
                case Relation.In in -> keyColumn(in.column(), given);
                case Relation.CompareTuple tuple ->
                        tuple.columns().forEach(column -> keyColumn(column, given));
                case Relation.InTuple in ->
                        in.columns().forEach(column -> keyColumn(column, given));
                case Relation.CompareToken _ ->
                        throw CqlException.invalid(
                                "The token function cannot be used in WHERE clauses for %s statements"
                                        .formatted(kind));
                case Relation.CompareElement element -> keyColumn(element.column(), given);
                case Relation.IsNotNull isNotNull -> keyColumn(isNotNull.column(), given);
                case Relation.IndexExpression _ -> {}
            }
        }
        List<String> missing = missing(table.partitionKey(), given);
        if (!missing.isEmpty()) {
            throw CqlException.invalid(
                    "Some partition key parts are missing: " + String.join(", ", missing));
        }
        return new WhereAnalyzer(table, binder).analyze(relations, false);
    }

    private static void requireKeyOperator(
            Relation.Compare relation, ColumnSchema column, String kind) {
        switch (relation.operator()) {
            case CONTAINS, CONTAINS_KEY ->
                    throw CqlException.invalid(
                            "Cannot use %s with %s".formatted(kind, relation.operator().symbol()));
            case LT, LE, GT, GE -> {
                if (column.kind() == ColumnKind.PARTITION_KEY) {
                    throw CqlException.invalid(
                            "Only EQ and IN relation are supported on the partition key (unless you use the token() function) for %s statements"
                                    .formatted(kind));
                }
            }
            case EQ, NE, LIKE -> {}
        }
    }

    private ColumnSchema keyColumn(Identifier name, Set<String> given) {
        ColumnSchema column = WhereAnalyzer.column(table, name);
        if (!column.isPrimaryKey()) {
            throw CqlException.invalid(
                    "Non PRIMARY KEY columns found in where clause: %s ".formatted(column.name()));
        }
        given.add(column.name());
        return column;
    }

    private ModificationPlan update(Modification.Update update) {
        refuseConditions(update.ifExists() || !update.conditions().isEmpty());
        List<ColumnOperation> operations = new ArrayList<>();
        Set<String> assigned = new HashSet<>();
        Set<String> replaced = new HashSet<>();
        boolean regulars = false;
        for (Modification.Assignment assignment : update.assignments()) {
            ColumnSchema column = WhereAnalyzer.column(table, assignment.column());
            if (column.isPrimaryKey()) {
                throw CqlException.invalid(
                        "PRIMARY KEY part %s found in SET part".formatted(column.name()));
            }
            boolean again = !assigned.add(column.name());
            boolean whole = assignment instanceof Modification.SetColumn;
            if (again && (whole || replaced.contains(column.name()))) {
                throw CqlException.invalid(
                        "Multiple incompatible setting of column %s".formatted(column.name()));
            }
            if (whole) {
                replaced.add(column.name());
            }
            regulars |= !column.isStatic();
            operations.add(operation(assignment, column));
        }
        Set<String> given = new HashSet<>();
        WhereClause where = where(update.where(), given, "UPDATE");
        boolean staticOnly = !regulars;
        if (staticOnly && where.clusteringRestricted()) {
            throw CqlException.invalid(
                    "Invalid restrictions on clustering columns since the UPDATE statement modifies only static columns");
        }
        requireKeys(given, staticOnly);
        if (!staticOnly && !where.clustering().isRows()) {
            throw CqlException.invalid(
                    "Slice restrictions are not supported on the clustering columns in UPDATE statements");
        }
        return new ModificationPlan(
                table,
                where,
                ModificationPlan.Extent.ROWS,
                false,
                operations,
                !staticOnly,
                timestamp(update.using()),
                ttl(update.using()));
    }

    private ColumnOperation operation(Modification.Assignment assignment, ColumnSchema column) {
        return switch (assignment) {
            case Modification.SetColumn set -> set(column, set.value());
            case Modification.SetElement set -> setElement(column, set);
            case Modification.SetField set -> setField(column, set);
            case Modification.Add add -> add(column, add.value());
            case Modification.Subtract subtract -> subtract(column, subtract.value());
            case Modification.Prepend prepend -> prepend(column, prepend.value());
        };
    }

    private ColumnOperation set(ColumnSchema column, Term value) {
        ValueTerm bound = binder.bind(value, spec(column));
        return column.isMultiCell()
                ? new ColumnOperation.SetComplex(column, bound)
                : new ColumnOperation.SetSimple(column, bound);
    }

    private ColumnOperation setElement(ColumnSchema column, Modification.SetElement set) {
        requireMultiCell(
                column, "%s[%s] = %s".formatted(column.name(), text(set.key()), text(set.value())));
        return switch (column.type()) {
            case MapType map ->
                    new ColumnOperation.SetMapEntry(
                            column,
                            binder.bind(set.key(), spec("key(" + column.name() + ")", map.key())),
                            binder.bind(
                                    set.value(),
                                    spec("value(" + column.name() + ")", map.value())));
            case ListType list ->
                    new ListOperation.SetElement(
                            column,
                            binder.bind(
                                    set.key(), spec("idx(" + column.name() + ")", NativeType.INT)),
                            binder.bind(
                                    set.value(),
                                    spec("value(" + column.name() + ")", list.element())));
            default ->
                    throw CqlException.invalid(
                            "Invalid operation (%s[%s] = %s) for %s column %s"
                                    .formatted(
                                            column.name(),
                                            text(set.key()),
                                            text(set.value()),
                                            column.type() instanceof SetType
                                                    ? "set"
                                                    : "non collection",
                                            column.name()));
        };
    }

    private static String text(Term term) {
        return CqlFormatter.format(term);
    }

    private ColumnOperation setField(ColumnSchema column, Modification.SetField set) {
        String operation =
                "%s.%s = %s".formatted(column.name(), set.field().text(), text(set.value()));
        UserType type = userType(column, operation);
        int field = field(column, type, set.field());
        return new ColumnOperation.SetField(
                column,
                field,
                binder.bind(
                        set.value(),
                        spec(
                                column.name() + "." + set.field().text(),
                                type.fieldTypes().get(field))));
    }

    private static UserType userType(ColumnSchema column, String operation) {
        if (!(column.type() instanceof UserType type)) {
            throw CqlException.invalid(
                    "Invalid operation (%s) for non-UDT column %s"
                            .formatted(operation, column.name()));
        }
        if (!column.isMultiCell()) {
            throw CqlException.invalid(
                    "Invalid operation (%s) for frozen UDT column %s"
                            .formatted(operation, column.name()));
        }
        return type;
    }

    private static int field(ColumnSchema column, UserType type, Identifier field) {
        int index = type.fieldNames().indexOf(field.text());
        if (index < 0) {
            throw CqlException.invalid(
                    "UDT column %s does not have a field named %s"
                            .formatted(column.name(), field.text()));
        }
        return index;
    }

    private static void requireMultiCell(ColumnSchema column, String operation) {
        if (!column.type().isCollection()) {
            throw CqlException.invalid(
                    "Invalid operation (%s) for non collection column %s"
                            .formatted(operation, column.name()));
        }
        if (!column.isMultiCell()) {
            throw CqlException.invalid(
                    "Invalid operation (%s) for frozen collection column %s"
                            .formatted(operation, column.name()));
        }
    }

    private ColumnOperation add(ColumnSchema column, Term value) {
        if (column.type() == NativeType.COUNTER) {
            throw CqlException.invalid("Counters are not supported yet");
        }
        requireNumberless(column, value, "+");
        requireMultiCell(
                column, "%s = %s + %s".formatted(column.name(), column.name(), text(value)));
        return new ColumnOperation.AddElements(column, binder.bind(value, spec(column)));
    }

    /// Only counters can be counted up or down.
    private static void requireNumberless(ColumnSchema column, Term value, String operator) {
        if (!column.type().isCollection()) {
            throw CqlException.invalid(
                    "Invalid operation (%s = %s %s %s) for non counter column %s"
                            .formatted(
                                    column.name(),
                                    column.name(),
                                    operator,
                                    text(value),
                                    column.name()));
        }
    }

    private ColumnOperation prepend(ColumnSchema column, Term value) {
        String operation = "%s = %s - %s".formatted(column.name(), text(value), column.name());
        requireMultiCell(column, operation);
        if (!(column.type() instanceof ListType)) {
            throw CqlException.invalid(
                    "Invalid operation (%s) for non list column %s"
                            .formatted(operation, column.name()));
        }
        return new ColumnOperation.PrependElements(column, binder.bind(value, spec(column)));
    }

    private ColumnOperation subtract(ColumnSchema column, Term value) {
        requireNumberless(column, value, "-");
        requireMultiCell(
                column, "%s = %s - %s".formatted(column.name(), column.name(), text(value)));
        return switch (column.type()) {
            case ListType _ -> new ListOperation.Discard(column, binder.bind(value, spec(column)));
            case SetType set ->
                    new ColumnOperation.RemoveElements(
                            column, binder.bind(value, spec(column)), set);
            case MapType map -> {
                if (value instanceof Term.MapLiteral) {
                    throw CqlException.invalid(
                            "Value for a map substraction has to be a set, but was: '%s'"
                                    .formatted(text(value)));
                }
                SetType keys = new SetType(map.key(), true);
                yield new ColumnOperation.RemoveElements(
                        column, binder.bind(value, spec(column).withType(keys)), keys);
            }
            default -> throw new IllegalStateException(column.name() + " is no collection");
        };
    }

    private ModificationPlan delete(Modification.Delete delete) {
        refuseConditions(delete.ifExists() || !delete.conditions().isEmpty());
        List<ColumnOperation> operations = new ArrayList<>();
        boolean regulars = false;
        for (Modification.Deletion deletion : delete.deletions()) {
            ColumnSchema column = WhereAnalyzer.column(table, deletion.column());
            if (column.isPrimaryKey()) {
                throw CqlException.invalid(
                        "Invalid identifier %s for deletion (should not be a PRIMARY KEY part)"
                                .formatted(column.name()));
            }
            regulars |= !column.isStatic();
            operations.add(deletion(deletion, column));
        }
        Set<String> given = new HashSet<>();
        WhereClause where = where(delete.where(), given, "DELETE");
        requirePartitionKey(given);
        ModificationPlan.Extent extent = ModificationPlan.Extent.ROWS;
        if (operations.isEmpty()) {
            extent =
                    where.clusteringRestricted()
                            ? ModificationPlan.Extent.RANGES
                            : ModificationPlan.Extent.PARTITION;
        } else if (!regulars) {
            if (where.clusteringRestricted()) {
                throw CqlException.invalid(
                        "Invalid restrictions on clustering columns since the DELETE statement modifies only static columns");
            }
        } else {
            if (!where.clustering().isRows()) {
                throw CqlException.invalid(
                        "Range deletions are not supported for specific columns");
            }
        }
        return new ModificationPlan(
                table, where, extent, false, operations, regulars, timestamp(delete.using()), null);
    }

    private ColumnOperation deletion(Modification.Deletion deletion, ColumnSchema column) {
        return switch (deletion) {
            case Modification.DeleteColumn _ ->
                    column.isMultiCell()
                            ? new ColumnOperation.DeleteComplex(column)
                            : new ColumnOperation.DeleteSimple(column);
            case Modification.DeleteElement element -> {
                if (!column.type().isCollection()) {
                    throw CqlException.invalid(
                            "Invalid deletion operation for non collection column "
                                    + column.name());
                }
                if (!column.isMultiCell()) {
                    throw CqlException.invalid(
                            "Invalid deletion operation for frozen collection column "
                                    + column.name());
                }
                if (column.type() instanceof ListType) {
                    ColumnSpec index = spec("idx(" + column.name() + ")", NativeType.INT);
                    yield new ListOperation.DeleteElement(
                            column, binder.bind(element.key(), index));
                }
                CqlType keyType = column.type().subTypes().getFirst();
                yield new ColumnOperation.DeleteElement(
                        column,
                        binder.bind(element.key(), spec("key(" + column.name() + ")", keyType)));
            }
            case Modification.DeleteField field -> {
                String operation = "%s.%s".formatted(column.name(), field.field().text());
                UserType type = userType(column, operation);
                yield new ColumnOperation.DeleteField(column, field(column, type, field.field()));
            }
        };
    }
}
