package io.helenus.cql;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.cql.ast.AuthStatement;
import io.helenus.cql.ast.AuthStatement.Permission;
import io.helenus.cql.ast.Batch;
import io.helenus.cql.ast.ClusteringOrder;
import io.helenus.cql.ast.ColumnDefinition;
import io.helenus.cql.ast.ColumnMask;
import io.helenus.cql.ast.ComparisonOperator;
import io.helenus.cql.ast.Condition;
import io.helenus.cql.ast.CqlStatement;
import io.helenus.cql.ast.Describe;
import io.helenus.cql.ast.Identifier;
import io.helenus.cql.ast.InValues;
import io.helenus.cql.ast.Modification;
import io.helenus.cql.ast.NativeType;
import io.helenus.cql.ast.Position;
import io.helenus.cql.ast.PrimaryKey;
import io.helenus.cql.ast.Property;
import io.helenus.cql.ast.QualifiedName;
import io.helenus.cql.ast.Relation;
import io.helenus.cql.ast.SchemaStatement;
import io.helenus.cql.ast.Select;
import io.helenus.cql.ast.Term;
import io.helenus.cql.ast.Term.ArithmeticOperator;
import io.helenus.cql.ast.TypeName;
import io.helenus.cql.ast.Using;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Which tree a text makes.
class TreeShapeTest {
    private static final TypeName INT = new TypeName.Native(NativeType.INT);
    private static final TypeName TEXT = new TypeName.Native(NativeType.TEXT);
    private static final Term A = column("a");
    private static final Term B = column("b");
    private static final Term C = column("c");

    record Selected(String cql, Term term) {}

    static Stream<Selected> selected() {
        return Stream.of(
                new Selected("a", A),
                new Selected("1", integer("1")),
                new Selected("-1", integer("-1")),
                new Selected("- 1", new Term.Negation(integer("1"))),
                new Selected("- -1", new Term.Negation(integer("-1"))),
                new Selected("-a", new Term.Negation(A)),
                new Selected("a -1", arithmetic(A, ArithmeticOperator.MINUS, integer("1"))),
                new Selected("a - -1", arithmetic(A, ArithmeticOperator.MINUS, integer("-1"))),
                new Selected("1.", literal(Term.Kind.FLOAT, "1.")),
                new Selected("-nan", literal(Term.Kind.FLOAT, "NaN")),
                new Selected("-INFINITY", literal(Term.Kind.FLOAT, "-Infinity")),
                new Selected("TRUE", literal(Term.Kind.BOOLEAN, "true")),
                new Selected("0xaB", literal(Term.Kind.HEX, "0xaB")),
                new Selected("1h", literal(Term.Kind.DURATION, "1h")),
                new Selected("-P1D", literal(Term.Kind.DURATION, "-P1D")),
                new Selected("p1d", column("p1d")),
                new Selected("NULL", Term.NULL),
                new Selected(
                        "a + b - c",
                        arithmetic(
                                arithmetic(A, ArithmeticOperator.PLUS, B),
                                ArithmeticOperator.MINUS,
                                C)),
                new Selected(
                        "a + b * c",
                        arithmetic(
                                A,
                                ArithmeticOperator.PLUS,
                                arithmetic(B, ArithmeticOperator.TIMES, C))),
                new Selected(
                        "a / b % c + a",
                        arithmetic(
                                arithmetic(
                                        arithmetic(A, ArithmeticOperator.DIVIDE, B),
                                        ArithmeticOperator.MODULO,
                                        C),
                                ArithmeticOperator.PLUS,
                                A)),
                new Selected(
                        "a * (b + c)",
                        arithmetic(
                                A,
                                ArithmeticOperator.TIMES,
                                tuple(arithmetic(B, ArithmeticOperator.PLUS, C)))),
                new Selected("(a)", tuple(A)),
                new Selected("(a, b)", tuple(A, B)),
                new Selected("[]", new Term.ListLiteral(List.of())),
                new Selected("[a, 1]", new Term.ListLiteral(List.of(A, integer("1")))),
                new Selected("{}", new Term.SetLiteral(List.of())),
                new Selected("{a}", new Term.SetLiteral(List.of(A))),
                new Selected("{a: 1}", new Term.MapLiteral(List.of(entry(A, integer("1"))))),
                new Selected("a.b", new Term.Field(A, Identifier.of("b"))),
                new Selected("a[1]", new Term.Element(A, integer("1"))),
                new Selected("a[1..2]", new Term.Slice(A, integer("1"), integer("2"))),
                new Selected("a[1..]", new Term.Slice(A, integer("1"), null)),
                new Selected("a[..2]", new Term.Slice(A, null, integer("2"))),
                new Selected(
                        "a.b[1].c",
                        new Term.Field(
                                new Term.Element(
                                        new Term.Field(A, Identifier.of("b")), integer("1")),
                                Identifier.of("c"))),
                new Selected("-a.b", new Term.Negation(new Term.Field(A, Identifier.of("b")))),
                new Selected("(int) a", new Term.TypeHint(INT, A)),
                new Selected("(int) -5", new Term.TypeHint(INT, integer("-5"))),
                new Selected("-(int) 5", new Term.Negation(new Term.TypeHint(INT, integer("5")))),
                new Selected("(int) (text) a", new Term.TypeHint(INT, new Term.TypeHint(TEXT, A))),
                new Selected(
                        "(b) [1]",
                        new Term.TypeHint(
                                new TypeName.UserDefined(QualifiedName.of("b")),
                                new Term.ListLiteral(List.of(integer("1"))))),
                new Selected(
                        "(int) a.b", new Term.Field(new Term.TypeHint(INT, A), Identifier.of("b"))),
                new Selected("count(*)", new Term.CountRows()),
                new Selected("COUNT(a)", call(QualifiedName.of("count"), A)),
                new Selected("token(a, b)", call(QualifiedName.of("token"), A, B)),
                new Selected("KS.F()", call(QualifiedName.of("ks", "f"))),
                new Selected("ks.\"F\"(a)", call(QualifiedName.of("ks", "F"), A)),
                new Selected("cast(a as TEXT)", new Term.Cast(A, NativeType.TEXT)),
                new Selected("ttl(a)", new Term.CellInfo(Term.CellInfoKind.TTL, A)),
                new Selected(
                        "maxwritetime(a[1])",
                        new Term.CellInfo(
                                Term.CellInfoKind.MAXWRITETIME, new Term.Element(A, integer("1")))),
                new Selected("?", marker(0, null)),
                new Selected(":a", marker(0, "a")));
    }

