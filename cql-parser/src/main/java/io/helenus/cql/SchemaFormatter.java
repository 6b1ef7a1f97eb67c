package io.helenus.cql;

import io.helenus.cql.ast.ClusteringOrder;
import io.helenus.cql.ast.ColumnDefinition;
import io.helenus.cql.ast.ColumnMask;
import io.helenus.cql.ast.FieldDefinition;
import io.helenus.cql.ast.Identifier;
import io.helenus.cql.ast.PrimaryKey;
import io.helenus.cql.ast.Property;
import io.helenus.cql.ast.Rename;
import io.helenus.cql.ast.SchemaStatement;
import io.helenus.cql.ast.Term;
import io.helenus.cql.ast.TypeName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The part of [CqlFormatter] for statements that change the schema.
final class SchemaFormatter {
    private final TermFormatter out;
    private final CqlFormatter data;

    SchemaFormatter(TermFormatter out, CqlFormatter data) {
        this.out = out;
        this.data = data;
    }

    void statement(SchemaStatement statement) {
        switch (statement) {
            case SchemaStatement.CreateKeyspace create -> {
                create("KEYSPACE ", create.ifNotExists()).name(create.name());
                properties(create.properties());
            }
            case SchemaStatement.AlterKeyspace alter -> {
                alter("KEYSPACE ", alter.ifExists()).name(alter.name());
                properties(alter.properties());
            }
            case SchemaStatement.DropKeyspace drop ->
                    drop("KEYSPACE ", drop.ifExists()).name(drop.name());
            case SchemaStatement.CreateTable create -> createTable(create);
            case SchemaStatement.AlterTable alter -> {
                alter("TABLE ", alter.ifExists()).name(alter.name());
                change(alter.change());
            }
            case SchemaStatement.DropTable drop ->
                    drop("TABLE ", drop.ifExists()).name(drop.name());
            case SchemaStatement.CreateIndex create -> createIndex(create);
            case SchemaStatement.DropIndex drop ->
                    drop("INDEX ", drop.ifExists()).name(drop.name());
            case SchemaStatement.CreateType create ->
                    create("TYPE ", create.ifNotExists())
                            .typeName(create.name())
                            .add(" (")
                            .list(create.fields(), ", ", this::field)
                            .add(")");
            case SchemaStatement.AlterType alter -> {
                alter("TYPE ", alter.ifExists()).typeName(alter.name());
                change(alter.change());
            }
            case SchemaStatement.DropType drop ->
                    drop("TYPE ", drop.ifExists()).typeName(drop.name());
            case SchemaStatement.CreateFunction create -> createFunction(create);
            case SchemaStatement.DropFunction drop -> {
                drop("FUNCTION ", drop.ifExists()).functionName(drop.name());
                argumentTypes(drop.argumentTypes());
            }
            case SchemaStatement.CreateAggregate create -> createAggregate(create);
            case SchemaStatement.DropAggregate drop -> {
                drop("AGGREGATE ", drop.ifExists()).functionName(drop.name());
                argumentTypes(drop.argumentTypes());
            }
            case SchemaStatement.CreateView create -> createView(create);
            case SchemaStatement.AlterView alter -> {
                alter("MATERIALIZED VIEW ", alter.ifExists()).name(alter.name());
                properties(alter.properties());
            }
            case SchemaStatement.DropView drop ->
                    drop("MATERIALIZED VIEW ", drop.ifExists()).name(drop.name());
            case SchemaStatement.CreateTrigger create ->
                    create("TRIGGER ", create.ifNotExists())
                            .name(create.name())
                            .add(" ON ")
                            .name(create.table())
                            .add(" USING ")
                            .string(create.triggerClass());
            case SchemaStatement.DropTrigger drop ->
                    drop("TRIGGER ", drop.ifExists())
                            .name(drop.name())
                            .add(" ON ")
                            .name(drop.table());
        }
    }

    private TermFormatter create(String what, boolean ifNotExists) {
        return out.add("CREATE ").add(what).addIf(ifNotExists, "IF NOT EXISTS ");
    }

