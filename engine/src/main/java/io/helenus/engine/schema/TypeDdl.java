package io.helenus.engine.schema;

import io.helenus.cql.ast.FieldDefinition;
import io.helenus.cql.ast.QualifiedName;
import io.helenus.cql.ast.Rename;
import io.helenus.cql.ast.SchemaStatement;
import io.helenus.cql.ast.SchemaStatement.AlterType;
import io.helenus.cql.ast.SchemaStatement.CreateType;
import io.helenus.cql.ast.SchemaStatement.DropType;
import io.helenus.cql.ast.TypeName;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.UserType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// CREATE, ALTER and DROP TYPE.
final class TypeDdl {
    /// Words that the language may need for types of its own.
    private static final Set<String> RESERVED =
            Set.of(
                    "byte",
                    "smallint",
                    "complex",
                    "enum",
                    "date",
                    "interval",
                    "macaddr",
                    "bitstring");

    private final Schema schema;

    TypeDdl(Schema schema) {
        this.schema = schema;
    }

    @Nullable SchemaTransformation create(String keyspaceName, CreateType create) {
        String name = create.name().name().text();
        if (RESERVED.contains(name)) {
            throw CqlException.syntax("Invalid (reserved) user type name " + name);
        }
        create.fields().forEach(field -> TypeNames.checkFreezing(field.type()));
        DdlAnalyzer.requireModifiable(
                keyspaceName, "CREATE", "<all tables in " + keyspaceName + ">");
        KeyspaceSchema keyspace = schema.keyspace(keyspaceName);
        if (keyspace == null) {
            throw CqlException.invalid("Keyspace '" + keyspaceName + "' doesn't exist");
        }
        if (keyspace.type(name) != null) {
            if (create.ifNotExists()) {
                return null;
            }
            throw CqlException.invalid("A user type with name '" + name + "' already exists");
        }
        Set<String> seen = new HashSet<>();
        for (FieldDefinition field : create.fields()) {
            if (!seen.add(field.name().text())) {
                throw CqlException.invalid(
                        "Duplicate field name '%s' in type '%s'".formatted(field.name(), name));
            }
        }
        create.fields().forEach(field -> checkFieldType(field.type()));
        TypeNames types = new TypeNames(keyspace);
        return new SchemaTransformation.CreateType(
                new UserType(
                        keyspaceName,
                        name,
                        create.fields().stream().map(field -> field.name().text()).toList(),
                        create.fields().stream().map(field -> types.resolve(field.type())).toList(),
                        false));
    }

    private static void checkFieldType(TypeName type) {
        if (TypeNames.isCounter(type)) {
            throw CqlException.invalid("A user type cannot contain counters");
        }
        if (TypeNames.isUserType(type)) {
            throw CqlException.invalid("A user type cannot contain non-frozen UDTs");
        }
    }

    @Nullable SchemaTransformation alter(String keyspaceName, AlterType alter) {
        String name = alter.name().name().text();
        if (alter.change() instanceof SchemaStatement.AddField(_, FieldDefinition field)) {
            TypeNames.checkFreezing(field.type());
        }
        DdlAnalyzer.requireModifiable(
                keyspaceName, "ALTER", "<all tables in " + keyspaceName + ">");
        KeyspaceSchema keyspace = schema.keyspace(keyspaceName);
        UserType type = keyspace == null ? null : keyspace.type(name);
        if (keyspace == null || type == null) {
            if (alter.ifExists()) {
                return null;
            }
            throw CqlException.invalid("Type %s.%s doesn't exist".formatted(keyspaceName, name));
        }
        return switch (alter.change()) {
            case SchemaStatement.AddField add -> addField(keyspace, type, add);
            case SchemaStatement.RenameFields rename -> renameFields(type, rename);
            case SchemaStatement.AlterFieldType _ ->
                    throw CqlException.invalid("Altering field types is no longer supported");
        };
    }

