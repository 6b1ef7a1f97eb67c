package io.helenus.engine.query;

import io.helenus.cql.CqlParser;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.result.ResultKind;
import io.helenus.engine.query.result.ResultMetadata;
import io.helenus.engine.schema.Schema;
import io.helenus.engine.schema.SchemaChange;
import io.helenus.sstable.model.ByteWriter;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Prepares statements, keeps them bound to the current schema, and forgets those whose tables are gone.
/// Any thread.
final class Preparation {
    /// Of the texts of all prepared statements, which take several times as much with all that belongs
    /// to them.
    private static final long PREPARED_CHARS_MAX = 16 << 20;

    private final SchemaAuthority schemas;
    private final Tables tables;
    private final PreparedStatements prepared;
    private final QueryProcessor.PreparedStore preparedStore;

    /// @param preparedMax how many are kept
    Preparation(
            SchemaAuthority schemas,
            Tables tables,
            QueryProcessor.PreparedStore preparedStore,
            int preparedMax) {
        this.schemas = schemas;
        this.tables = tables;
        this.preparedStore = preparedStore;
        prepared = new PreparedStatements(preparedMax, PREPARED_CHARS_MAX);
    }

    /// The statement with the id of [PreparedId#BYTES] bytes; null if there is none.
    @Nullable PreparedStatement get(byte[] array, int offset) {
        return prepared.get(PreparedId.of(array, offset));
    }

    /// Of two threads that prepare the same text one wins. The answer goes to `body`.
    PreparedStatement prepare(String text, Request request, ByteWriter body) {
        String keyspace = request.effectiveKeyspace();
        PreparedStatement statement = prepared.get(PreparedId.of(null, text));
        if (statement == null) {
            statement = prepared.get(PreparedId.of(keyspace, text));
        }
        if (statement != null && !isCurrent(statement)) {
            statement = null;
        }
        boolean isNew = statement == null;
        if (statement == null) {
            statement = parse(keyspace, text, null);
            if (statement.keyspace() != null
                    && (request.keyspace != null || request.client.warnsOfUse())) {
                warnOfUse(statement, keyspace, request);
            }
        }
        Statement.Bound bound = bound(statement);
        if (isNew) {
            statement = prepared.add(statement);
        }
        if (isNew || !statement.hasOneMetadata()) {
            preparedStore.save(
                    statement.id(), statement.keyspace(), text, statement.knownMetadataId());
        }
        writePrepared(statement, bound, request.protocolVersion, body);
        return statement;
    }

    /// @param inUse the keyspace that the client has in use
    static void warnOfUse(PreparedStatement statement, @Nullable String inUse, Request request) {
        request.warn(
                ("`USE <keyspace>` with prepared statements is considered to be an anti-pattern due to"
                                + " ambiguity in non-qualified table names. Please consider removing"
                                + " instances of `Session#setKeyspace(<keyspace>)`,"
                                + " `Session#execute(\"USE <keyspace>\")` and"
                                + " `cluster.newSession(<keyspace>)` from your code, and always use"
                                + " fully qualified table names (e.g. <keyspace>.<table>). Keyspace"
                                + " used: %s, statement keyspace: %s, statement id: %s")
                        .formatted(
                                inUse,
                                statement.keyspace(),
                                HexFormat.of().formatHex(statement.id())));
    }

    private boolean isCurrent(PreparedStatement statement) {
        try {
            var _ = bound(statement);
            return true;
        } catch (CqlException.Unprepared e) {
            return false;
        }
    }

    /// Bound to the current schema; one that cannot be is forgotten.
    Statement.Bound bound(PreparedStatement statement) {
        try {
            return statement.bound(schemas.current(), tables);
        } catch (CqlException.Unprepared e) {
            forget(statement);
            throw e;
        }
    }

    private void forget(PreparedStatement statement) {
        prepared.remove(statement);
        preparedStore.forget(statement.id());
    }

    /// A statement that names the keyspaces of all its tables has one id, whatever keyspace is in use:
    /// drivers that prepare it again on another connection count on that.
    ///
    /// @param metadataId that clients have; null if none has any yet
    private PreparedStatement parse(
            @Nullable String currentKeyspace, String text, byte @Nullable [] metadataId) {
        CqlParser.Parsed parsed = StatementBinder.parse(text);
        String keyspace =
                StatementBinder.namesKeyspaces(parsed.statement()) ? null : currentKeyspace;
        Statement.Bound bound =
                new StatementBinder(schemas.current(), tables, keyspace).bind(parsed, text);
        return new PreparedStatement(
                PreparedId.of(keyspace, text),
                text,
                keyspace,
                parsed,
                bound,
                metadataId == null ? PreparedStatement.metadataId(bound) : metadataId);
    }

    /// Takes back a statement that was prepared before a restart. One that no longer fits the schema is
    /// left out: its clients will be told to prepare it again, and then why they cannot.
    ///
    /// @param metadataId as it was saved
    void restore(@Nullable String keyspace, String text, byte[] metadataId) {
        try {
            prepared.add(parse(keyspace, text, metadataId));
        } catch (CqlException e) {
            preparedStore.forget(PreparedId.of(keyspace, text).bytes());
        }
    }

    private static void writePrepared(
            PreparedStatement statement, Statement.Bound bound, int version, ByteWriter body) {
        body.writeInt(ResultKind.PREPARED);
        body.writeShort(PreparedId.BYTES).writeBytes(statement.id());
        ResultMetadata metadata = bound.statement().resultMetadata();
        if (version >= 5) {
            byte[] id = PreparedStatement.metadataId(bound);
            body.writeShort(id.length).writeBytes(id);
        }
        int[] keyMarkers =
                bound.partitionKeyMarkers().stream().mapToInt(Integer::intValue).toArray();
        ResultMetadata.writeMarkers(body, bound.markers(), keyMarkers, version);
        if (metadata == null) {
            ResultMetadata.writeNone(body);
        } else {
            metadata.write(body, version, false, null, null);
        }
    }

    /// Statements on tables that are gone: a restart would take them for prepared on others of the same
    /// names.
    void forgetDropped(@Nullable SchemaChange change) {
        if (change == null || change.kind() != SchemaChange.Kind.DROPPED) {
            return;
        }
        Schema schema = schemas.current();
        for (PreparedStatement statement : prepared.all()) {
            if (!statement.hasTables(schema)) {
                forget(statement);
            }
        }
    }
}
