package io.helenus.engine.node;

import io.helenus.engine.compaction.StrategyOptions;
import io.helenus.engine.compaction.StrategyOptions.OverlapInclusion;
import io.helenus.engine.compaction.StrategyOptions.SizeTiered;
import io.helenus.engine.compaction.StrategyOptions.TimeWindow;
import io.helenus.engine.compaction.StrategyOptions.Unified;
import io.helenus.engine.compaction.TableCompaction;
import io.helenus.engine.compaction.TableCompaction.Overlapping;
import io.helenus.engine.compaction.TableCompaction.Tombstones;
import io.helenus.engine.schema.ColumnSchema;
import io.helenus.engine.schema.CompactionParams;
import io.helenus.engine.schema.TableSchema;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Makes of a table's schema what compaction needs to know. Options have been checked when they were
/// given; here stand their defaults, which are Cassandra's.
final class TableCompactions {
    private static final long MIB = 1L << 20;
    private static final int FILES_MAX = 32;
    private static final int EXPIRED_CHECK_SECONDS = 600;
    private static final int LEVEL_FANOUT = 10;
    private static final int LEVEL_FANOUT_MIN = 2;
    private static final int LEVEL_FILE_MIB = 160;

    private TableCompactions() {}

    /// @param allowUnsafeExpiration whether files may be dropped without asking what they shadow
    static TableCompaction of(TableSchema table, boolean allowUnsafeExpiration) {
        CompactionParams params = table.options().compaction();
        BitSet columns = new BitSet();
        for (ColumnSchema column : table.columns()) {
            columns.set(column.id());
        }
        String overlapping = params.text(CompactionParams.PROVIDE_OVERLAPPING_TOMBSTONES);
        return new TableCompaction(
                strategy(params, allowUnsafeExpiration),
                params.isEnabled(),
                tombstones(params),
                table.options().gcGraceSeconds(),
                params.bool(CompactionParams.ONLY_PURGE_REPAIRED_TOMBSTONES, false),
                overlapping == null
                        ? Overlapping.NONE
                        : Overlapping.valueOf(overlapping.toUpperCase(Locale.ROOT)),
                params.bool(CompactionParams.LOG_ALL, false),
                columns,
                table.hasMultiCell() || table.hasStaticMultiCell());
    }

    private static Tombstones tombstones(CompactionParams params) {
        boolean isSaid =
                params.text(CompactionParams.TOMBSTONE_THRESHOLD) != null
                        || params.text(CompactionParams.TOMBSTONE_COMPACTION_INTERVAL) != null
                        || params.text(CompactionParams.UNCHECKED_TOMBSTONE_COMPACTION) != null;
        // Files of old windows go as a whole: rewriting them before is wanted only if somebody says
        // so.
        boolean wanted = params.strategy() != CompactionParams.Strategy.TIME_WINDOW || isSaid;
        return new Tombstones(
                wanted,
                params.number(CompactionParams.TOMBSTONE_THRESHOLD, Tombstones.DEFAULT.threshold()),
                params.longInteger(
                        CompactionParams.TOMBSTONE_COMPACTION_INTERVAL,
                        Tombstones.DEFAULT.intervalSeconds()),
                params.bool(CompactionParams.UNCHECKED_TOMBSTONE_COMPACTION, false));
    }

    private static StrategyOptions strategy(CompactionParams params, boolean allowUnsafe) {
        return switch (params.strategy()) {
            case SIZE_TIERED -> sizeTiered(params);
            case TIME_WINDOW -> timeWindow(params, allowUnsafe);
            case UNIFIED -> unified(params, allowUnsafe);
            case LEVELED -> leveled(params);
        };
    }

