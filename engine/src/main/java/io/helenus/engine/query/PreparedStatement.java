package io.helenus.engine.query;

import io.helenus.cql.CqlParser;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.result.ResultMetadata;
import io.helenus.engine.schema.Schema;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A parsed statement that is bound anew whenever the schema has changed. Shared by all connections;
/// which binding it holds is of no consequence, as each says which schema it is of.
final class PreparedStatement implements RequestHandler.Prepared {
    private static final byte[] NO_METADATA_ID = ResultMetadata.ofNoRows();
    private static final byte[] DIFFERENT_ONES = {};

    private final PreparedId id;
    private final byte[] idBytes;
    private final String text;
    private final @Nullable String keyspace;
    private final CqlParser.Parsed parsed;
    private final Set<UUID> tableIds;
    private volatile Statement.Bound bound;
    private volatile boolean used;

    /// Of the result metadata that its clients have; empty when they may have different ones.
    private volatile byte[] metadataId;

    PreparedStatement(
            PreparedId id,
            String text,
            @Nullable String keyspace,
            CqlParser.Parsed parsed,
            Statement.Bound bound,
            byte[] knownMetadataId) {
        this.id = id;
        this.idBytes = id.bytes();
        this.text = text;
        this.keyspace = keyspace;
        this.parsed = parsed;
        this.bound = bound;
        tableIds = tableIds(bound.statement());
        metadataId = knownMetadataId;
        compareMetadata(bound);
    }

    /// The id of what the statement answers with.
    static byte[] metadataId(Statement.Bound bound) {
        ResultMetadata metadata = bound.statement().resultMetadata();
        return metadata == null ? NO_METADATA_ID : metadata.id();
    }

    /// Whether all clients that have prepared it were told the columns that it answers with now. Protocol
    /// v5 has an id to find that out for each of them; before that, who is not must be told with the rows.
    boolean hasOneMetadata() {
        return metadataId.length > 0;
    }

    /// To be kept over restarts.
    byte[] knownMetadataId() {
        return metadataId;
    }

    private void compareMetadata(Statement.Bound now) {
        if (metadataId.length > 0 && !Arrays.equals(metadataId, metadataId(now))) {
            metadataId = DIFFERENT_ONES;
        }
    }

    PreparedId preparedId() {
        return id;
    }

    /// Written once between two rounds of [PreparedStatements], so that it stays in all caches.
    void markUsed() {
        if (!used) {
            used = true;
        }
    }

    /// Whether it was marked since the last call.
    boolean takeUsed() {
        boolean was = used;
        used = false;
        return was;
    }

    @Nullable String keyspace() {
        return keyspace;
    }

    private static Set<UUID> tableIds(Statement statement) {
        return switch (statement) {
            case Statement.Read read -> Set.of(read.plan().table().id());
            case Statement.ReadVirtual read -> Set.of(read.plan().table().id());
            case Statement.Write write -> Set.of(write.plan().table().id());
            case Statement.Batch batch ->
                    batch.writes().stream()
                            .map(write -> write.plan().table().id())
                            .collect(Collectors.toUnmodifiableSet());
            case Statement.Other _ -> Set.of();
        };
    }

    /// Whether all its tables are still there.
    boolean hasTables(Schema schema) {
        return tableIds.stream().allMatch(id -> schema.table(id) != null);
    }

    /// Bound to this schema. What its client knows of its markers is true for the tables that it was
    /// prepared for; if they were dropped, and perhaps created anew with other columns, or have lost a
    /// column that it needs, the client has to prepare it again.
    ///
    /// @throws CqlException.Unprepared if that is so
    // The very schema, not an equal one: tables stand behind it by identity, and it is asked per
    // request.
    @SuppressWarnings("ReferenceEquality")
    Statement.Bound bound(Schema schema, Tables tables) {
        Statement.Bound last = bound;
        if (last.schema() == schema) {
            return last;
        }
        Statement.Bound fresh;
        try {
            fresh = new StatementBinder(schema, tables, keyspace).bind(parsed, text);
        } catch (CqlException e) {
            throw new CqlException.Unprepared(idBytes);
        }
        if (!tableIds.equals(tableIds(fresh.statement()))) {
            throw new CqlException.Unprepared(idBytes);
        }
        compareMetadata(fresh);
        bound = fresh;
        return fresh;
    }

    @Override
    public byte[] id() {
        return idBytes;
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public int markerCount() {
        return bound.markers().size();
    }

    @Override
    public int markerIndex(String name) {
        return bound.markerIndex(name);
    }
}
