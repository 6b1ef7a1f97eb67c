package io.helenus.engine.schema;

import io.helenus.engine.error.CqlException;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Table option `compaction`: the strategy, and its options as text, all valid. What an option
/// means if it is absent is said where it is read; the names are here.
///
/// @param options without the class, in order of their names
public record CompactionParams(Strategy strategy, SortedMap<String, String> options) {
    /// How SSTables are chosen for compaction.
    public enum Strategy {
        SIZE_TIERED("SizeTieredCompactionStrategy"),
        LEVELED("LeveledCompactionStrategy"),
        TIME_WINDOW("TimeWindowCompactionStrategy"),
        UNIFIED("UnifiedCompactionStrategy");

        private final String simpleName;

        Strategy(String simpleName) {
            this.simpleName = simpleName;
        }

        public String simpleName() {
            return simpleName;
        }

        /// The name that Cassandra's class has, and that clients see.
        public String className() {
            return PACKAGE + simpleName;
        }

        /// What `bloom_filter_fp_chance` is if nobody says.
        double bloomFilterFpChance() {
            return this == LEVELED ? 0.1 : 0.01;
        }

        boolean hasThresholds() {
            return this != UNIFIED;
        }
    }

    private static final String PACKAGE = "org.apache.cassandra.db.compaction.";

    public static final String ENABLED = "enabled";
    public static final String MIN_THRESHOLD = "min_threshold";
    public static final String MAX_THRESHOLD = "max_threshold";
    public static final String TOMBSTONE_THRESHOLD = "tombstone_threshold";
    public static final String TOMBSTONE_COMPACTION_INTERVAL = "tombstone_compaction_interval";
    public static final String UNCHECKED_TOMBSTONE_COMPACTION = "unchecked_tombstone_compaction";
    public static final String LOG_ALL = "log_all";
    public static final String ONLY_PURGE_REPAIRED_TOMBSTONES = "only_purge_repaired_tombstones";
    public static final String PROVIDE_OVERLAPPING_TOMBSTONES = "provide_overlapping_tombstones";
    public static final String MIN_SSTABLE_SIZE = "min_sstable_size";
    public static final String BUCKET_LOW = "bucket_low";
    public static final String BUCKET_HIGH = "bucket_high";
    public static final String SSTABLE_SIZE_IN_MB = "sstable_size_in_mb";
    public static final String FANOUT_SIZE = "fanout_size";
    public static final String SINGLE_SSTABLE_UPLEVEL = "single_sstable_uplevel";
    public static final String COMPACTION_WINDOW_UNIT = "compaction_window_unit";
    public static final String COMPACTION_WINDOW_SIZE = "compaction_window_size";
    public static final String TIMESTAMP_RESOLUTION = "timestamp_resolution";
    public static final String EXPIRED_CHECK_SECONDS = "expired_sstable_check_frequency_seconds";
    public static final String UNSAFE_EXPIRATION = "unsafe_aggressive_sstable_expiration";
    public static final String SCALING_PARAMETERS = "scaling_parameters";
    public static final String TARGET_SSTABLE_SIZE = "target_sstable_size";
    public static final String BASE_SHARD_COUNT = "base_shard_count";
    public static final String SSTABLE_GROWTH = "sstable_growth";
    public static final String MAX_SSTABLES_TO_COMPACT = "max_sstables_to_compact";
    public static final String FLUSH_SIZE_OVERRIDE = "flush_size_override";
    public static final String OVERLAP_INCLUSION_METHOD = "overlap_inclusion_method";

    private static final String CLASS = "class";
    private static final int MIN_THRESHOLD_DEFAULT = 4;
    private static final int MAX_THRESHOLD_DEFAULT = 32;

    public static final CompactionParams DEFAULT =
            of(Map.of(CLASS, Strategy.SIZE_TIERED.simpleName()));

    public CompactionParams {
        options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
    }

    /// A strategy with these options on top of its defaults.
    public static CompactionParams of(Strategy strategy, Map<String, String> options) {
        Map<String, String> all = new TreeMap<>(options);
        all.put(CLASS, strategy.simpleName());
        return of(all);
    }