    @ParameterizedTest
    @MethodSource("selected")
    void selectedTerms(Selected row) {
        Select select = (Select) CqlParser.parse("SELECT " + row.cql() + " FROM t");
        assertThat(select.selection())
                .isEqualTo(new Select.Selectors(List.of(new Select.Selector(row.term(), null))));
    }

    record Value(String cql, Term term) {}

    static Stream<Value> values() {
        return Stream.of(
                new Value("{a: 1}", udt("a", integer("1"))),
                new Value("{\"A\": {b: 1}}", udt("A", udt("b", integer("1")))),
                new Value(
                        "{'a': 1}", new Term.MapLiteral(List.of(entry(string("a"), integer("1"))))),
                new Value(
                        "{f(): 1}",
                        new Term.MapLiteral(
                                List.of(entry(call(QualifiedName.of("f")), integer("1"))))),
                new Value("{1}", new Term.SetLiteral(List.of(integer("1")))),
                new Value("(1)", tuple(integer("1"))),
                new Value("uuid()", call(QualifiedName.of("uuid"))),
                new Value(
                        "(ks.u) {a: 1}",
                        new Term.TypeHint(
                                new TypeName.UserDefined(QualifiedName.of("ks", "u")),
                                udt("a", integer("1")))));
    }

    @ParameterizedTest
    @MethodSource("values")
    void insertedValues(Value row) {
        assertThat(CqlParser.parse("INSERT INTO t (a) VALUES (" + row.cql() + ")"))
                .isEqualTo(
                        new Modification.Insert(
                                QualifiedName.of("t"),
                                List.of(Identifier.of("a")),
                                List.of(row.term()),
                                false,
                                Using.NONE));
    }

    record Where(String cql, Relation relation) {}

