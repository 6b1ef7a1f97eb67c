package io.helenus.engine.compaction;

import java.util.BitSet;
import java.util.Objects;

/// What compaction needs to know of a table's schema; changes with ALTER.
///
/// @param enabled whether the strategy starts compactions
/// @param tombstones when a single file is rewritten for the deletions in it
/// @param gcGraceSeconds how long deletions stay
/// @param onlyPurgeRepaired whether deletions stay until repair has vouched for them
/// @param overlapping which newer data outside of a compaction its files are relieved of
/// @param logAll whether each decision is logged
/// @param columns ids of those that the table has; the content of others is dropped
/// @param hasElements whether there are columns of several cells
public record TableCompaction(
        StrategyOptions strategy,
        boolean enabled,
        Tombstones tombstones,
        int gcGraceSeconds,
        boolean onlyPurgeRepaired,
        Overlapping overlapping,
        boolean logAll,
        BitSet columns,
        boolean hasElements) {
    /// Option `provide_overlapping_tombstones`.
    public enum Overlapping {
        NONE,
        ROW,
        CELL
    }

    /// @param wanted whether there are such compactions at all
    /// @param threshold part of a file that is droppable
    /// @param intervalSeconds age of a file
    /// @param unchecked whether overlaps with other files do not matter
    public record Tombstones(
            boolean wanted, double threshold, long intervalSeconds, boolean unchecked) {
        public static final Tombstones DEFAULT = new Tombstones(true, 0.2, 86_400, false);
        static final Tombstones UNWANTED = new Tombstones(false, 1, 0, false);
    }

    public TableCompaction {
        Objects.requireNonNull(strategy, "strategy");
        Objects.requireNonNull(tombstones, "tombstones");
        Objects.requireNonNull(overlapping, "overlapping");
        columns = (BitSet) columns.clone();
    }

    @Override
    public BitSet columns() {
        return (BitSet) columns.clone();
    }

    boolean hasColumn(int id) {
        return columns.get(id);
    }

    /// Whether the option `compaction` says the same: the rest changes with any column.
    boolean isChosenAs(TableCompaction other) {
        return strategy.equals(other.strategy)
                && enabled == other.enabled
                && tombstones.equals(other.tombstones)
                && onlyPurgeRepaired == other.onlyPurgeRepaired
                && overlapping == other.overlapping
                && logAll == other.logAll;
    }

    public TableCompaction withStrategy(StrategyOptions changed) {
        return new TableCompaction(
                changed,
                enabled,
                tombstones,
                gcGraceSeconds,
                onlyPurgeRepaired,
                overlapping,
                logAll,
                columns,
                hasElements);
    }
}