    static CompactionParams of(Map<String, String> given) {
        String className = given.get(CLASS);
        if (className == null) {
            throw CqlException.config("Missing sub-option 'class' for the 'compaction' option");
        }
        Strategy strategy = strategy(className);
        SortedMap<String, String> options = new TreeMap<>(given);
        options.remove(CLASS);
        CompactionOptionRules.check(strategy, options);
        if (strategy.hasThresholds()) {
            options.putIfAbsent(MIN_THRESHOLD, Integer.toString(MIN_THRESHOLD_DEFAULT));
            options.putIfAbsent(MAX_THRESHOLD, Integer.toString(MAX_THRESHOLD_DEFAULT));
            checkThresholds(
                    Integer.parseInt(options.get(MIN_THRESHOLD)),
                    Integer.parseInt(options.get(MAX_THRESHOLD)));
        }
        return new CompactionParams(strategy, options);
    }

    private static Strategy strategy(String className) {
        String fullName = className.contains(".") ? className : PACKAGE + className;
        for (Strategy strategy : Strategy.values()) {
            if (strategy.className().equals(fullName)) {
                return strategy;
            }
        }
        throw CqlException.config("Unable to find compaction strategy class '" + fullName + "'");
    }

    private static void checkThresholds(int min, int max) {
        if (min <= 0 || max <= 0) {
            throw CqlException.config(
                    "Disabling compaction by setting compaction thresholds to 0 has been removed,"
                            + " set the compaction option 'enabled' to false instead.");
        }
        if (min == 1) {
            throw CqlException.config(
                    "Min compaction threshold cannot be less than 2 (got " + min + ")");
        }
        if (min > max) {
            throw CqlException.config(
                    ("Min compaction threshold (got %d) cannot be greater than max compaction"
                                    + " threshold (got %d)")
                            .formatted(min, max));
        }
    }

    /// What DDL may ask for. Leveled compaction is one of Cassandra's system tables' and so of ours, and is
    /// then done in another way; a user who asks for it shall know what that is. Dropping files whose rows
    /// have expired without asking what they shadow loses deletions, so the node's settings have to allow it.
    ///
    /// @throws CqlException if it may not be asked for
    void requireAllowed(DdlContext context) {
        if (strategy == Strategy.LEVELED) {
            throw CqlException.config(
                    "%s is not supported. In its place, write %s"
                            .formatted(strategy.simpleName(), unifiedInPlaceOfLeveled()));
        }
        if (bool(UNSAFE_EXPIRATION, false) && !context.allowUnsafeExpiration()) {
            throw CqlException.config(
                    UNSAFE_EXPIRATION
                            + " is requested but not allowed, the setting"
                            + " allow_unsafe_aggressive_sstable_expiration allows it");
        }
    }

    /// The option that comes closest, in CQL.
    private String unifiedInPlaceOfLeveled() {
        String size = options.get(SSTABLE_SIZE_IN_MB);
        return "compaction = {'class': '%s', '%s': 'L%d'%s}"
                .formatted(
                        Strategy.UNIFIED.simpleName(),
                        SCALING_PARAMETERS,
                        Math.max(2, integer(FANOUT_SIZE, 10)),
                        size == null ? "" : ", '%s': '%sMiB'".formatted(TARGET_SSTABLE_SIZE, size));
    }

    public boolean isEnabled() {
        return bool(ENABLED, true);
    }

    public int minThreshold() {
        return integer(MIN_THRESHOLD, MIN_THRESHOLD_DEFAULT);
    }

    public int maxThreshold() {
        return integer(MAX_THRESHOLD, MAX_THRESHOLD_DEFAULT);
    }

    public @Nullable String text(String option) {
        return options.get(option);
    }

    public boolean bool(String option, boolean otherwise) {
        String value = options.get(option);
        return value == null ? otherwise : value.toLowerCase(Locale.ROOT).equals("true");
    }

    public int integer(String option, int otherwise) {
        String value = options.get(option);
        return value == null ? otherwise : Integer.parseInt(value);
    }

    public long longInteger(String option, long otherwise) {
        String value = options.get(option);
        return value == null ? otherwise : Long.parseLong(value);
    }

    public double number(String option, double otherwise) {
        String value = options.get(option);
        return value == null ? otherwise : Double.parseDouble(value);
    }

    /// A size with its unit, such as `1GiB`, in bytes.
    public long bytes(String option, long otherwise) {
        String value = options.get(option);
        return value == null ? otherwise : (long) CompactionOptionRules.humanBytes(value);
    }

    /// All that was said and the class, as the schema tables show it.
    public SortedMap<String, String> asMap() {
        SortedMap<String, String> map = new TreeMap<>(options);
        map.put(CLASS, strategy.className());
        return map;
    }
}
