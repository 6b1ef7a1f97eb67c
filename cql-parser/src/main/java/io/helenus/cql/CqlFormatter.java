package io.helenus.cql;

import io.helenus.cql.ast.AuthStatement;
import io.helenus.cql.ast.Batch;
import io.helenus.cql.ast.Condition;
import io.helenus.cql.ast.CqlStatement;
import io.helenus.cql.ast.Describe;
import io.helenus.cql.ast.Identifier;
import io.helenus.cql.ast.InValues;
import io.helenus.cql.ast.Modification;
import io.helenus.cql.ast.QualifiedName;
import io.helenus.cql.ast.Relation;
import io.helenus.cql.ast.SchemaStatement;
import io.helenus.cql.ast.Select;
import io.helenus.cql.ast.Term;
import io.helenus.cql.ast.Truncate;
import io.helenus.cql.ast.TypeName;
import io.helenus.cql.ast.Use;
import io.helenus.cql.ast.Using;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tree → text, on one line, without a semicolon. Parsing the text gives an equal tree, for every
/// tree that the parser made. The text holds passwords if the statement does.
public final class CqlFormatter {
    private final TermFormatter out = new TermFormatter();

    private CqlFormatter() {}

    public static String format(CqlStatement statement) {
        CqlFormatter formatter = new CqlFormatter();
        formatter.statement(statement);
        return formatter.out.text();
    }

    public static String format(Term term) {
        return new TermFormatter().term(term).text();
    }

    public static String format(TypeName type) {
        return new TermFormatter().type(type).text();
    }

    /// The name with its quotes, as far as it needs them.
    public static String format(QualifiedName name) {
        return new TermFormatter().name(name).text();
    }

    private void statement(CqlStatement statement) {
        switch (statement) {
            case Select select -> select(select);
            case Modification modification -> modification(modification);
            case Batch batch -> batch(batch);
            case Truncate(QualifiedName table) -> out.add("TRUNCATE TABLE ").name(table);
            case Use(Identifier keyspace) -> out.add("USE ").name(keyspace);
            case Describe describe -> describe(describe);
            case SchemaStatement schema -> new SchemaFormatter(out, this).statement(schema);
            case AuthStatement auth -> new AuthFormatter(out).statement(auth);
        }
    }

    // Reading

    private void select(Select select) {
        out.add("SELECT ").addIf(select.json(), "JSON ").addIf(select.distinct(), "DISTINCT ");
        selection(select.selection());
        out.add(" FROM ").name(select.table());
        where(select.where());
        if (!select.groupBy().isEmpty()) {
            out.add(" GROUP BY ").list(select.groupBy(), ", ", out::term);
        }
        if (!select.orderBy().isEmpty()) {
            out.add(" ORDER BY ").list(select.orderBy(), ", ", this::ordering);
        }
        optional(" PER PARTITION LIMIT ", select.perPartitionLimit());
        optional(" LIMIT ", select.limit());
        out.addIf(select.allowFiltering(), " ALLOW FILTERING");
    }

    private void optional(String clause, @Nullable Term term) {
        if (term != null) {
            out.add(clause).term(term);
        }
    }

    void selection(Select.Selection selection) {
        switch (selection) {
            case Select.All _ -> out.add("*");
            case Select.Selectors(List<Select.Selector> selectors) ->
                    out.list(selectors, ", ", this::selector);
        }
    }

    private void selector(Select.Selector selector) {
        out.term(selector.term());
        if (selector.alias() != null) {
            out.add(" AS ").name(selector.alias());
        }
    }

    private void ordering(Select.Ordering ordering) {
        out.name(ordering.column());
        if (ordering instanceof Select.ByNearest nearest) {
            out.add(" ANN OF ").term(nearest.vector());
        }
        out.addIf(ordering.descending(), " DESC");
    }

    void where(List<Relation> relations) {
        if (!relations.isEmpty()) {
            out.add(" WHERE ").list(relations, " AND ", this::relation);
        }
    }

    private void relation(Relation relation) {
        switch (relation) {
            case Relation.Compare compare ->
                    out.name(compare.column())
                            .add(" " + compare.operator().symbol() + " ")
                            .term(compare.value());
            case Relation.In(Identifier column, InValues values) -> {
                out.name(column);
                in(values);
            }
            case Relation.IsNotNull(Identifier column) -> out.name(column).add(" IS NOT NULL");
            case Relation.CompareElement compare ->
                    out.name(compare.column())
                            .add("[")
                            .term(compare.key())
                            .add("] " + compare.operator().symbol() + " ")
                            .term(compare.value());
            case Relation.CompareToken compare ->
                    out.add("token")
                            .names(compare.columns())
                            .add(" " + compare.operator().symbol() + " ")
                            .term(compare.value());
            case Relation.CompareTuple compare ->
                    out.names(compare.columns())
                            .add(" " + compare.operator().symbol() + " ")
                            .term(compare.value());
            case Relation.InTuple(List<Identifier> columns, InValues values) -> {
                out.names(columns);
                in(values);
            }
            case Relation.IndexExpression(Identifier index, Term value) ->
                    out.add("expr(").name(index).add(", ").term(value).add(")");
        }
    }

