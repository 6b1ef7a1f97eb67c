package io.helenus.engine.query.plan;

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
        WhereClause where = new WhereAnalyzer(table, binder).analyze(keys, false);
        requireKeys(where, seen, staticOnly);
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

    private void requireKeys(WhereClause where, Set<String> given, boolean staticOnly) {
        requirePartitionKey(where, given);
        if (!staticOnly) {
            List<String> missing = missing(table.clustering(), given);
            if (!missing.isEmpty()) {
                throw CqlException.invalid(
                        "Some clustering keys are missing: " + String.join(", ", missing));
            }
        }
    }

    private void requirePartitionKey(WhereClause where, Set<String> given) {
        List<String> missing = missing(table.partitionKey(), given);
        if (!missing.isEmpty()) {
            throw CqlException.invalid(
                    "Some partition key parts are missing: " + String.join(", ", missing));
        }
        if (!where.partitions().isKeys() || where.partitions().hasTokenBounds()) {
            throw CqlException.invalid(
                    "The token function cannot be used in WHERE clauses for UPDATE and DELETE statements");
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

    private WhereClause where(List<Relation> relations, Set<String> given) {
        for (Relation relation : relations) {
            switch (relation) {
                case Relation.Compare compare -> keyColumn(compare.column(), given);
                case Relation.In in -> keyColumn(in.column(), given);
                case Relation.CompareTuple tuple ->
                        tuple.columns().forEach(column -> keyColumn(column, given));
                case Relation.InTuple in ->
                        in.columns().forEach(column -> keyColumn(column, given));
                case Relation.CompareToken _ ->
                        throw CqlException.invalid(
                                "The token function cannot be used in WHERE clauses for UPDATE and DELETE statements");
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

    private void keyColumn(Identifier name, Set<String> given) {
        ColumnSchema column = WhereAnalyzer.column(table, name);
        if (!column.isPrimaryKey()) {
            throw CqlException.invalid(
                    "Non PRIMARY KEY columns found in where clause: %s ".formatted(column.name()));
        }
        given.add(column.name());
    }

    private ModificationPlan update(Modification.Update update) {
        refuseConditions(update.ifExists() || !update.conditions().isEmpty());
        List<ColumnOperation> operations = new ArrayList<>();
        Set<String> assigned = new HashSet<>();
        boolean regulars = false;
        for (Modification.Assignment assignment : update.assignments()) {
            ColumnSchema column = WhereAnalyzer.column(table, assignment.column());
            if (column.isPrimaryKey()) {
                throw CqlException.invalid(
                        "PRIMARY KEY part %s found in SET part".formatted(column.name()));
            }
            if (!assigned.add(column.name()) && !mayRepeat(assignment)) {
                throw CqlException.invalid(
                        "Multiple incompatible setting of column %s".formatted(column.name()));
            }
            regulars |= !column.isStatic();
            operations.add(operation(assignment, column));
        }
        Set<String> given = new HashSet<>();
        WhereClause where = where(update.where(), given);
        boolean staticOnly = !regulars;
        if (staticOnly && where.clusteringRestricted()) {
            throw CqlException.invalid(
                    "Invalid restrictions on clustering columns since the UPDATE statement modifies only static columns");
        }
        requireKeys(where, given, staticOnly);
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

    private static boolean mayRepeat(Modification.Assignment assignment) {
        return assignment instanceof Modification.SetElement
                || assignment instanceof Modification.SetField;
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
        requireMultiCell(column, "%s[%s] = %s".formatted(column.name(), set.key(), set.value()));
        return switch (column.type()) {
            case MapType map ->
                    new ColumnOperation.SetMapEntry(
                            column,
                            binder.bind(set.key(), spec("key(" + column.name() + ")", map.key())),
                            binder.bind(
                                    set.value(),
                                    spec("value(" + column.name() + ")", map.value())));
            case ListType _ -> throw listElements(column);
            default ->
                    throw CqlException.invalid(
                            "Invalid operation (%s[%s] = %s) for %s column %s"
                                    .formatted(
                                            column.name(),
                                            set.key(),
                                            set.value(),
                                            column.type() instanceof SetType
                                                    ? "set"
                                                    : "non collection",
                                            column.name()));
        };
    }

    private static CqlException listElements(ColumnSchema column) {
        return CqlException.invalid(
                "Setting, deleting or removing list elements needs a read before the write, which is not supported yet (column %s)"
                        .formatted(column.name()));
    }

    private ColumnOperation setField(ColumnSchema column, Modification.SetField set) {
        UserType type = userType(column, set.field());
        int field = field(type, set.field());
        return new ColumnOperation.SetField(
                column,
                field,
                binder.bind(
                        set.value(),
                        spec(
                                column.name() + "." + set.field().text(),
                                type.fieldTypes().get(field))));
    }

    private static UserType userType(ColumnSchema column, Identifier field) {
        if (!(column.type() instanceof UserType type)) {
            throw CqlException.invalid(
                    "Invalid operation (%s.%s) for non-UDT column %s"
                            .formatted(column.name(), field.text(), column.name()));
        }
        if (!column.isMultiCell()) {
            throw CqlException.invalid(
                    "Invalid operation (%s.%s) for frozen UDT column %s"
                            .formatted(column.name(), field.text(), column.name()));
        }
        return type;
    }

    private static int field(UserType type, Identifier field) {
        int index = type.fieldNames().indexOf(field.text());
        if (index < 0) {
            throw CqlException.invalid(
                    "UDT %s does not have a field named %s"
                            .formatted(type.cqlName(), field.text()));
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
        requireMultiCell(column, "%s = %s + %s".formatted(column.name(), column.name(), value));
        return new ColumnOperation.AddElements(column, binder.bind(value, spec(column)));
    }

    private ColumnOperation prepend(ColumnSchema column, Term value) {
        requireMultiCell(column, "%s = %s - %s".formatted(column.name(), value, column.name()));
        if (!(column.type() instanceof ListType)) {
            throw CqlException.invalid(
                    "Invalid operation (%s = %s + %s) for non list column %s"
                            .formatted(column.name(), value, column.name(), column.name()));
        }
        return new ColumnOperation.PrependElements(column, binder.bind(value, spec(column)));
    }

    private ColumnOperation subtract(ColumnSchema column, Term value) {
        requireMultiCell(column, "%s = %s - %s".formatted(column.name(), column.name(), value));
        return switch (column.type()) {
            case ListType _ -> throw listElements(column);
            case SetType set ->
                    new ColumnOperation.RemoveElements(
                            column, binder.bind(value, spec(column)), set);
            case MapType map -> {
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
        WhereClause where = where(delete.where(), given);
        requirePartitionKey(where, given);
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
            requireKeys(where, given, false);
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
                    throw listElements(column);
                }
                CqlType keyType = column.type().subTypes().getFirst();
                yield new ColumnOperation.DeleteElement(
                        column,
                        binder.bind(element.key(), spec("key(" + column.name() + ")", keyType)));
            }
            case Modification.DeleteField field -> {
                UserType type = userType(column, field.field());
                yield new ColumnOperation.DeleteField(column, field(type, field.field()));
            }
        };
    }
}
