package io.helenus.engine.metadata;

import io.helenus.engine.schema.Schema;
import io.helenus.engine.schema.SchemaChange;
import java.util.List;

/// Hears of every change of the schema, in order, on the thread that carries it out.
public interface SchemaListener {
    /// The change is durable and will be seen by everyone next: whoever needs something ready for a
    /// new table prepares it here. Must not fail for reasons that a user can cause.
    default void schemaWillChange(Schema before, Schema after) {}

    /// The change is seen by everyone.
    ///
    /// @param changes for clients that registered for events, in their order
    default void schemaChanged(Schema before, Schema after, List<SchemaChange> changes) {}
}
