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
import io.helenus.cql.ast.Truncate;
import io.helenus.cql.ast.Using;
import io.helenus.engine.coordinator.Replicas;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.error.ErrorCode;
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
import io.helenus.engine.schema.VirtualTable;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.NativeType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Text to bound statement: parses, and binds to one schema. Immutable; any thread.
final class StatementBinder {
    private final Schema schema;
    private final Tables tables;
    private final @Nullable String currentKeyspace;

    StatementBinder(Schema schema, Tables tables, @Nullable String currentKeyspace) {
        this.schema = schema;
        this.tables = tables;
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
                VirtualTable virtual = tables.virtual(table.id());
                Statement statement =
                        virtual != null
                                ? new Statement.ReadVirtual(plan, virtual)
                                : new Statement.Read(plan, tables.store(table), replicas(table));
                yield bound(statement, binder.markers());
            }
            case Modification modification -> {
                TableSchema table = table(modification.table());
                TermBinder binder = binder(table, parsed);
                yield bound(write(modification, table, binder), binder.markers());
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
                yield new Statement.Bound(new Statement.Other(other), schema, List.of(), List.of());
            }
        };
    }

    /// Whether a statement's tables are the same whatever keyspace is in use.
    static boolean namesKeyspaces(CqlStatement statement) {
        return switch (statement) {
            case Select select -> select.table().keyspace() != null;
            case Modification modification -> modification.table().keyspace() != null;
            case Batch batch ->
                    batch.statements().stream().allMatch(StatementBinder::namesKeyspaces);
            case Truncate truncate -> truncate.table().keyspace() != null;
            default -> false;
        };
    }

    private Statement.Write write(Modification modification, TableSchema table, TermBinder binder) {
        if (tables.virtual(table.id()) != null) {
            throw new CqlException(
                    ErrorCode.UNAUTHORIZED, table.keyspace() + " keyspace is not user-modifiable.");
        }
        ModificationPlan plan = new ModificationAnalyzer(table, binder).analyze(modification);
        return new Statement.Write(plan, tables.store(table), replicas(table));
    }

    private Replicas replicas(TableSchema table) {
        return tables.replicas(Objects.requireNonNull(schema.keyspace(table.keyspace())));
    }

    private Statement.Bound bound(Statement statement, Markers markers) {
        List<Integer> keyMarkers = Arrays.stream(markers.partitionKeyMarkers()).boxed().toList();
        return new Statement.Bound(statement, schema, markers.specs(), keyMarkers);
    }

    private Statement.Bound batch(Batch batch, CqlParser.Parsed parsed) {
        if (batch.kind() == Batch.Kind.COUNTER) {
            throw CqlException.invalid("Counters are not supported yet");
        }
        // All statements share the markers; with several tables there is no one partition key.
        Markers markers = new Markers(parsed.bindMarkers(), partitionKeyColumns(batch));
        List<Statement.Write> writes = new ArrayList<>();
        Using using = batch.using();
        ValueTerm timestamp = null;
        if (using.ttl() != null) {
            throw CqlException.invalid("Global TTL on the BATCH statement is not supported.");
        }
        for (Modification modification : batch.statements()) {
            TableSchema table = table(modification.table());
            TermBinder binder = binder(table, markers);
            Statement.Write write = write(modification, table, binder);
            if (using.timestamp() != null && write.plan().setsTimestamp()) {
                throw CqlException.invalid(
                        "Timestamp must be set either on BATCH or individual statements");
            }
            writes.add(write);
        }
        if (using.timestamp() != null) {
            TermBinder binder = new TermBinder(resolver(null), new Functions(List.of()), markers);
            timestamp =
                    binder.bind(
                            using.timestamp(),
                            new ColumnSpec("", "", "[timestamp]", NativeType.BIGINT));
        }
        return bound(new Statement.Batch(kind(batch), writes, timestamp), markers);
    }

    private static RequestHandler.BatchKind kind(Batch batch) {
        return switch (batch.kind()) {
            case LOGGED -> RequestHandler.BatchKind.LOGGED;
            case UNLOGGED -> RequestHandler.BatchKind.UNLOGGED;
            case COUNTER -> RequestHandler.BatchKind.COUNTER;
        };
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
