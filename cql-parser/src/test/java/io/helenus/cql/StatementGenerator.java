package io.helenus.cql;

import io.helenus.cql.ast.AuthStatement;
import io.helenus.cql.ast.Batch;
import io.helenus.cql.ast.ClusteringOrder;
import io.helenus.cql.ast.ColumnDefinition;
import io.helenus.cql.ast.ColumnMask;
import io.helenus.cql.ast.ComparisonOperator;
import io.helenus.cql.ast.Condition;
import io.helenus.cql.ast.CqlStatement;
import io.helenus.cql.ast.Describe;
import io.helenus.cql.ast.FieldDefinition;
import io.helenus.cql.ast.Identifier;
import io.helenus.cql.ast.Modification;
import io.helenus.cql.ast.PrimaryKey;
import io.helenus.cql.ast.Property;
import io.helenus.cql.ast.Relation;
import io.helenus.cql.ast.Rename;
import io.helenus.cql.ast.SchemaStatement;
import io.helenus.cql.ast.Select;
import io.helenus.cql.ast.Term;
import io.helenus.cql.ast.Truncate;
import io.helenus.cql.ast.TypeName;
import io.helenus.cql.ast.Use;
import io.helenus.cql.ast.Using;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Random statements of all kinds.
final class StatementGenerator extends TermGenerator {
    private static final List<ComparisonOperator> SYMBOLS =
            List.of(
                    ComparisonOperator.EQ,
                    ComparisonOperator.LT,
                    ComparisonOperator.LE,
                    ComparisonOperator.GT,
                    ComparisonOperator.GE,
                    ComparisonOperator.NE);

    StatementGenerator(RandomGenerator random) {
        super(random);
    }

