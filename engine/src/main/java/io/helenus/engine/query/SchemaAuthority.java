package io.helenus.engine.query;

import io.helenus.cql.ast.SchemaStatement;
import io.helenus.engine.schema.Schema;
import io.helenus.engine.schema.SchemaChange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the schema comes from and where changes of it go. Any thread calls.
public interface SchemaAuthority {
    /// The newest schema; a request takes it once and keeps it.
    Schema current();

    /// Carries out a DDL statement; returns when it is durable, agreed, visible here, and clients have
    /// been told. Waits for a disk.
    Applied apply(SchemaStatement statement, @Nullable String currentKeyspace);

    /// @param change null if there was nothing to change
    record Applied(@Nullable SchemaChange change, List<String> warnings) {
        public Applied {
            warnings = List.copyOf(warnings);
        }
    }
}
