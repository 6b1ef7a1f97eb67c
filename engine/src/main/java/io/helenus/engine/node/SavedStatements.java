package io.helenus.engine.node;

import io.helenus.engine.metadata.MetadataFiles;
import io.helenus.engine.metadata.PreparedStatementStore;
import io.helenus.engine.query.QueryProcessor;
import io.helenus.engine.schema.NodeTables;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where prepared statements survive a restart. Any thread.
final class SavedStatements implements QueryProcessor.PreparedStore, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SavedStatements.class);

    private final PreparedStatementStore statements;

    private SavedStatements(PreparedStatementStore statements) {
        this.statements = statements;
    }

    /// @param preparedMax how many are kept
    static SavedStatements open(MetadataFiles files, RandomGenerator random, int preparedMax)
            throws IOException {
        return new SavedStatements(PreparedStatementStore.open(files, random, preparedMax));
    }

    @Override
    public void save(byte[] id, @Nullable String keyspace, String text, byte[] metadataId) {
        try {
            statements.add(
                    new PreparedStatementStore.Prepared(
                            ByteBuffer.wrap(id), keyspace, text, ByteBuffer.wrap(metadataId)));
        } catch (IOException e) {
            // It works until the next restart, after which the client has to prepare it again.
            LOG.warn("A prepared statement could not be saved", e);
        }
    }

    @Override
    public void forget(byte[] id) {
        try {
            statements.remove(ByteBuffer.wrap(id));
        } catch (IOException e) {
            LOG.warn("A prepared statement could not be removed", e);
        }
    }

    /// For `system.prepared_statements`.
    List<NodeTables.PreparedRow> rows() {
        return statements.statements().stream()
                .map(statement ->
                        new NodeTables.PreparedRow(
                                statement.id(), statement.keyspace(), statement.text()))
                .toList();
    }

    /// Prepares them again, at the start.
    void restore(QueryProcessor queries) {
        for (PreparedStatementStore.Prepared statement : statements.statements()) {
            byte[] metadataId = new byte[statement.metadataId().remaining()];
            statement.metadataId().duplicate().get(metadataId);
            queries.restorePrepared(statement.keyspace(), statement.text(), metadataId);
        }
    }

    @Override
    public void close() throws IOException {
        statements.close();
    }
}