    private static SizeTiered sizeTiered(CompactionParams params) {
        return new SizeTiered(
                params.minThreshold(),
                params.maxThreshold(),
                params.longInteger(
                        CompactionParams.MIN_SSTABLE_SIZE, SizeTiered.DEFAULT.minSSTableBytes()),
                params.number(CompactionParams.BUCKET_LOW, SizeTiered.DEFAULT.bucketLow()),
                params.number(CompactionParams.BUCKET_HIGH, SizeTiered.DEFAULT.bucketHigh()));
    }

    private static TimeWindow timeWindow(CompactionParams params, boolean allowUnsafe) {
        String unit = orElse(params.text(CompactionParams.COMPACTION_WINDOW_UNIT), "DAYS");
        String resolution =
                orElse(params.text(CompactionParams.TIMESTAMP_RESOLUTION), "MICROSECONDS");
        int size = params.integer(CompactionParams.COMPACTION_WINDOW_SIZE, 1);
        return new TimeWindow(
                TimeUnit.valueOf(unit).toMillis(size),
                TimeUnit.valueOf(resolution).toNanos(1),
                sizeTiered(params),
                params.longInteger(CompactionParams.EXPIRED_CHECK_SECONDS, EXPIRED_CHECK_SECONDS),
                allowUnsafe && params.bool(CompactionParams.UNSAFE_EXPIRATION, false));
    }

    private static Unified unified(CompactionParams params, boolean allowUnsafe) {
        Unified defaults = Unified.DEFAULT;
        String scaling = params.text(CompactionParams.SCALING_PARAMETERS);
        String overlaps = params.text(CompactionParams.OVERLAP_INCLUSION_METHOD);
        int filesMax = params.integer(CompactionParams.MAX_SSTABLES_TO_COMPACT, FILES_MAX);
        return new Unified(
                scaling == null ? defaults.scaling() : Unified.parseScaling(scaling),
                params.bytes(CompactionParams.TARGET_SSTABLE_SIZE, defaults.targetBytes()),
                params.integer(CompactionParams.BASE_SHARD_COUNT, defaults.baseShards()),
                growth(params.text(CompactionParams.SSTABLE_GROWTH), defaults.growth()),
                params.bytes(CompactionParams.MIN_SSTABLE_SIZE, defaults.minBytes()),
                filesMax <= 0 ? Integer.MAX_VALUE : Math.max(2, filesMax),
                params.bytes(CompactionParams.FLUSH_SIZE_OVERRIDE, 0),
                overlaps == null
                        ? defaults.overlaps()
                        : OverlapInclusion.valueOf(overlaps.toUpperCase(Locale.ROOT)),
                params.longInteger(CompactionParams.EXPIRED_CHECK_SECONDS, EXPIRED_CHECK_SECONDS),
                allowUnsafe && params.bool(CompactionParams.UNSAFE_EXPIRATION, false));
    }

    private static double growth(@Nullable String text, double otherwise) {
        if (text == null) {
            return otherwise;
        }
        return text.endsWith("%")
                ? Double.parseDouble(text.substring(0, text.length() - 1)) / 100
                : Double.parseDouble(text);
    }

    /// What only tables of the system ask for: the unified strategy with a leveled scaling parameter. As
    /// little to read, by levels of density instead of numbered ones.
    private static Unified leveled(CompactionParams params) {
        Unified defaults = Unified.DEFAULT;
        int fanout =
                Math.max(
                        LEVEL_FANOUT_MIN,
                        params.integer(CompactionParams.FANOUT_SIZE, LEVEL_FANOUT));
        long fileBytes = params.integer(CompactionParams.SSTABLE_SIZE_IN_MB, LEVEL_FILE_MIB) * MIB;
        return new Unified(
                List.of(2 - fanout),
                fileBytes,
                1,
                0,
                Math.min(fileBytes / 2, defaults.minBytes()),
                FILES_MAX,
                0,
                OverlapInclusion.TRANSITIVE,
                EXPIRED_CHECK_SECONDS,
                false);
    }

    private static String orElse(@Nullable String text, String otherwise) {
        return text == null ? otherwise : text;
    }
}