    static Stream<Where> relations() {
        Identifier a = Identifier.of("a");
        List<Identifier> ab = List.of(a, Identifier.of("b"));
        Term one = integer("1");
        return Stream.of(
                new Where("a = 1", new Relation.Compare(a, ComparisonOperator.EQ, one)),
                new Where("((a != 1))", new Relation.Compare(a, ComparisonOperator.NE, one)),
                new Where(
                        "a CONTAINS KEY 1",
                        new Relation.Compare(a, ComparisonOperator.CONTAINS_KEY, one)),
                new Where("a LIKE 1", new Relation.Compare(a, ComparisonOperator.LIKE, one)),
                new Where("a IS NOT NULL", new Relation.IsNotNull(a)),
                new Where("a IN ()", new Relation.In(a, new InValues.Values(List.of()))),
                new Where("a IN ?", new Relation.In(a, new InValues.Marker(marker(0, null)))),
                new Where(
                        "a[?] > 1",
                        new Relation.CompareElement(
                                a, marker(0, null), ComparisonOperator.GT, one)),
                new Where(
                        "token(a, b) <= 1",
                        new Relation.CompareToken(ab, ComparisonOperator.LE, one)),
                new Where(
                        "(a, b) < (1, 1)",
                        new Relation.CompareTuple(ab, ComparisonOperator.LT, tuple(one, one))),
                new Where(
                        "(a, b) IN (?, (1, 1))",
                        new Relation.InTuple(
                                ab,
                                new InValues.Values(List.of(marker(0, null), tuple(one, one))))),
                new Where("expr(a, 1)", new Relation.IndexExpression(a, one)));
    }

    @ParameterizedTest
    @MethodSource("relations")
    void relationsOfAWhere(Where row) {
        Select select = (Select) CqlParser.parse("SELECT * FROM t WHERE " + row.cql());
        assertThat(select.where()).containsExactly(row.relation());
    }

    record Set(String cql, Modification.Assignment assignment) {}

    static Stream<Set> assignments() {
        Identifier a = Identifier.of("a");
        Term one = integer("1");
        Term two = integer("2");
        Term sum = arithmetic(one, ArithmeticOperator.PLUS, two);
        return Stream.of(
                new Set("a = 1", new Modification.SetColumn(a, one)),
                new Set("a = 1 + 2", new Modification.SetColumn(a, sum)),
                new Set("a = a + 1", new Modification.Add(a, one)),
                new Set("a = a +1", new Modification.Add(a, one)),
                new Set("a = a + 1 + 2", new Modification.Add(a, sum)),
                new Set("a = \"a\" - 1", new Modification.Subtract(a, one)),
                new Set("a = a -1", new Modification.Subtract(a, one)),
                new Set(
                        "a = a - 1 * 2",
                        new Modification.Subtract(
                                a, arithmetic(one, ArithmeticOperator.TIMES, two))),
                new Set("a = 1 + a", new Modification.Prepend(a, one)),
                new Set("a = 1 + 2 + a", new Modification.Prepend(a, sum)),
                new Set("a += 1 + 2", new Modification.Add(a, sum)),
                new Set("a -= 1 + 2", new Modification.Subtract(a, sum)),
                new Set("a[1] = 2", new Modification.SetElement(a, one, two)),
                new Set("a.b = 1", new Modification.SetField(a, Identifier.of("b"), one)));
    }

    @ParameterizedTest
    @MethodSource("assignments")
    void assignmentsOfAnUpdate(Set row) {
        Modification.Update update =
                (Modification.Update) CqlParser.parse("UPDATE t SET " + row.cql() + " WHERE k = 1");
        assertThat(update.assignments()).containsExactly(row.assignment());
    }

    record Statement(String cql, CqlStatement statement) {}

