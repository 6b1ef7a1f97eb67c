package io.helenus.engine.query;

import io.helenus.cql.ast.CqlStatement;
import io.helenus.engine.coordinator.Replicas;
import io.helenus.engine.query.plan.ModificationPlan;
import io.helenus.engine.query.result.ResultMetadata;
import io.helenus.engine.query.select.SelectPlan;
import io.helenus.engine.query.term.ColumnSpec;
import io.helenus.engine.query.term.ValueTerm;
import io.helenus.engine.schema.Schema;
import io.helenus.engine.schema.VirtualTable;
import io.helenus.engine.storage.TableStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement bound to a schema. Immutable.
sealed interface Statement {
    /// What clients are told of the columns it returns; null if it returns no rows.
    default @Nullable ResultMetadata resultMetadata() {
        return null;
    }

    /// SELECT from stored rows.
    record Read(SelectPlan plan, TableStore store, Replicas replicas) implements Statement {
        @Override
        public ResultMetadata resultMetadata() {
            return plan.metadata();
        }
    }

    /// SELECT from computed rows.
    record ReadVirtual(SelectPlan plan, VirtualTable table) implements Statement {
        @Override
        public ResultMetadata resultMetadata() {
            return plan.metadata();
        }
    }

    /// INSERT, UPDATE or DELETE.
    record Write(ModificationPlan plan, TableStore store, Replicas replicas) implements Statement {}

    /// A batch written out as one statement.
    record Batch(RequestHandler.BatchKind kind, List<Write> writes, @Nullable ValueTerm timestamp)
            implements Statement {
        public Batch {
            writes = List.copyOf(writes);
        }
    }

    /// Everything that is looked at anew each time: USE, TRUNCATE, DESCRIBE, DDL.
    record Other(CqlStatement statement) implements Statement {}

    /// The statement with the schema that it was bound to and what its markers stand for.
    record Bound(
            Statement statement,
            Schema schema,
            List<ColumnSpec> markers,
            List<Integer> partitionKeyMarkers) {
        public Bound {
            markers = List.copyOf(markers);
            partitionKeyMarkers = List.copyOf(partitionKeyMarkers);
        }

        /// Index of the marker with this name, or -1.
        int markerIndex(String name) {
            for (int i = 0; i < markers.size(); i++) {
                if (markers.get(i).name().equals(name)) {
                    return i;
                }
            }
            return -1;
        }
    }
}
