package io.helenus.engine.metadata;

import io.helenus.engine.schema.Schema;
import io.helenus.engine.schema.SchemaChange;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// The schema of a node: what its cluster agreed on, as far as this node has come.
///
/// The current schema is one volatile reference: any thread reads it, keeps what it got, and is
/// never blocked. What was agreed on is installed one after the other, when it is durable: prepared for
/// by listeners, made visible, told to listeners.
public final class SchemaStore {
    private final List<SchemaListener> listeners = new CopyOnWriteArrayList<>();
    private volatile Schema schema;

    public SchemaStore(Schema first) {
        schema = first;
    }

    /// The current schema.
    public Schema schema() {
        return schema;
    }

    public void addListener(SchemaListener listener) {
        listeners.add(listener);
    }

    /// Makes a later schema the current one. It is that also if a listener fails; the first failure is
    /// thrown when all have heard of it.
    ///
    /// @return what is different, for clients that registered for events; empty if nothing is
    public synchronized List<SchemaChange> install(Schema after) {
        Schema before = schema;
        if (after.version().equals(before.version())) {
            return List.of();
        }
        List<SchemaChange> changes = SchemaChange.between(before, after);
        Failures failures = new Failures();
        for (SchemaListener listener : listeners) {
            failures.run(() -> listener.schemaWillChange(before, after));
        }
        schema = after; // durable, so it is what counts, whatever a listener makes of it
        for (SchemaListener listener : listeners) {
            failures.run(() -> listener.schemaChanged(before, after, changes));
        }
        failures.rethrow();
        return changes;
    }

    /// Lets all listeners hear a change, also if one of them fails.
    private static final class Failures {
        private @Nullable RuntimeException first;

        void run(Runnable action) {
            try {
                action.run();
            } catch (RuntimeException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }

        void rethrow() {
            if (first != null) {
                throw first;
            }
        }
    }
}
