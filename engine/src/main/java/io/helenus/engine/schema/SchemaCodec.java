package io.helenus.engine.schema;

import io.helenus.engine.error.NewerVersionException;
import io.helenus.engine.schema.SchemaTransformation.AddColumns;
import io.helenus.engine.schema.SchemaTransformation.AddField;
import io.helenus.engine.schema.SchemaTransformation.AlterKeyspace;
import io.helenus.engine.schema.SchemaTransformation.AlterOptions;
import io.helenus.engine.schema.SchemaTransformation.CreateKeyspace;
import io.helenus.engine.schema.SchemaTransformation.CreateTable;
import io.helenus.engine.schema.SchemaTransformation.CreateType;
import io.helenus.engine.schema.SchemaTransformation.DropColumns;
import io.helenus.engine.schema.SchemaTransformation.DropKeyspace;
import io.helenus.engine.schema.SchemaTransformation.DropTable;
import io.helenus.engine.schema.SchemaTransformation.DropType;
import io.helenus.engine.schema.SchemaTransformation.RenameColumns;
import io.helenus.engine.schema.SchemaTransformation.RenameFields;
import io.helenus.engine.types.UserType;
import io.helenus.sstable.model.ByteWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/// Transformations and whole schemas as bytes: what the metadata log stores and nodes exchange.
/// Types and options are written as text, names as UTF-8, so that a record explains itself.
/// Integers are big-endian; `string` is an i32 length and UTF-8; `list` is an i32 count and items.
///
/// | part           | fields                                                                   |
/// |----------------|--------------------------------------------------------------------------|
/// | transformation | u8 format (1) · u8 kind · string keyspace · fields of the kind           |
/// | 1, 2           | create, alter keyspace: params                                           |
/// | 3              | drop keyspace                                                            |
/// | 4              | create table: table                                                      |
/// | 5              | add columns: string table · list of column                               |
/// | 6              | drop columns: string table · list of dropped column                      |
/// | 7              | rename columns: string table · list of (string from · string to)         |
/// | 8              | alter options: string table · options                                    |
/// | 9              | drop table: string table                                                 |
/// | 10             | create type: user type                                                   |
/// | 11             | add field: string type · string field · string field type                |
/// | 12             | rename fields: string type · list of string                              |
/// | 13             | drop type: string type                                                   |
/// | params         | map replication · u8 durable writes                                      |
/// | user type      | string name · list of (string field · string type)                       |
/// | table          | string name · u128 id · i32 next column id · options · list of column ·  |
/// |                | list of dropped column                                                   |
/// | column         | u16 id · string name · u8 kind · i16 position · u8 descending ·          |
/// |                | string type                                                              |
/// | dropped column | u16 id · string name · u8 kind · string type · i64 microseconds          |
/// | options        | list of (string name · u8 is a map · string value or map)                |
/// | map            | list of (string key · string value)                                      |
/// | keyspace       | string name · params · list of user type, inner ones first · list of     |
/// |                | table                                                                    |
/// | schema         | u8 format (1) · i64 epoch · u128 version · list of keyspace              |
///
/// A kind, an option or a type that is unknown is refused: a newer release wrote it.
public final class SchemaCodec {
    private static final int FORMAT = 1;

    /// A keyspace of ours as every schema has it at first, most of them for ever, and its bytes: it is
    /// neither written nor read again each time.
    private record Unaltered(KeyspaceSchema keyspace, ByteBuffer bytes) {
        static final List<Unaltered> ALL =
                SystemSchema.replicatedKeyspaces().stream().map(Unaltered::of).toList();

        private static Unaltered of(KeyspaceSchema keyspace) {
            byte[] bytes = new SchemaOutput(new ByteWriter()).keyspace(keyspace).toBytes();
            return new Unaltered(keyspace, ByteBuffer.wrap(bytes));
        }
    }

    private SchemaCodec() {}

    public static byte[] encode(SchemaTransformation transformation) {
        SchemaOutput out = new SchemaOutput(new ByteWriter());
        out.u8(FORMAT).u8(kind(transformation)).string(transformation.keyspace());
        switch (transformation) {
            case CreateKeyspace(_, var replication, boolean durable) ->
                    out.params(replication, durable);
            case AlterKeyspace(_, var replication, boolean durable) ->
                    out.params(replication, durable);
            case DropKeyspace _ -> {}
            case CreateTable(TableSchema table) -> out.table(table);
            case AddColumns(_, String table, var columns) ->
                    out.string(table).list(columns, SchemaOutput::column);
            case DropColumns(_, String table, var columns) ->
                    out.string(table).list(columns, SchemaOutput::droppedColumn);
            case RenameColumns(_, String table, var renames) ->
                    out.string(table)
                            .list(
                                    renames,
                                    (to, rename) -> to.string(rename.from()).string(rename.to()));
            case AlterOptions(_, String table, TableOptions options) ->
                    out.string(table).options(options);
            case DropTable(_, String table) -> out.string(table);
            case CreateType(UserType type) -> out.userType(type);
            case AddField(_, String type, String field, var fieldType) ->
                    out.string(type).string(field).string(fieldType.cqlName());
            case RenameFields(_, String type, var names) ->
                    out.string(type).list(names, SchemaOutput::string);
            case DropType(_, String type) -> out.string(type);
        }
        return out.toBytes();
    }

    private static int kind(SchemaTransformation transformation) {
        return switch (transformation) {
            case CreateKeyspace _ -> 1;
            case AlterKeyspace _ -> 2;
            case DropKeyspace _ -> 3;
            case CreateTable _ -> 4;
            case AddColumns _ -> 5;
            case DropColumns _ -> 6;
            case RenameColumns _ -> 7;
            case AlterOptions _ -> 8;
            case DropTable _ -> 9;
            case CreateType _ -> 10;
            case AddField _ -> 11;
            case RenameFields _ -> 12;
            case DropType _ -> 13;
        };
    }