    private TermFormatter alter(String what, boolean ifExists) {
        return out.add("ALTER ").add(what).addIf(ifExists, "IF EXISTS ");
    }

    private TermFormatter drop(String what, boolean ifExists) {
        return out.add("DROP ").add(what).addIf(ifExists, "IF EXISTS ");
    }

    // Tables and views

    private void createTable(SchemaStatement.CreateTable create) {
        create("TABLE ", create.ifNotExists()).name(create.name()).add(" (");
        List<Runnable> elements = new ArrayList<>();
        create.columns().forEach(column -> elements.add(() -> column(column)));
        create.primaryKeys().forEach(key -> elements.add(() -> primaryKey(key)));
        out.list(elements, ", ", Runnable::run);
        out.add(")");
        options(create.clusteringOrder(), create.compactStorage(), create.properties());
    }

    private void column(ColumnDefinition column) {
        out.name(column.name()).add(" ").type(column.type()).addIf(column.isStatic(), " STATIC");
        if (column.mask() != null) {
            mask(column.mask());
        }
    }

    private void mask(ColumnMask mask) {
        out.add(" MASKED WITH ").functionName(mask.function()).arguments(mask.arguments());
    }

    private void primaryKey(PrimaryKey key) {
        out.add("PRIMARY KEY (").names(key.partition());
        for (Identifier column : key.clustering()) {
            out.add(", ").name(column);
        }
        out.add(")");
    }

    private void options(List<ClusteringOrder> order, boolean compact, List<Property> properties) {
        List<Runnable> options = new ArrayList<>();
        if (compact) {
            options.add(() -> out.add("COMPACT STORAGE"));
        }
        if (!order.isEmpty()) {
            options.add(() ->
                    out.add("CLUSTERING ORDER BY (")
                            .list(order, ", ", this::clusteringOrder)
                            .add(")"));
        }
        for (Property property : properties) {
            options.add(() -> property(property));
        }
        if (!options.isEmpty()) {
            out.add(" WITH ").list(options, " AND ", Runnable::run);
        }
    }

    private void clusteringOrder(ClusteringOrder order) {
        out.name(order.column()).add(order.descending() ? " DESC" : " ASC");
    }

    private void change(SchemaStatement.TableChange change) {
        switch (change) {
            case SchemaStatement.AddColumns(boolean ifNotExists, List<ColumnDefinition> columns) ->
                    out.add(" ADD ")
                            .addIf(ifNotExists, "IF NOT EXISTS ")
                            .add("(")
                            .list(columns, ", ", this::column)
                            .add(")");
            case SchemaStatement.DropColumns drop -> {
                out.add(" DROP ").addIf(drop.ifExists(), "IF EXISTS ").names(drop.columns());
                if (drop.timestampMicros() != null) {
                    out.add(" USING TIMESTAMP " + drop.timestampMicros());
                }
            }
            case SchemaStatement.RenameColumns(boolean ifExists, List<Rename> renames) ->
                    renames(ifExists, renames);
            case SchemaStatement.AlterColumnType(Identifier column, TypeName type) ->
                    out.add(" ALTER ").name(column).add(" TYPE ").type(type);
            case SchemaStatement.AlterColumnMask alter -> {
                out.add(" ALTER ").addIf(alter.ifExists(), "IF EXISTS ").name(alter.column());
                if (alter.mask() == null) {
                    out.add(" DROP MASKED");
                } else {
                    mask(alter.mask());
                }
            }
            case SchemaStatement.DropCompactStorage _ -> out.add(" DROP COMPACT STORAGE");
            case SchemaStatement.AlterProperties(List<Property> properties) ->
                    properties(properties);
        }
    }

    private void renames(boolean ifExists, List<Rename> renames) {
        out.add(" RENAME ").addIf(ifExists, "IF EXISTS ").list(renames, " AND ", this::rename);
    }

    private void rename(Rename rename) {
        out.name(rename.from()).add(" TO ").name(rename.to());
    }

