package io.helenus.engine.query;

import io.helenus.cql.CqlParser;
import io.helenus.engine.schema.Schema;
import org.jspecify.annotations.Nullable;

/// A parsed statement that is bound anew whenever the schema has changed. Shared by all connections;
/// which binding it holds is of no consequence, as each says which schema it is of.
final class PreparedStatement implements RequestHandler.Prepared {
    private final PreparedId id;
    private final byte[] idBytes;
    private final String text;
    private final @Nullable String keyspace;
    private final CqlParser.Parsed parsed;
    private volatile Statement.Bound bound;
    private volatile boolean used;

    PreparedStatement(
            PreparedId id,
            String text,
            @Nullable String keyspace,
            CqlParser.Parsed parsed,
            Statement.Bound bound) {
        this.id = id;
        this.idBytes = id.bytes();
        this.text = text;
        this.keyspace = keyspace;
        this.parsed = parsed;
        this.bound = bound;
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