    private void in(InValues values) {
        out.add(" IN ");
        switch (values) {
            case InValues.Values(List<Term> terms) -> out.arguments(terms);
            case InValues.Marker(Term.BindMarker marker) -> out.term(marker);
        }
    }

    // Writing

    private void modification(Modification modification) {
        switch (modification) {
            case Modification.Insert insert -> {
                out.add("INSERT INTO ").name(insert.table()).add(" ").names(insert.columns());
                out.add(" VALUES ").arguments(insert.values());
                out.addIf(insert.ifNotExists(), " IF NOT EXISTS");
                using(insert.using());
            }
            case Modification.InsertJson insert -> {
                out.add("INSERT INTO ").name(insert.table()).add(" JSON ").term(insert.json());
                out.addIf(insert.defaultUnset(), " DEFAULT UNSET");
                out.addIf(insert.ifNotExists(), " IF NOT EXISTS");
                using(insert.using());
            }
            case Modification.Update update -> {
                out.add("UPDATE ").name(update.table());
                using(update.using());
                out.add(" SET ").list(update.assignments(), ", ", this::assignment);
                where(update.where());
                onlyIf(update.ifExists(), update.conditions());
            }
            case Modification.Delete delete -> {
                out.add("DELETE ").list(delete.deletions(), ", ", this::deletion);
                out.addIf(!delete.deletions().isEmpty(), " ");
                out.add("FROM ").name(delete.table());
                using(delete.using());
                where(delete.where());
                onlyIf(delete.ifExists(), delete.conditions());
            }
        }
    }

    private void using(Using using) {
        optional(" USING TIMESTAMP ", using.timestamp());
        optional(using.timestamp() == null ? " USING TTL " : " AND TTL ", using.ttl());
    }

    private void assignment(Modification.Assignment assignment) {
        out.name(assignment.column());
        switch (assignment) {
            case Modification.SetColumn(_, Term value) -> out.add(" = ").term(value);
            case Modification.SetElement(_, Term key, Term value) ->
                    out.add("[").term(key).add("] = ").term(value);
            case Modification.SetField(_, Identifier field, Term value) ->
                    out.add(".").name(field).add(" = ").term(value);
            case Modification.Add(_, Term value) -> out.add(" += ").term(value);
            case Modification.Subtract(_, Term value) -> out.add(" -= ").term(value);
            case Modification.Prepend(Identifier column, Term value) ->
                    out.add(" = ").term(value).add(" + ").name(column);
        }
    }

    private void deletion(Modification.Deletion deletion) {
        out.name(deletion.column());
        switch (deletion) {
            case Modification.DeleteColumn _ -> {}
            case Modification.DeleteElement(_, Term key) -> out.add("[").term(key).add("]");
            case Modification.DeleteField(_, Identifier field) -> out.add(".").name(field);
        }
    }

    private void onlyIf(boolean ifExists, List<Condition> conditions) {
        out.addIf(ifExists, " IF EXISTS");
        if (!conditions.isEmpty()) {
            out.add(" IF ").list(conditions, " AND ", this::condition);
        }
    }

    private void condition(Condition condition) {
        switch (condition.target()) {
            case Condition.Column(Identifier column) -> out.name(column);
            case Condition.Element(Identifier column, Term key) ->
                    out.name(column).add("[").term(key).add("]");
            case Condition.Field(Identifier column, Identifier field) ->
                    out.name(column).add(".").name(field);
        }
        switch (condition) {
            case Condition.Compare compare ->
                    out.add(" " + compare.operator().symbol() + " ").term(compare.value());
            case Condition.In(_, InValues values) -> in(values);
        }
    }

    private void batch(Batch batch) {
        out.add("BEGIN ");
        out.addIf(batch.kind() != Batch.Kind.LOGGED, batch.kind().name() + " ");
        out.add("BATCH");
        using(batch.using());
        for (Modification modification : batch.statements()) {
            out.add(" ");
            modification(modification);
            out.add(";");
        }
        out.add(" APPLY BATCH");
    }

    // Descriptions

    private void describe(Describe describe) {
        out.add("DESCRIBE ");
        switch (describe.target()) {
            case Describe.Listing listing -> out.add(listing.name());
            case Describe.Schema(boolean full) -> out.addIf(full, "FULL ").add("SCHEMA");
            case Describe.Keyspace(Identifier keyspace, boolean only) -> {
                out.addIf(only, "ONLY ").add("KEYSPACE");
                if (keyspace != null) {
                    out.add(" ").name(keyspace);
                }
            }
            case Describe.Named(Describe.Kind kind, QualifiedName name) -> {
                switch (kind) {
                    case ANY -> out.unmistakable(name);
                    case TABLE -> out.add("TABLE ").name(name);
                    case INDEX -> out.add("INDEX ").name(name);
                    case MATERIALIZED_VIEW -> out.add("MATERIALIZED VIEW ").name(name);
                    case TYPE -> out.add("TYPE ").typeName(name);
                    case FUNCTION -> out.add("FUNCTION ").functionName(name);
                    case AGGREGATE -> out.add("AGGREGATE ").functionName(name);
                }
            }
        }
        out.addIf(describe.internals(), " WITH INTERNALS");
    }
}
