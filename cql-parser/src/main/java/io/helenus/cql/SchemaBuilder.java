package io.helenus.cql;

import io.helenus.cql.ast.ClusteringOrder;
import io.helenus.cql.ast.ColumnDefinition;
import io.helenus.cql.ast.ColumnMask;
import io.helenus.cql.ast.FieldDefinition;
import io.helenus.cql.ast.Identifier;
import io.helenus.cql.ast.PrimaryKey;
import io.helenus.cql.ast.Property;
import io.helenus.cql.ast.QualifiedName;
import io.helenus.cql.ast.Relation;
import io.helenus.cql.ast.Rename;
import io.helenus.cql.ast.SchemaStatement;
import io.helenus.cql.ast.Select;
import io.helenus.cql.ast.Term;
import io.helenus.cql.ast.TypeName;
import io.helenus.cql.grammar.CqlGrammar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/// Contexts → statements that change the schema.
final class SchemaBuilder {
    private final TermBuilder terms;
    private final DataBuilder data;

    SchemaBuilder(TermBuilder terms, DataBuilder data) {
        this.terms = terms;
        this.data = data;
    }

    // Keyspaces

    SchemaStatement createKeyspace(CqlGrammar.CreateKeyspaceContext context) {
        return new SchemaStatement.CreateKeyspace(
                terms.identifier(context.identifier()),
                context.ifNotExists() != null,
                properties(context.properties()));
    }

    SchemaStatement alterKeyspace(CqlGrammar.AlterKeyspaceContext context) {
        return new SchemaStatement.AlterKeyspace(
                terms.identifier(context.identifier()),
                context.ifExists() != null,
                properties(context.properties()));
    }

    SchemaStatement dropKeyspace(CqlGrammar.DropKeyspaceContext context) {
        return new SchemaStatement.DropKeyspace(
                terms.identifier(context.identifier()), context.ifExists() != null);
    }

    // Tables

    SchemaStatement createTable(CqlGrammar.CreateTableContext context) {
        QualifiedName name = terms.tableName(context.tableName());
        List<ColumnDefinition> columns = new ArrayList<>();
        List<PrimaryKey> primaryKeys = new ArrayList<>();
        for (CqlGrammar.TableElementContext element : context.tableElement()) {
            if (element.primaryKey() != null) {
                primaryKeys.add(primaryKey(element.primaryKey()));
                continue;
            }
            ColumnDefinition column = columnDefinition(element.columnDefinition());
            columns.add(column);
            if (element.PRIMARY() != null) {
                primaryKeys.add(new PrimaryKey(List.of(column.name()), List.of()));
            }
        }
        TableOptions options = tableOptions(context.tableOption());
        return new SchemaStatement.CreateTable(
                name,
                context.ifNotExists() != null,
                columns,
                primaryKeys,
                options.clusteringOrder,
                options.compactStorage,
                options.properties);
    }

    private ColumnDefinition columnDefinition(CqlGrammar.ColumnDefinitionContext context) {
        Identifier name = terms.identifier(context.identifier());
        TypeName type = terms.type(context.type());
        CqlGrammar.ColumnMaskContext mask = context.columnMask();
        return new ColumnDefinition(
                name, type, context.STATIC() != null, mask == null ? null : columnMask(mask));
    }

    private ColumnMask columnMask(CqlGrammar.ColumnMaskContext context) {
        if (context.DEFAULT() != null) {
            Identifier name =
                    new Identifier("mask_default", Syntax.position(context.DEFAULT().getSymbol()));
            return new ColumnMask(new QualifiedName(null, name), List.of());
        }
        return new ColumnMask(
                terms.functionName(context.functionName()), terms.values(context.terms()));
    }

    private PrimaryKey primaryKey(CqlGrammar.PrimaryKeyContext context) {
        CqlGrammar.PartitionKeyContext partition = context.partitionKey();
        List<Identifier> partitionColumns =
                partition.identifiers() == null
                        ? List.of(terms.identifier(partition.identifier()))
                        : terms.identifiers(partition.identifiers());
        List<Identifier> clustering = new ArrayList<>();
        for (CqlGrammar.IdentifierContext column : context.identifier()) {
            clustering.add(terms.identifier(column));
        }
        return new PrimaryKey(partitionColumns, clustering);
    }