    private static @Nullable SchemaTransformation addField(
            KeyspaceSchema keyspace, UserType type, SchemaStatement.AddField add) {
        String field = add.field().name().text();
        checkFieldType(add.field().type());
        if (type.fieldIndex(field) >= 0) {
            if (add.ifNotExists()) {
                return null;
            }
            throw CqlException.invalid(
                    "Cannot add field %s to type %s: a field with name %s already exists"
                            .formatted(field, qualified(type), field));
        }
        CqlType fieldType = new TypeNames(keyspace).resolve(add.field().type());
        String adding =
                "Cannot add new field %s of type %s to user type %s as "
                        .formatted(
                                field,
                                TypeNames.text(qualified(keyspace.name(), add.field().type())),
                                qualified(type));
        if (fieldType.referencesUserType(type.keyspace(), type.name())) {
            throw CqlException.invalid(adding + "it would create a circular reference");
        }
        String tables =
                keyspace.tables().values().stream()
                        .filter(table -> isInPartitionKey(table, type))
                        .map(TableSchema::toString)
                        .collect(Collectors.joining(", "));
        if (!tables.isEmpty()) {
            throw CqlException.invalid(
                    adding
                            + "the type is being used in partition key by the following tables: "
                            + tables);
        }
        return new SchemaTransformation.AddField(type.keyspace(), type.name(), field, fieldType);
    }

    private static boolean isInPartitionKey(TableSchema table, UserType type) {
        return table.partitionKey().stream()
                .anyMatch(c -> c.type().referencesUserType(type.keyspace(), type.name()));
    }

    /// The type with the keyspace of each user type in it.
    private static TypeName qualified(String keyspace, TypeName name) {
        return switch (name) {
            case TypeName.ListOf(TypeName element) ->
                    new TypeName.ListOf(qualified(keyspace, element));
            case TypeName.SetOf(TypeName element) ->
                    new TypeName.SetOf(qualified(keyspace, element));
            case TypeName.MapOf(TypeName key, TypeName value) ->
                    new TypeName.MapOf(qualified(keyspace, key), qualified(keyspace, value));
            case TypeName.TupleOf(List<TypeName> elements) ->
                    new TypeName.TupleOf(
                            elements.stream().map(e -> qualified(keyspace, e)).toList());
            case TypeName.VectorOf(TypeName element, int dimensions) ->
                    new TypeName.VectorOf(qualified(keyspace, element), dimensions);
            case TypeName.Frozen(TypeName inner) -> new TypeName.Frozen(qualified(keyspace, inner));
            case TypeName.UserDefined(var type) ->
                    new TypeName.UserDefined(QualifiedName.of(keyspace, type.name().text()));
            case TypeName.Native _, TypeName.Custom _ -> name;
        };
    }

    private static String qualified(UserType type) {
        return type.keyspace() + "." + type.name();
    }

    private static SchemaTransformation renameFields(
            UserType type, SchemaStatement.RenameFields rename) {
        Map<String, String> renames = new LinkedHashMap<>(); // the last word on a field counts
        for (Rename one : rename.renames()) {
            renames.put(one.from().text(), one.to().text());
        }
        List<String> names = new ArrayList<>(type.fieldNames());
        renames.forEach((from, to) -> {
            int index = type.fieldIndex(from);
            if (index >= 0) {
                names.set(index, to);
            } else if (!rename.ifExists()) {
                throw CqlException.invalid(
                        "Unkown field %s in user type %s".formatted(from, qualified(type)));
            }
        });
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!seen.add(name)) {
                throw CqlException.invalid(
                        "Duplicate field name %s in type %s".formatted(name, qualified(type)));
            }
        }
        return new SchemaTransformation.RenameFields(type.keyspace(), type.name(), names);
    }

    @Nullable SchemaTransformation drop(String keyspaceName, DropType drop) {
        String name = drop.name().name().text();
        DdlAnalyzer.requireModifiable(keyspaceName, "DROP", "<all tables in " + keyspaceName + ">");
        KeyspaceSchema keyspace = schema.keyspace(keyspaceName);
        if (keyspace == null || keyspace.type(name) == null) {
            if (drop.ifExists()) {
                return null;
            }
            throw CqlException.invalid("Type '%s.%s' doesn't exist".formatted(keyspaceName, name));
        }
        String using = "Cannot drop user type '%s.%s' as it is still used by %s %s";
        String types =
                keyspace.types().values().stream()
                        .filter(other -> !other.name().equals(name))
                        .filter(other -> other.referencesUserType(keyspaceName, name))
                        .map(UserType::name)
                        .collect(Collectors.joining(", "));
        if (!types.isEmpty()) {
            throw CqlException.invalid(using.formatted(keyspaceName, name, "user types", types));
        }
        String tables =
                keyspace.tables().values().stream()
                        .filter(table -> table.referencesUserType(name))
                        .map(TableSchema::name)
                        .collect(Collectors.joining(", "));
        if (!tables.isEmpty()) {
            throw CqlException.invalid(using.formatted(keyspaceName, name, "tables", tables));
        }
        return new SchemaTransformation.DropType(keyspaceName, name);
    }
}