    private void createView(SchemaStatement.CreateView create) {
        create("MATERIALIZED VIEW ", create.ifNotExists()).name(create.name());
        out.add(" AS SELECT ");
        data.selection(create.selection());
        out.add(" FROM ").name(create.base());
        data.where(create.where());
        out.add(" ");
        primaryKey(create.primaryKey());
        options(create.clusteringOrder(), false, create.properties());
    }

    // Indexes

    private void createIndex(SchemaStatement.CreateIndex create) {
        create(create.custom() ? "CUSTOM INDEX " : "INDEX ", create.ifNotExists());
        if (create.name() != null) {
            out.name(create.name()).add(" ");
        }
        out.add("ON ").name(create.table()).add(" (");
        out.list(create.targets(), ", ", this::target).add(")");
        if (create.indexClass() != null) {
            out.add(" USING ").string(create.indexClass());
        }
        properties(create.properties());
    }

    private void target(SchemaStatement.IndexTarget target) {
        if (target.kind() == SchemaStatement.IndexTargetKind.SIMPLE) {
            out.name(target.column());
        } else {
            out.add(target.kind().name() + "(").name(target.column()).add(")");
        }
    }

    // Types and functions

    private void field(FieldDefinition field) {
        out.name(field.name()).add(" ").type(field.type());
    }

    private void change(SchemaStatement.TypeChange change) {
        switch (change) {
            case SchemaStatement.AddField(boolean ifNotExists, FieldDefinition field) -> {
                out.add(" ADD ").addIf(ifNotExists, "IF NOT EXISTS ");
                field(field);
            }
            case SchemaStatement.RenameFields(boolean ifExists, List<Rename> renames) ->
                    renames(ifExists, renames);
            case SchemaStatement.AlterFieldType(Identifier field, TypeName type) ->
                    out.add(" ALTER ").name(field).add(" TYPE ").type(type);
        }
    }

    private void createFunction(SchemaStatement.CreateFunction create) {
        create(create.orReplace() ? "OR REPLACE FUNCTION " : "FUNCTION ", create.ifNotExists())
                .functionName(create.name())
                .add("(")
                .list(create.arguments(), ", ", this::field)
                .add(create.calledOnNullInput() ? ") CALLED" : ") RETURNS NULL")
                .add(" ON NULL INPUT RETURNS ")
                .type(create.returnType())
                .add(" LANGUAGE " + create.language() + " AS ")
                .string(create.body());
    }

    private void createAggregate(SchemaStatement.CreateAggregate create) {
        create(create.orReplace() ? "OR REPLACE AGGREGATE " : "AGGREGATE ", create.ifNotExists())
                .functionName(create.name());
        argumentTypes(create.argumentTypes());
        out.add(" SFUNC ").localFunctionName(create.stateFunction());
        out.add(" STYPE ").type(create.stateType());
        if (create.finalFunction() != null) {
            out.add(" FINALFUNC ").localFunctionName(create.finalFunction());
        }
        @Nullable Term initialCondition = create.initialCondition();
        if (initialCondition != null) {
            out.add(" INITCOND ").term(initialCondition);
        }
    }

    private void argumentTypes(@Nullable List<TypeName> types) {
        if (types != null) {
            out.add("(").list(types, ", ", out::type).add(")");
        }
    }

    // Properties

    private void properties(List<Property> properties) {
        if (!properties.isEmpty()) {
            out.add(" WITH ").list(properties, " AND ", this::property);
        }
    }

    private void property(Property property) {
        out.name(property.name()).add(" = ");
        switch (property.value()) {
            case Property.Scalar(Term.Literal literal) -> out.literal(literal);
            case Property.Word(String text) -> out.add(text);
            case Property.MapValue(List<Property.Entry> entries) -> map(out, entries);
        }
    }

    static void map(TermFormatter out, List<Property.Entry> entries) {
        out.add("{")
                .list(entries, ", ", e -> out.literal(e.key()).add(": ").literal(e.value()))
                .add("}");
    }
}