    static Stream<Statement> statements() {
        Identifier a = Identifier.of("a");
        Identifier b = Identifier.of("b");
        QualifiedName t = QualifiedName.of("ks", "t");
        return Stream.of(
                new Statement(
                        "DELETE a, b[1] FROM ks.t USING TIMESTAMP ? WHERE a = 1 IF b.a IN (1)",
                        new Modification.Delete(
                                t,
                                new Using(marker(0, null), null),
                                List.of(
                                        new Modification.DeleteColumn(a),
                                        new Modification.DeleteElement(b, integer("1"))),
                                List.of(
                                        new Relation.Compare(
                                                a, ComparisonOperator.EQ, integer("1"))),
                                false,
                                List.of(
                                        new Condition.In(
                                                new Condition.Field(b, a),
                                                new InValues.Values(List.of(integer("1"))))))),
                new Statement(
                        "BEGIN COUNTER BATCH USING TIMESTAMP 5 APPLY BATCH",
                        new Batch(Batch.Kind.COUNTER, new Using(integer("5"), null), List.of())),
                new Statement(
                        "CREATE TABLE IF NOT EXISTS ks.t (a int PRIMARY KEY, b text STATIC MASKED"
                                + " WITH DEFAULT) WITH CLUSTERING ORDER BY (b DESC) AND c = ALL",
                        new SchemaStatement.CreateTable(
                                t,
                                true,
                                List.of(
                                        new ColumnDefinition(a, INT, false, null),
                                        new ColumnDefinition(
                                                b,
                                                TEXT,
                                                true,
                                                new ColumnMask(
                                                        QualifiedName.of("mask_default"),
                                                        List.of()))),
                                List.of(new PrimaryKey(List.of(a), List.of())),
                                List.of(new ClusteringOrder(b, true)),
                                false,
                                List.of(
                                        new Property(
                                                Identifier.of("c"), new Property.Word("ALL"))))),
                new Statement(
                        "CREATE INDEX ON ks.t (KEYS(a))",
                        new SchemaStatement.CreateIndex(
                                false,
                                false,
                                null,
                                t,
                                List.of(
                                        new SchemaStatement.IndexTarget(
                                                SchemaStatement.IndexTargetKind.KEYS, a)),
                                null,
                                List.of())),
                new Statement(
                        "ALTER TABLE ks.t DROP (a, b) USING TIMESTAMP -7",
                        new SchemaStatement.AlterTable(
                                t,
                                false,
                                new SchemaStatement.DropColumns(false, List.of(a, b), -7L))),
                new Statement(
                        "DROP FUNCTION ks.t", new SchemaStatement.DropFunction(t, false, null)),
                new Statement(
                        "DROP FUNCTION ks.t ()",
                        new SchemaStatement.DropFunction(t, false, List.of())),
                new Statement(
                        "CREATE ROLE 'A' WITH HASHED PASSWORD = 'h' AND ACCESS TO DATACENTERS"
                                + " {'x'}",
                        new AuthStatement.CreateRole(
                                Identifier.of("A"),
                                false,
                                new AuthStatement.RoleOptions(
                                        new AuthStatement.Password("h", true),
                                        null,
                                        null,
                                        null,
                                        new AuthStatement.Access(false, List.of("x")),
                                        null))),
                new Statement(
                        "CREATE USER Bob",
                        new AuthStatement.CreateUser(Identifier.of("Bob"), false, null, false)),
                new Statement(
                        "GRANT MODIFY, SELECT PERMISSION ON ks.t TO Bob",
                        new AuthStatement.GrantPermissions(
                                List.of(Permission.SELECT, Permission.MODIFY),
                                new AuthStatement.OnTable(t),
                                Identifier.of("bob"))),
                new Statement(
                        "LIST ALL",
                        new AuthStatement.ListPermissions(
                                List.of(Permission.values()), null, null, true)),
                new Statement(
                        "DESC COLUMNFAMILIES WITH INTERNALS",
                        new Describe(Describe.Listing.TABLES, true)),
                new Statement(
                        "DESCRIBE ks.t",
                        new Describe(new Describe.Named(Describe.Kind.ANY, t), false)));
    }

    @ParameterizedTest
    @MethodSource("statements")
    void wholeStatements(Statement row) {
        assertThat(CqlParser.parse(row.cql())).isEqualTo(row.statement());
    }

    @Test
    void passwordsDoNotShow() {
        assertThat(CqlParser.parse("CREATE ROLE r WITH PASSWORD = 'secret'").toString())
                .doesNotContain("secret");
        assertThat(CqlParser.parse("ALTER USER r WITH HASHED PASSWORD 'secret'").toString())
                .doesNotContain("secret");
    }

    private static Term column(String name) {
        return new Term.Column(Identifier.of(name));
    }

    private static Term literal(Term.Kind kind, String text) {
        return Term.Literal.of(kind, text);
    }

    private static Term integer(String text) {
        return literal(Term.Kind.INTEGER, text);
    }

    private static Term string(String text) {
        return literal(Term.Kind.STRING, text);
    }

    private static Term arithmetic(Term left, ArithmeticOperator operator, Term right) {
        return new Term.Arithmetic(left, operator, right);
    }

    private static Term tuple(Term... elements) {
        return new Term.TupleLiteral(List.of(elements));
    }

    private static Term.MapEntry entry(Term key, Term value) {
        return new Term.MapEntry(key, value);
    }

    private static Term udt(String field, Term value) {
        return new Term.UdtLiteral(List.of(new Term.FieldValue(Identifier.of(field), value)));
    }

    private static Term call(QualifiedName name, Term... arguments) {
        return new Term.FunctionCall(name, List.of(arguments));
    }

    private static Term.BindMarker marker(int index, @Nullable String name) {
        return new Term.BindMarker(index, name == null ? null : Identifier.of(name), Position.NONE);
    }
}