    /// @param before the schema that the transformation was made for: it knows the user types
    /// @throws InvalidSchemaBytesException if the bytes are no transformation that we know
    /// @throws NewerVersionException if a later release wrote them
    public static SchemaTransformation decode(ByteBuffer bytes, Schema before) {
        SchemaInput in = new SchemaInput(bytes.slice());
        requireFormat(in);
        int kind = in.u8();
        String keyspace = in.string();
        in.enter(keyspace, before.keyspace(keyspace));
        SchemaTransformation result =
                switch (kind) {
                    case 1 -> new CreateKeyspace(keyspace, in.replication(), in.bool());
                    case 2 -> new AlterKeyspace(keyspace, in.replication(), in.bool());
                    case 3 -> new DropKeyspace(keyspace);
                    case 4 -> new CreateTable(in.table());
                    case 5 -> new AddColumns(keyspace, in.string(), in.list(SchemaInput::column));
                    case 6 ->
                            new DropColumns(
                                    keyspace, in.string(), in.list(SchemaInput::droppedColumn));
                    case 7 ->
                            new RenameColumns(
                                    keyspace,
                                    in.string(),
                                    in.list(from ->
                                            new RenameColumns.Rename(
                                                    from.string(), from.string())));
                    case 8 -> new AlterOptions(keyspace, in.string(), in.options());
                    case 9 -> new DropTable(keyspace, in.string());
                    case 10 -> new CreateType(in.userType());
                    case 11 -> new AddField(keyspace, in.string(), in.string(), in.type());
                    case 12 ->
                            new RenameFields(keyspace, in.string(), in.list(SchemaInput::string));
                    case 13 -> new DropType(keyspace, in.string());
                    default ->
                            throw new InvalidSchemaBytesException(
                                    "transformation of unknown kind " + kind);
                };
        in.requireEnd();
        return result;
    }

    /// A schema as far as it is not code: without the keyspaces that each release brings along.
    public static byte[] encodeSchema(Schema schema) {
        SchemaOutput out = new SchemaOutput(new ByteWriter());
        List<KeyspaceSchema> keyspaces =
                schema.keyspaces().values().stream()
                        .filter(keyspace -> !isCode(keyspace.name()))
                        .toList();
        out.u8(FORMAT).i64(schema.epoch()).uuid(schema.version());
        out.list(keyspaces, SchemaCodec::write);
        return out.toBytes();
    }

    @SuppressWarnings("ReferenceEquality") // another object may be equal, and is written in full
    private static void write(SchemaOutput out, KeyspaceSchema keyspace) {
        for (Unaltered ours : Unaltered.ALL) {
            if (ours.keyspace == keyspace) {
                out.written(ours.bytes);
                return;
            }
        }
        out.keyspace(keyspace);
    }

    private static KeyspaceSchema read(SchemaInput in) {
        for (Unaltered ours : Unaltered.ALL) {
            if (in.skip(ours.bytes)) {
                return ours.keyspace;
            }
        }
        return in.keyspace();
    }

    private static boolean isCode(String keyspace) {
        return SchemaNames.isLocalSystem(keyspace) || SchemaNames.isVirtualSystem(keyspace);
    }

    /// @param views tables of `system_views`
    /// @throws InvalidSchemaBytesException if the bytes are no schema that we know
    /// @throws NewerVersionException if a later release wrote them
    public static Schema decodeSchema(ByteBuffer bytes, Collection<TableSchema> views) {
        SchemaInput in = new SchemaInput(bytes.slice());
        requireFormat(in);
        long epoch = in.i64();
        UUID version = in.uuid();
        List<KeyspaceSchema> keyspaces = new ArrayList<>(in.list(SchemaCodec::read));
        in.requireEnd();
        for (KeyspaceSchema ours : SystemSchema.replicatedKeyspaces()) {
            addMissing(keyspaces, ours);
        }
        keyspaces.addAll(SystemSchema.nodeKeyspaces(views));
        return SchemaInput.checked("schema", () -> new Schema(epoch, version, keyspaces));
    }

    /// Tables of ours that came with a release after the one that wrote the bytes.
    private static void addMissing(List<KeyspaceSchema> keyspaces, KeyspaceSchema ours) {
        for (int i = 0; i < keyspaces.size(); i++) {
            KeyspaceSchema stored = keyspaces.get(i);
            if (stored.name().equals(ours.name())) {
                List<TableSchema> missing =
                        ours.tables().values().stream()
                                .filter(table -> stored.table(table.name()) == null)
                                .toList();
                keyspaces.set(i, stored.withTables(missing));
                return;
            }
        }
        keyspaces.add(ours);
    }

    private static void requireFormat(SchemaInput in) {
        int format = in.u8();
        if (NewerVersionException.isNewer(format, FORMAT)) {
            throw new NewerVersionException("The schema", format, FORMAT);
        }
        if (format != FORMAT) {
            throw new InvalidSchemaBytesException(
                    "schema format %d, this release knows %d".formatted(format, FORMAT));
        }
    }

    /// The version that follows: an MD5 of the one before, the epoch and the transformation.
    static UUID nextVersion(UUID before, long epoch, byte[] transformation) {
        ByteWriter all = new ByteWriter();
        all.writeLong(before.getMostSignificantBits()).writeLong(before.getLeastSignificantBits());
        all.writeLong(epoch).writeBytes(transformation);
        return UUID.nameUUIDFromBytes(all.toArray());
    }
}
