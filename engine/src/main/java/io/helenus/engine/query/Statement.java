package io.helenus.engine.query;

import io.helenus.cql.ast.CqlStatement;
import io.helenus.engine.query.plan.ModificationPlan;
import io.helenus.engine.query.result.ResultMetadata;
import io.helenus.engine.query.select.SelectPlan;
import io.helenus.engine.query.term.ColumnSpec;
import io.helenus.engine.query.term.ValueTerm;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement bound to a schema. Immutable.
sealed interface Statement {
    /// What clients are told of the columns it returns; null if it returns no rows.
    default @Nullable ResultMetadata resultMetadata() {
        return null;
    }

    record OfRows(SelectPlan plan) implements Statement {
        @Override
        public ResultMetadata resultMetadata() {
            return plan.metadata();
        }
    }

    record Change(ModificationPlan plan) implements Statement {}

    /// A batch written out as one statement.
    record Batch(
            List<ModificationPlan> plans,
            @Nullable ValueTerm timestamp,
            RequestHandler.BatchKind kind)
            implements Statement {
        public Batch {
            plans = List.copyOf(plans);
        }
    }

    /// Everything that is looked at anew each time: USE, TRUNCATE, DESCRIBE, DDL.
    record Other(CqlStatement statement) implements Statement {}

    /// The statement with what its markers stand for.
    record Bound(Statement statement, List<ColumnSpec> markers, List<Integer> partitionKeyMarkers) {
        public Bound {
            markers = List.copyOf(markers);
            partitionKeyMarkers = List.copyOf(partitionKeyMarkers);
        }
    }
}
