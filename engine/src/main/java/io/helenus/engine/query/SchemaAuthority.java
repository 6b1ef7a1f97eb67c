package io.helenus.engine.query;

import io.helenus.cql.ast.SchemaStatement;
import io.helenus.engine.schema.Schema;
import io.helenus.engine.schema.SchemaChange;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Where the schema comes from and where changes of it go. Any thread calls.
public interface SchemaAuthority {
    /// The newest schema; a request takes it once and keeps it.
    Schema current();

    /// Carries out a DDL statement. Complete, on another thread, when it is durable, agreed, visible here
    /// and as far as can be told on all other nodes, and clients have been told; waits for nothing itself.
    /// It fails with a [io.helenus.engine.error.CqlException] for what the client is to be told.
    CompletionStage<Applied> apply(SchemaStatement statement, @Nullable String currentKeyspace);

    /// @param change null if there was nothing to change
    record Applied(@Nullable SchemaChange change, List<String> warnings) {
        public Applied {
            warnings = List.copyOf(warnings);
        }
    }
}