    private record TableOptions(
            List<ClusteringOrder> clusteringOrder,
            boolean compactStorage,
            List<Property> properties) {}

    private TableOptions tableOptions(List<CqlGrammar.TableOptionContext> contexts) {
        List<ClusteringOrder> clusteringOrder = new ArrayList<>();
        boolean compactStorage = false;
        List<CqlGrammar.PropertyContext> properties = new ArrayList<>();
        for (CqlGrammar.TableOptionContext context : contexts) {
            if (context.property() != null) {
                properties.add(context.property());
            } else if (context.COMPACT() != null) {
                compactStorage = true;
            } else {
                for (CqlGrammar.ClusteringOrderContext order : context.clusteringOrder()) {
                    clusteringOrder.add(
                            new ClusteringOrder(
                                    terms.identifier(order.identifier()), order.DESC() != null));
                }
            }
        }
        return new TableOptions(clusteringOrder, compactStorage, properties(properties));
    }

    SchemaStatement alterTable(CqlGrammar.AlterTableContext context) {
        return new SchemaStatement.AlterTable(
                terms.tableName(context.tableName()),
                context.ifExists() != null,
                change(context.tableChange()));
    }

    private SchemaStatement.TableChange change(CqlGrammar.TableChangeContext context) {
        return switch (context) {
            case CqlGrammar.AlterColumnTypeContext alter ->
                    new SchemaStatement.AlterColumnType(
                            terms.identifier(alter.identifier()), terms.type(alter.type()));
            case CqlGrammar.AlterColumnMaskContext alter ->
                    new SchemaStatement.AlterColumnMask(
                            alter.ifExists() != null,
                            terms.identifier(alter.identifier()),
                            alter.columnMask() == null ? null : columnMask(alter.columnMask()));
            case CqlGrammar.AddColumnsContext add -> {
                List<ColumnDefinition> columns = new ArrayList<>();
                for (CqlGrammar.ColumnDefinitionContext column : add.columnDefinition()) {
                    columns.add(columnDefinition(column));
                }
                yield new SchemaStatement.AddColumns(add.ifNotExists() != null, columns);
            }
            case CqlGrammar.DropColumnsContext drop ->
                    new SchemaStatement.DropColumns(
                            drop.ifExists() != null,
                            drop.identifiers() == null
                                    ? List.of(terms.identifier(drop.identifier()))
                                    : terms.identifiers(drop.identifiers()),
                            timestamp(drop));
            case CqlGrammar.DropCompactStorageContext _ -> new SchemaStatement.DropCompactStorage();
            case CqlGrammar.RenameColumnsContext rename ->
                    new SchemaStatement.RenameColumns(
                            rename.ifExists() != null, renames(rename.renames()));
            case CqlGrammar.AlterPropertiesContext alter ->
                    new SchemaStatement.AlterProperties(properties(alter.properties()));
            default -> throw new AssertionError(context.getClass());
        };
    }

    private static @Nullable Long timestamp(CqlGrammar.DropColumnsContext context) {
        TerminalNode micros = context.INTEGER_VALUE();
        if (micros == null) {
            return null;
        }
        String sign = context.MINUS() == null ? "" : "-";
        try {
            return Long.parseLong(sign + micros.getText());
        } catch (NumberFormatException tooLarge) {
            throw Syntax.error(
                    micros.getSymbol(), micros.getText() + " is too large for a timestamp");
        }
    }

    private List<Rename> renames(CqlGrammar.RenamesContext context) {
        List<Rename> renames = new ArrayList<>();
        for (CqlGrammar.RenameContext rename : context.rename()) {
            renames.add(
                    new Rename(
                            terms.identifier(rename.identifier(0)),
                            terms.identifier(rename.identifier(1))));
        }
        return renames;
    }

    SchemaStatement dropTable(CqlGrammar.DropTableContext context) {
        return new SchemaStatement.DropTable(
                terms.tableName(context.tableName()), context.ifExists() != null);
    }

    // Indexes