    CqlStatement statement() {
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> select();
            case 3, 4 -> modification();
            case 5 -> batch();
            case 6 -> auth();
            case 7 ->
                    chance(50)
                            ? describe()
                            : chance(50) ? new Use(name()) : new Truncate(qualified());
            default -> schema();
        };
    }

    // Data

    private Select select() {
        return new Select(
                chance(20),
                chance(20),
                selection(),
                qualified(),
                some(0, 3, this::relation),
                some(0, 2, this::selected),
                some(0, 2, this::ordering),
                maybe(20, this::intValue),
                maybe(20, this::intValue),
                chance(20));
    }

    private Select.Selection selection() {
        return chance(20)
                ? new Select.All()
                : new Select.Selectors(
                        some(
                                1,
                                3,
                                () -> {
                                    Term term = selected();
                                    return new Select.Selector(term, maybe(30, this::name));
                                }));
    }

    private Select.Ordering ordering() {
        Identifier column = name();
        return chance(70)
                ? new Select.ByColumn(column, chance(50))
                : new Select.ByNearest(column, value(), chance(20));
    }

    private Relation relation() {
        return switch (random.nextInt(9)) {
            case 0 -> new Relation.In(name(), inValues(this::value));
            case 1 -> new Relation.IsNotNull(name());
            case 2 -> {
                Identifier column = name();
                Term key = value();
                yield new Relation.CompareElement(column, key, one(SYMBOLS), value());
            }
            case 3 -> new Relation.CompareToken(names(1, 3), one(SYMBOLS), value());
            case 4 -> new Relation.CompareTuple(names(1, 3), one(SYMBOLS), tuple());
            case 5 -> new Relation.InTuple(names(1, 3), inValues(this::tuple));
            case 6 -> new Relation.IndexExpression(name(), value());
            default -> new Relation.Compare(name(), one(ComparisonOperator.class), value());
        };
    }

    private Term tuple() {
        return chance(30) ? marker() : new Term.TupleLiteral(some(1, 3, this::value));
    }

    private Modification modification() {
        return switch (random.nextInt(4)) {
            case 0 -> {
                List<Term> values = some(1, 3, this::value);
                yield new Modification.Insert(
                        qualified(), names(1, 3), values, chance(30), using(true));
            }
            case 1 -> {
                Term json = chance(50) ? marker() : Term.Literal.of(Term.Kind.STRING, string());
                yield new Modification.InsertJson(
                        qualified(), json, chance(30), chance(30), using(true));
            }
            case 2 -> {
                Using using = using(true);
                List<Modification.Assignment> assignments = assignments();
                List<Relation> where = some(1, 3, this::relation);
                boolean ifExists = chance(20);
                yield new Modification.Update(
                        qualified(), using, assignments, where, ifExists, conditions(ifExists));
            }
            default -> {
                List<Modification.Deletion> deletions = some(0, 3, this::deletion);
                Using using = using(false);
                List<Relation> where = some(1, 3, this::relation);
                boolean ifExists = chance(20);
                yield new Modification.Delete(
                        qualified(), using, deletions, where, ifExists, conditions(ifExists));
            }
        };
    }

    private Using using(boolean withTtl) {
        Term timestamp = maybe(20, this::intValue);
        return new Using(timestamp, withTtl ? maybe(20, this::intValue) : null);
    }

    private List<Modification.Assignment> assignments() {
        List<Modification.Assignment> assignments = new ArrayList<>();
        Set<Identifier> columns = new HashSet<>(names(1, 4));
        for (Identifier column :
                columns.stream().sorted((a, b) -> a.text().compareTo(b.text())).toList()) {
            assignments.add(
                    switch (random.nextInt(6)) {
                        case 0 -> new Modification.Add(column, value());
                        case 1 -> new Modification.Subtract(column, value());
                        case 2 -> new Modification.Prepend(column, value());
                        case 3 -> {
                            Term key = value();
                            yield new Modification.SetElement(column, key, value());
                        }
                        case 4 -> new Modification.SetField(column, name(), value());
                        default -> new Modification.SetColumn(column, value());
                    });
        }
        return assignments;
    }

    private Modification.Deletion deletion() {
        return switch (random.nextInt(3)) {
            case 0 -> new Modification.DeleteElement(name(), value());
            case 1 -> new Modification.DeleteField(name(), name());
            default -> new Modification.DeleteColumn(name());
        };
    }

    private List<Condition> conditions(boolean none) {
        return none ? List.of() : some(0, 2, this::condition);
    }

    private Condition condition() {
        Condition.Target target =
                switch (random.nextInt(3)) {
                    case 0 -> new Condition.Element(name(), value());
                    case 1 -> new Condition.Field(name(), name());
                    default -> new Condition.Column(name());
                };
        if (chance(30)) {
            return new Condition.In(target, inValues(this::value));
        }
        boolean contains = target instanceof Condition.Column && chance(30);
        ComparisonOperator containing =
                chance(50) ? ComparisonOperator.CONTAINS : ComparisonOperator.CONTAINS_KEY;
        return new Condition.Compare(target, contains ? containing : one(SYMBOLS), value());
    }

    private Batch batch() {
        Batch.Kind kind = one(Batch.Kind.class);
        Using using = using(true);
        return new Batch(kind, using, some(0, 3, this::modification));
    }

    private Describe describe() {
        Describe.Target target =
                switch (random.nextInt(4)) {
                    case 0 -> one(Describe.Listing.class);
                    case 1 -> new Describe.Schema(chance(50));
                    case 2 -> new Describe.Keyspace(maybe(60, this::name), chance(50));
                    default -> new Describe.Named(one(Describe.Kind.class), qualified());
                };
        return new Describe(target, chance(30));
    }

    // Schema

    private SchemaStatement schema() {
        return switch (random.nextInt(14)) {
            case 0 -> new SchemaStatement.CreateKeyspace(name(), chance(30), properties(1));
            case 1 -> new SchemaStatement.AlterKeyspace(name(), chance(30), properties(1));
            case 2, 3 -> createTable();
            case 4, 5 -> new SchemaStatement.AlterTable(qualified(), chance(30), tableChange());
            case 6 ->
                    new SchemaStatement.CreateIndex(
                            chance(50),
                            chance(30),
                            maybe(50, this::name),
                            qualified(),
                            some(0, 2, this::indexTarget),
                            maybe(50, this::string),
                            properties(0));
            case 7 ->
                    new SchemaStatement.CreateType(
                            qualified(), chance(30), some(1, 3, this::field));
            case 8 -> new SchemaStatement.AlterType(qualified(), chance(30), typeChange());
            case 9 ->
                    new SchemaStatement.CreateFunction(
                            qualified(),
                            chance(30),
                            chance(30),
                            some(0, 3, this::field),
                            chance(50),
                            type(2),
                            one(List.of("java", "lua")),
                            string());
            case 10 ->
                    new SchemaStatement.CreateAggregate(
                            qualified(),
                            chance(30),
                            chance(30),
                            types(),
                            name(),
                            type(2),
                            maybe(50, this::name),
                            maybe(50, this::value));
            case 11 ->
                    new SchemaStatement.CreateView(
                            qualified(),
                            chance(30),
                            selection(),
                            qualified(),
                            some(0, 2, this::relation),
                            primaryKey(),
                            some(0, 2, this::order),
                            properties(0));
            case 12 ->
                    chance(50)
                            ? new SchemaStatement.CreateTrigger(
                                    name(), chance(30), qualified(), string())
                            : new SchemaStatement.AlterView(qualified(), chance(30), properties(1));
            default -> drop();
        };
    }

    private SchemaStatement drop() {
        return switch (random.nextInt(8)) {
            case 0 -> new SchemaStatement.DropKeyspace(name(), chance(30));
            case 1 -> new SchemaStatement.DropTable(qualified(), chance(30));
            case 2 -> new SchemaStatement.DropIndex(qualified(), chance(30));
            case 3 -> new SchemaStatement.DropType(qualified(), chance(30));
            case 4 ->
                    new SchemaStatement.DropFunction(
                            qualified(), chance(30), maybe(50, this::types));
            case 5 ->
                    new SchemaStatement.DropAggregate(
                            qualified(), chance(30), maybe(50, this::types));
            case 6 -> new SchemaStatement.DropView(qualified(), chance(30));
            default -> new SchemaStatement.DropTrigger(name(), chance(30), qualified());
        };
    }

    private SchemaStatement createTable() {
        return new SchemaStatement.CreateTable(
                qualified(),
                chance(30),
                some(1, 4, this::column),
                some(0, 2, this::primaryKey),
                some(0, 2, this::order),
                chance(20),
                properties(0));
    }

    private ColumnDefinition column() {
        return new ColumnDefinition(name(), type(2), chance(20), maybe(20, this::mask));
    }

    private ColumnMask mask() {
        return new ColumnMask(qualified(), some(0, 2, this::value));
    }

    private PrimaryKey primaryKey() {
        return new PrimaryKey(names(1, 3), names(0, 3));
    }

    private ClusteringOrder order() {
        return new ClusteringOrder(name(), chance(50));
    }

    private FieldDefinition field() {
        return new FieldDefinition(name(), type(2));
    }

    private List<TypeName> types() {
        return some(0, 3, () -> type(2));
    }

    private Rename rename() {
        return new Rename(name(), name());
    }

    private SchemaStatement.IndexTarget indexTarget() {
        return new SchemaStatement.IndexTarget(one(SchemaStatement.IndexTargetKind.class), name());
    }

    private SchemaStatement.TableChange tableChange() {
        return switch (random.nextInt(7)) {
            case 0 -> new SchemaStatement.AddColumns(chance(30), some(1, 3, this::column));
            case 1 ->
                    new SchemaStatement.DropColumns(
                            chance(30), names(1, 3), maybe(50, random::nextLong));
            case 2 -> new SchemaStatement.RenameColumns(chance(30), some(1, 3, this::rename));
            case 3 -> new SchemaStatement.AlterColumnType(name(), type(2));
            case 4 ->
                    new SchemaStatement.AlterColumnMask(chance(30), name(), maybe(70, this::mask));
            case 5 -> new SchemaStatement.DropCompactStorage();
            default -> new SchemaStatement.AlterProperties(properties(1));
        };
    }

    private SchemaStatement.TypeChange typeChange() {
        return switch (random.nextInt(3)) {
            case 0 -> new SchemaStatement.AddField(chance(30), field());
            case 1 -> new SchemaStatement.RenameFields(chance(30), some(1, 3, this::rename));
            default -> new SchemaStatement.AlterFieldType(name(), type(2));
        };
    }

    private List<Property> properties(int min) {
        List<Property> properties = new ArrayList<>();
        Set<Identifier> seen = new HashSet<>();
        for (Identifier name : names(min, 3)) {
            if (seen.add(name)) {
                properties.add(new Property(name, propertyValue()));
            }
        }
        return properties;
    }

    private Property.Value propertyValue() {
        return switch (random.nextInt(3)) {
            case 0 -> new Property.Scalar(literal());
            case 1 -> new Property.Word(one(List.of("ALL", "all", "Key", "text")));
            default -> new Property.MapValue(entries());
        };
    }

    private List<Property.Entry> entries() {
        List<Property.Entry> entries = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (Term.Literal key : some(0, 3, this::literal)) {
            if (keys.add(key.text())) {
                entries.add(new Property.Entry(key, literal()));
            }
        }
        return entries;
    }

    // Roles and permissions

    private AuthStatement auth() {
        return switch (random.nextInt(13)) {
            case 0 -> new AuthStatement.CreateRole(name(), chance(30), roleOptions());
            case 1 -> new AuthStatement.AlterRole(name(), chance(30), roleOptions());
            case 2 -> new AuthStatement.DropRole(name(), chance(30));
            case 3 ->
                    new AuthStatement.CreateUser(
                            name(), chance(30), maybe(50, this::password), chance(50));
            case 4 ->
                    new AuthStatement.AlterUser(
                            name(),
                            chance(30),
                            maybe(50, this::password),
                            maybe(50, () -> chance(50)));
            case 5 -> new AuthStatement.DropUser(name(), chance(30));
            case 6 ->
                    chance(20)
                            ? new AuthStatement.ListUsers()
                            : new AuthStatement.ListRoles(maybe(50, this::name), chance(50));
            case 7 ->
                    new AuthStatement.ListPermissions(
                            permissions(),
                            maybe(50, this::resource),
                            maybe(50, this::name),
                            chance(50));
            case 8 -> new AuthStatement.GrantPermissions(permissions(), resource(), name());
            case 9 -> new AuthStatement.RevokePermissions(permissions(), resource(), name());
            case 10 ->
                    chance(50)
                            ? new AuthStatement.GrantRole(name(), name())
                            : new AuthStatement.RevokeRole(name(), name());
            case 11 -> new AuthStatement.AddIdentity(string(), chance(30), string());
            default -> new AuthStatement.DropIdentity(string(), chance(30));
        };
    }

    private AuthStatement.Password password() {
        return new AuthStatement.Password(string(), chance(50));
    }

    private AuthStatement.RoleOptions roleOptions() {
        return new AuthStatement.RoleOptions(
                maybe(30, this::password),
                maybe(30, () -> chance(50)),
                maybe(30, () -> chance(50)),
                maybe(30, this::entries),
                maybe(30, this::access),
                maybe(30, this::access));
    }

    private AuthStatement.Access access() {
        return chance(50)
                ? AuthStatement.Access.ALL
                : new AuthStatement.Access(false, some(1, 3, this::string));
    }

    private List<AuthStatement.Permission> permissions() {
        EnumSet<AuthStatement.Permission> permissions =
                EnumSet.of(one(AuthStatement.Permission.class));
        permissions.addAll(some(0, 3, () -> one(AuthStatement.Permission.class)));
        return chance(10) ? List.of(AuthStatement.Permission.values()) : List.copyOf(permissions);
    }

    private AuthStatement.Resource resource() {
        return switch (random.nextInt(9)) {
            case 0 -> one(AuthStatement.Root.class);
            case 1 -> new AuthStatement.OnKeyspace(name());
            case 2 -> new AuthStatement.OnAllTables(name());
            case 3 -> new AuthStatement.OnRole(name());
            case 4 -> new AuthStatement.OnAllFunctions(name());
            case 5 -> new AuthStatement.OnFunction(qualified(), types());
            case 6 -> new AuthStatement.OnMBean(string());
            case 7 -> new AuthStatement.OnMBeans(string());
            default -> new AuthStatement.OnTable(qualified());
        };
    }
}
