package io.helenus.engine.bulk;

import io.helenus.cql.CqlParser;
import io.helenus.cql.CqlSyntaxException;
import io.helenus.cql.ast.Modification;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.function.Functions;
import io.helenus.engine.query.plan.ModificationAnalyzer;
import io.helenus.engine.query.plan.ModificationPlan;
import io.helenus.engine.query.term.ColumnSpec;
import io.helenus.engine.query.term.Markers;
import io.helenus.engine.query.term.TermBinder;
import io.helenus.engine.schema.ColumnSchema;
import io.helenus.engine.schema.KeyspaceSchema;
import io.helenus.engine.schema.TableSchema;
import io.helenus.engine.schema.TypeNames;
import io.helenus.engine.types.CqlType;
import java.util.List;

/// The INSERT or UPDATE by which rows are written. Immutable.
///
/// @param markers what each value stands for
/// @param isOneEntry whether it writes a row in one piece: no static and no multi-cell column, and one
///     row only
record BulkStatement(
        TableSchema table, ModificationPlan plan, List<ColumnSpec> markers, boolean isOneEntry) {
    BulkStatement {
        markers = List.copyOf(markers);
    }

    /// @throws CqlException if it cannot be bound, or not be written without reading
    static BulkStatement bind(BulkSchema schema, String text) {
        CqlParser.Parsed parsed;
        try {
            parsed = CqlParser.parseWithMarkers(text);
        } catch (CqlSyntaxException e) {
            throw CqlException.syntax(String.valueOf(e.getMessage()));
        }
        if (!(parsed.statement() instanceof Modification modification)
                || modification instanceof Modification.Delete) {
            throw CqlException.invalid("Rows are written by INSERT or UPDATE, not by: " + text);
        }
        var said = modification.table().keyspace();
        if (said == null) {
            throw CqlException.invalid(
                    "The statement must name its keyspace: keyspace.%s"
                            .formatted(modification.table().name()));
        }
        KeyspaceSchema keyspace = schema.keyspace(said.text());
        TableSchema table = schema.table(said.text(), modification.table().name().text());
        List<CqlType> keyTypes = table.partitionKey().stream().map(ColumnSchema::type).toList();
        Markers markers = new Markers(parsed.bindMarkers(), keyTypes.size());
        TermBinder binder =
                new TermBinder(new TypeNames(keyspace)::resolve, new Functions(keyTypes), markers);
        ModificationPlan plan = new ModificationAnalyzer(table, binder).analyze(modification);
        if (plan.readsFirst()) {
            throw CqlException.invalid(
                    "Elements of lists by their index cannot be written without reading the list");
        }
        return new BulkStatement(table, plan, markers.specs(), plan.isOneEntry());
    }
}