    SchemaStatement createIndex(CqlGrammar.CreateIndexContext context) {
        List<SchemaStatement.IndexTarget> targets = new ArrayList<>();
        for (CqlGrammar.IndexTargetContext target : context.indexTarget()) {
            SchemaStatement.IndexTargetKind kind =
                    target.LPAREN() == null
                            ? SchemaStatement.IndexTargetKind.SIMPLE
                            : SchemaStatement.IndexTargetKind.valueOf(
                                    target.getStart().getText().toUpperCase(Locale.ROOT));
            targets.add(
                    new SchemaStatement.IndexTarget(kind, terms.identifier(target.identifier())));
        }
        CqlGrammar.IdentifierContext name = context.identifier();
        TerminalNode indexClass = context.STRING_VALUE();
        return new SchemaStatement.CreateIndex(
                context.CUSTOM() != null,
                context.ifNotExists() != null,
                name == null ? null : terms.identifier(name),
                terms.tableName(context.tableName()),
                targets,
                indexClass == null ? null : Syntax.string(indexClass.getSymbol()),
                context.properties() == null ? List.of() : properties(context.properties()));
    }

    SchemaStatement dropIndex(CqlGrammar.DropIndexContext context) {
        return new SchemaStatement.DropIndex(
                terms.tableName(context.tableName()), context.ifExists() != null);
    }

    // Types

    SchemaStatement createType(CqlGrammar.CreateTypeContext context) {
        return new SchemaStatement.CreateType(
                terms.typeName(context.typeName()),
                context.ifNotExists() != null,
                fieldDefinitions(context.fieldDefinition()));
    }

    private FieldDefinition fieldDefinition(CqlGrammar.FieldDefinitionContext context) {
        return new FieldDefinition(
                terms.identifier(context.identifier()), terms.type(context.type()));
    }

    private List<FieldDefinition> fieldDefinitions(
            List<CqlGrammar.FieldDefinitionContext> contexts) {
        List<FieldDefinition> fields = new ArrayList<>();
        for (CqlGrammar.FieldDefinitionContext context : contexts) {
            fields.add(fieldDefinition(context));
        }
        return fields;
    }

    SchemaStatement alterType(CqlGrammar.AlterTypeContext context) {
        SchemaStatement.TypeChange change =
                switch (context.typeChange()) {
                    case CqlGrammar.AlterFieldTypeContext alter ->
                            new SchemaStatement.AlterFieldType(
                                    terms.identifier(alter.identifier()), terms.type(alter.type()));
                    case CqlGrammar.AddFieldContext add ->
                            new SchemaStatement.AddField(
                                    add.ifNotExists() != null,
                                    fieldDefinition(add.fieldDefinition()));
                    case CqlGrammar.RenameFieldsContext rename ->
                            new SchemaStatement.RenameFields(
                                    rename.ifExists() != null, renames(rename.renames()));
                    default -> throw new AssertionError(context.typeChange().getClass());
                };
        return new SchemaStatement.AlterType(
                terms.typeName(context.typeName()), context.ifExists() != null, change);
    }

    SchemaStatement dropType(CqlGrammar.DropTypeContext context) {
        return new SchemaStatement.DropType(
                terms.typeName(context.typeName()), context.ifExists() != null);
    }

    // Functions

    SchemaStatement createFunction(CqlGrammar.CreateFunctionContext context) {
        return new SchemaStatement.CreateFunction(
                terms.functionName(context.functionName()),
                context.REPLACE() != null,
                context.ifNotExists() != null,
                fieldDefinitions(context.fieldDefinition()),
                context.CALLED() != null,
                terms.type(context.type()),
                context.IDENTIFIER().getText().toLowerCase(Locale.ROOT),
                Syntax.string(context.STRING_VALUE().getSymbol()));
    }

    SchemaStatement dropFunction(CqlGrammar.DropFunctionContext context) {
        return new SchemaStatement.DropFunction(
                terms.functionName(context.functionName()),
                context.ifExists() != null,
                context.argumentTypes() == null ? null : argumentTypes(context.argumentTypes()));
    }

    List<TypeName> argumentTypes(CqlGrammar.ArgumentTypesContext context) {
        return terms.types(context.type());
    }

