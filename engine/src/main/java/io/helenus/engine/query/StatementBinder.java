package io.helenus.engine.query;

import io.helenus.cql.CqlParser;
import io.helenus.cql.CqlSyntaxException;
import io.helenus.cql.ast.AuthStatement;
import io.helenus.cql.ast.Batch;
import io.helenus.cql.ast.CqlStatement;
import io.helenus.cql.ast.Identifier;
import io.helenus.cql.ast.Modification;
import io.helenus.cql.ast.QualifiedName;
import io.helenus.cql.ast.Select;
import io.helenus.cql.ast.Using;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.function.Functions;
import io.helenus.engine.query.plan.ModificationAnalyzer;
import io.helenus.engine.query.plan.ModificationPlan;
import io.helenus.engine.query.select.SelectAnalyzer;
import io.helenus.engine.query.term.ColumnSpec;
import io.helenus.engine.query.term.Markers;
import io.helenus.engine.query.term.TermBinder;
import io.helenus.engine.query.term.TypeResolver;
import io.helenus.engine.query.term.ValueTerm;
import io.helenus.engine.schema.ColumnSchema;
import io.helenus.engine.schema.KeyspaceSchema;
import io.helenus.engine.schema.Schema;
import io.helenus.engine.schema.TableSchema;
import io.helenus.engine.schema.TypeNames;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.NativeType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Text to bound statement: parses, and binds to one schema. Immutable; any thread.
final class StatementBinder {
    private final Schema schema;
    private final @Nullable String currentKeyspace;

    StatementBinder(Schema schema, @Nullable String currentKeyspace) {
        this.schema = schema;
        this.currentKeyspace = currentKeyspace;
    }

    static CqlParser.Parsed parse(String text) {
        try {
            return CqlParser.parseWithMarkers(text);
        } catch (CqlSyntaxException e) {
            throw CqlException.syntax(String.valueOf(e.getMessage()));
        }
    }

    Statement.Bound bind(CqlParser.Parsed parsed, String text) {
        return switch (parsed.statement()) {
            case Select select -> {
                TableSchema table = table(select.table());
                TermBinder binder = binder(table, parsed);
                var plan = new SelectAnalyzer(table, binder).analyze(select, text);
                yield bound(new Statement.OfRows(plan), binder.markers());
            }
            case Modification modification -> {
                TableSchema table = table(modification.table());
                TermBinder binder = binder(table, parsed);
                var plan = new ModificationAnalyzer(table, binder).analyze(modification);
                yield bound(new Statement.Change(plan), binder.markers());
            }
            case Batch batch -> batch(batch, parsed);
            case AuthStatement _ ->
                    throw CqlException.invalid(
                            "Roles, users and permissions are not supported yet: every client may do everything");
            case CqlStatement other -> {
                if (!parsed.bindMarkers().isEmpty()) {
                    throw CqlException.invalid(
                            "Bind markers are only supported in SELECT, INSERT, UPDATE, DELETE and BATCH");
                }
                yield new Statement.Bound(new Statement.Other(other), List.of(), List.of());
            }
        };
    }

    private static Statement.Bound bound(Statement statement, Markers markers) {
        List<Integer> keyMarkers =
                Arrays.stream(markers.partitionKeyMarkers()).boxed().toList();
        return new Statement.Bound(statement, markers.specs(), keyMarkers);
    }

    private Statement.Bound batch(Batch batch, CqlParser.Parsed parsed) {
        if (batch.kind() == Batch.Kind.COUNTER) {
            throw CqlException.invalid("Counters are not supported yet");
        }
        // All statements share the markers; with several tables there is no one partition key.
        Markers markers = new Markers(parsed.bindMarkers(), partitionKeyColumns(batch));
        List<ModificationPlan> plans = new ArrayList<>();
        Using using = batch.using();
        ValueTerm timestamp = null;
        if (using.ttl() != null) {
            throw CqlException.invalid("Global TTL on the BATCH statement is not supported.");
        }
        for (Modification modification : batch.statements()) {
            TableSchema table = table(modification.table());
            TermBinder binder = binder(table, markers);
            ModificationPlan plan = new ModificationAnalyzer(table, binder).analyze(modification);
            if (using.timestamp() != null && plan.setsTimestamp()) {
                throw CqlException.invalid(
                        "Timestamp must be set either on BATCH or individual statements");
            }
            plans.add(plan);
        }
        if (using.timestamp() != null) {
            TermBinder binder =
                    new TermBinder(resolver(null), new Functions(List.of()), markers);
            timestamp =
                    binder.bind(
                            using.timestamp(),
                            new ColumnSpec("", "", "[timestamp]", NativeType.BIGINT));
        }
        RequestHandler.BatchKind kind =
                batch.kind() == Batch.Kind.UNLOGGED
                        ? RequestHandler.BatchKind.UNLOGGED
                        : RequestHandler.BatchKind.LOGGED;
        return bound(new Statement.Batch(plans, timestamp, kind), markers);
    }

    private int partitionKeyColumns(Batch batch) {
        int most = 1;
        for (Modification modification : batch.statements()) {
            most = Math.max(most, table(modification.table()).partitionKey().size());
        }
        return most;
    }

    private TermBinder binder(TableSchema table, CqlParser.Parsed parsed) {
        return binder(table, new Markers(parsed.bindMarkers(), table.partitionKey().size()));
    }

    private TermBinder binder(TableSchema table, Markers markers) {
        List<CqlType> keyTypes = table.partitionKey().stream().map(ColumnSchema::type).toList();
        return new TermBinder(resolver(table.keyspace()), new Functions(keyTypes), markers);
    }

    private TypeResolver resolver(@Nullable String keyspaceName) {
        KeyspaceSchema keyspace = keyspaceName == null ? null : schema.keyspace(keyspaceName);
        if (keyspace == null) {
            return name -> {
                throw CqlException.invalid("Unknown type " + name);
            };
        }
        return new TypeNames(keyspace)::resolve;
    }

    TableSchema table(QualifiedName name) {
        Identifier said = name.keyspace();
        String keyspaceName = said == null ? currentKeyspace : said.text();
        if (keyspaceName == null) {
            throw CqlException.invalid(
                    "No keyspace has been specified. USE a keyspace, or explicitly specify keyspace.tablename");
        }
        KeyspaceSchema keyspace = schema.keyspace(keyspaceName);
        if (keyspace == null) {
            throw CqlException.invalid("keyspace %s does not exist".formatted(keyspaceName));
        }
        TableSchema table = keyspace.table(name.name().text());
        if (table == null) {
            throw CqlException.invalid("table %s does not exist".formatted(name.name().text()));
        }
        return table;
    }
}
