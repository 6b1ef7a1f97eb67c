package io.helenus.engine.query;

import io.helenus.cql.CqlParser;
import io.helenus.engine.query.result.ResultMetadata;
import io.helenus.engine.schema.Schema;
import java.util.Arrays;
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

    /// Bound to this schema.
    // The very schema, not an equal one: tables stand behind it by identity, and it is asked per
    // request.
    @SuppressWarnings("ReferenceEquality")
    Statement.Bound bound(Schema schema, Tables tables) {
        Statement.Bound last = bound;
        if (last.schema() == schema) {
            return last;
        }
        Statement.Bound fresh = new StatementBinder(schema, tables, keyspace).bind(parsed, text);
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