    SchemaStatement createAggregate(CqlGrammar.CreateAggregateContext context) {
        CqlGrammar.TermContext initialCondition = context.term();
        return new SchemaStatement.CreateAggregate(
                terms.functionName(context.functionName()),
                context.REPLACE() != null,
                context.ifNotExists() != null,
                argumentTypes(context.argumentTypes()),
                terms.identifier(context.stateFunction),
                terms.type(context.type()),
                context.finalFunction == null ? null : terms.identifier(context.finalFunction),
                initialCondition == null ? null : terms.value(initialCondition));
    }

    SchemaStatement dropAggregate(CqlGrammar.DropAggregateContext context) {
        return new SchemaStatement.DropAggregate(
                terms.functionName(context.functionName()),
                context.ifExists() != null,
                context.argumentTypes() == null ? null : argumentTypes(context.argumentTypes()));
    }

    // Views and triggers

    SchemaStatement createView(CqlGrammar.CreateViewContext context) {
        Select.Selection selection = data.selection(context.selection());
        List<Relation> where = data.where(context.where());
        for (CqlGrammar.TableOptionContext option : context.tableOption()) {
            if (option.COMPACT() != null) {
                throw Syntax.error(option.getStart(), "a view has no COMPACT STORAGE");
            }
        }
        TableOptions options = tableOptions(context.tableOption());
        return new SchemaStatement.CreateView(
                terms.tableName(context.tableName(0)),
                context.ifNotExists() != null,
                selection,
                terms.tableName(context.tableName(1)),
                where,
                primaryKey(context.primaryKey()),
                options.clusteringOrder,
                options.properties);
    }

    SchemaStatement alterView(CqlGrammar.AlterViewContext context) {
        return new SchemaStatement.AlterView(
                terms.tableName(context.tableName()),
                context.ifExists() != null,
                properties(context.properties()));
    }

    SchemaStatement dropView(CqlGrammar.DropViewContext context) {
        return new SchemaStatement.DropView(
                terms.tableName(context.tableName()), context.ifExists() != null);
    }

    SchemaStatement createTrigger(CqlGrammar.CreateTriggerContext context) {
        return new SchemaStatement.CreateTrigger(
                terms.identifier(context.identifier()),
                context.ifNotExists() != null,
                terms.tableName(context.tableName()),
                Syntax.string(context.STRING_VALUE().getSymbol()));
    }

    SchemaStatement dropTrigger(CqlGrammar.DropTriggerContext context) {
        return new SchemaStatement.DropTrigger(
                terms.identifier(context.identifier()),
                context.ifExists() != null,
                terms.tableName(context.tableName()));
    }

    // Properties

    private List<Property> properties(CqlGrammar.PropertiesContext context) {
        return properties(context.property());
    }

    private List<Property> properties(List<CqlGrammar.PropertyContext> contexts) {
        List<Property> properties = new ArrayList<>();
        Set<Identifier> names = new HashSet<>();
        for (CqlGrammar.PropertyContext context : contexts) {
            Identifier name = terms.identifier(context.identifier());
            if (!names.add(name)) {
                throw twice(context.getStart(), name.text());
            }
            properties.add(new Property(name, propertyValue(context)));
        }
        return properties;
    }

    private static Property.Value propertyValue(CqlGrammar.PropertyContext context) {
        if (context.propertyMap() != null) {
            return new Property.MapValue(entries(context.propertyMap()));
        }
        return context.word() == null
                ? new Property.Scalar(TermBuilder.literal(context.signedConstant()))
                : new Property.Word(context.word().getText());
    }

    static List<Property.Entry> entries(CqlGrammar.PropertyMapContext context) {
        List<Property.Entry> entries = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (CqlGrammar.PropertyEntryContext entry : context.propertyEntry()) {
            Term.Literal key = TermBuilder.literal(entry.key);
            if (!keys.add(key.text())) {
                throw twice(entry.getStart(), key.text());
            }
            entries.add(new Property.Entry(key, TermBuilder.literal(entry.value)));
        }
        return entries;
    }

    private static CqlSyntaxException twice(Token token, String name) {
        return Syntax.error(token, "Multiple definition for property " + name);
    }
}
