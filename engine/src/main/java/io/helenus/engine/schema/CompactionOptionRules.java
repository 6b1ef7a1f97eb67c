package io.helenus.engine.schema;

import static io.helenus.engine.schema.CompactionParams.BASE_SHARD_COUNT;
import static io.helenus.engine.schema.CompactionParams.BUCKET_HIGH;
import static io.helenus.engine.schema.CompactionParams.BUCKET_LOW;
import static io.helenus.engine.schema.CompactionParams.COMPACTION_WINDOW_SIZE;
import static io.helenus.engine.schema.CompactionParams.COMPACTION_WINDOW_UNIT;
import static io.helenus.engine.schema.CompactionParams.ENABLED;
import static io.helenus.engine.schema.CompactionParams.EXPIRED_CHECK_SECONDS;
import static io.helenus.engine.schema.CompactionParams.FANOUT_SIZE;
import static io.helenus.engine.schema.CompactionParams.FLUSH_SIZE_OVERRIDE;
import static io.helenus.engine.schema.CompactionParams.LOG_ALL;
import static io.helenus.engine.schema.CompactionParams.MAX_SSTABLES_TO_COMPACT;
import static io.helenus.engine.schema.CompactionParams.MAX_THRESHOLD;
import static io.helenus.engine.schema.CompactionParams.MIN_SSTABLE_SIZE;
import static io.helenus.engine.schema.CompactionParams.MIN_THRESHOLD;
import static io.helenus.engine.schema.CompactionParams.ONLY_PURGE_REPAIRED_TOMBSTONES;
import static io.helenus.engine.schema.CompactionParams.OVERLAP_INCLUSION_METHOD;
import static io.helenus.engine.schema.CompactionParams.PROVIDE_OVERLAPPING_TOMBSTONES;
import static io.helenus.engine.schema.CompactionParams.SCALING_PARAMETERS;
import static io.helenus.engine.schema.CompactionParams.SINGLE_SSTABLE_UPLEVEL;
import static io.helenus.engine.schema.CompactionParams.SSTABLE_GROWTH;
import static io.helenus.engine.schema.CompactionParams.SSTABLE_SIZE_IN_MB;
import static io.helenus.engine.schema.CompactionParams.TARGET_SSTABLE_SIZE;
import static io.helenus.engine.schema.CompactionParams.TIMESTAMP_RESOLUTION;
import static io.helenus.engine.schema.CompactionParams.TOMBSTONE_COMPACTION_INTERVAL;
import static io.helenus.engine.schema.CompactionParams.TOMBSTONE_THRESHOLD;
import static io.helenus.engine.schema.CompactionParams.UNCHECKED_TOMBSTONE_COMPACTION;
import static io.helenus.engine.schema.CompactionParams.UNSAFE_EXPIRATION;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.schema.CompactionParams.Strategy;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the options of a compaction strategy may be, in Cassandra's words. Each check takes its
/// option out of the map; what is left in the end nobody knows.
final class CompactionOptionRules {
    private static final Pattern SCALING = Pattern.compile("N|L[0-9]+|T[0-9]+|[+-]?[0-9]+");
    private static final Pattern BYTES =
            Pattern.compile("([+-]?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)\\s*([kKMGTPE]?)(i?)B");
    private static final String UNITS = "KMGTPE";
    private static final double MIB = 1 << 20;
    private static final double TARGET_SIZE_DEFAULT = 1 << 30;
    private static final List<String> WINDOW_UNITS = List.of("MINUTES", "HOURS", "DAYS");
    private static final List<String> TIME_UNITS =
            List.of(
                    "NANOSECONDS",
                    "MICROSECONDS",
                    "MILLISECONDS",
                    "SECONDS",
                    "MINUTES",
                    "HOURS",
                    "DAYS");

    private final Map<String, String> left;

    private CompactionOptionRules(Map<String, String> options) {
        this.left = new TreeMap<>(options);
    }

    /// @throws CqlException if one is unknown to the strategy, or wrong
    static void check(Strategy strategy, Map<String, String> options) {
        CompactionOptionRules rules = new CompactionOptionRules(options);
        rules.common();
        switch (strategy) {
            case SIZE_TIERED -> rules.sizeTiered();
            case LEVELED -> rules.leveled();
            case TIME_WINDOW -> rules.timeWindow();
            case UNIFIED -> rules.unified();
        }
        rules.thresholds(strategy);
        if (!rules.left.isEmpty()) {
            throw CqlException.config(
                    "Properties specified %s are not understood by %s"
                            .formatted(rules.left.keySet(), strategy.simpleName()));
        }
    }

    private void common() {
        String overlapping = left.remove(PROVIDE_OVERLAPPING_TOMBSTONES);
        if (overlapping != null) {
            String upper = overlapping.toUpperCase(Locale.ROOT);
            require(
                    List.of("NONE", "ROW", "CELL").contains(upper),
                    ("Invalid value %s for 'provide_overlapping_tombstones' compaction sub-option -"
                                    + " must be one of the following [NONE, ROW, CELL].")
                            .formatted(upper));
        }
        float threshold = decimal(TOMBSTONE_THRESHOLD, 0, "%s is not a parsable int (base10) for ");
        if (threshold < 0) { // a text is made then only: the first use of a format takes a while
            throw CqlException.config(
                    "tombstone_threshold must be greater than 0, but was %f".formatted(threshold));
        }
        long interval = longInteger(TOMBSTONE_COMPACTION_INTERVAL, 0, "int");
        require(
                interval >= 0,
                "tombstone_compaction_interval must be greater than 0, but was " + interval);
        bool(
                UNCHECKED_TOMBSTONE_COMPACTION,
                "'unchecked_tombstone_compaction' should be either 'true' or 'false', not '%s'");
        bool(LOG_ALL, "'log_all' should either be 'true' or 'false', not %s");
        bool(ENABLED, "enabled should either be 'true' or 'false', not %s");
        bool(
                ONLY_PURGE_REPAIRED_TOMBSTONES,
                "only_purge_repaired_tombstones should either be 'true' or 'false', not %s");
    }

    private void sizeTiered() {
        long minSize = longInteger(MIN_SSTABLE_SIZE, 0, "int");
        require(minSize >= 0, "min_sstable_size must be non negative: " + minSize);
        float low = decimal(BUCKET_LOW, 0.5F, "%s is not a parsable float for ");
        float high = decimal(BUCKET_HIGH, 1.5F, "%s is not a parsable float for ");
        if (high <= low) {
            throw CqlException.config(
                    "bucket_high value (%s) is less than or equal to the bucket_low value (%s)"
                            .formatted(high, low));
        }
    }

    private void leveled() {
        long size = integer(SSTABLE_SIZE_IN_MB, 160);
        require(size >= 1, "sstable_size_in_mb must be larger than 0, but was " + size);
        long fanout = integer(FANOUT_SIZE, 10);
        require(fanout >= 1, "fanout_size must be larger than 0, but was " + fanout);
        bool(
                SINGLE_SSTABLE_UPLEVEL,
                "single_sstable_uplevel should either be 'true' or 'false', not %s");
        sizeTiered();
    }

    private void timeWindow() {
        oneOf(COMPACTION_WINDOW_UNIT, WINDOW_UNITS);
        oneOf(TIMESTAMP_RESOLUTION, TIME_UNITS);
        int size = integer(COMPACTION_WINDOW_SIZE, 1);
        require(size >= 1, size + " must be greater than 1 for compaction_window_size");
        long frequency = longInteger(EXPIRED_CHECK_SECONDS, 600, "int");
        require(
                frequency >= 0,
                "expired_sstable_check_frequency_seconds must not be negative, but was "
                        + frequency);
        unsafeExpiration(" is not 'true' or 'false' (%s)");
        sizeTiered();
    }

    private void unified() {
        scalingParameters(left.remove(SCALING_PARAMETERS));
        int shards = integer(BASE_SHARD_COUNT, 4);
        require(
                shards > 0,
                "Invalid configuration, base_shard_count should be positive: " + shards);
        double target = size(TARGET_SSTABLE_SIZE, TARGET_SIZE_DEFAULT);
        size(FLUSH_SIZE_OVERRIDE, MIB);
        integer(MAX_SSTABLES_TO_COMPACT, 0);
        long frequency = longInteger(EXPIRED_CHECK_SECONDS, 600, "long");
        require(
                frequency > 0,
                "Invalid configuration, expired_sstable_check_frequency_seconds should be positive:"
                        + " "
                        + frequency);
        unsafeExpiration(" should either be 'true' or 'false', not %s");
        growth(left.remove(SSTABLE_GROWTH));
        minSize(left.remove(MIN_SSTABLE_SIZE), target);
        String overlap = left.remove(OVERLAP_INCLUSION_METHOD);
        require(
                overlap == null
                        || List.of("NONE", "SINGLE", "TRANSITIVE")
                                .contains(overlap.toUpperCase(Locale.ROOT)),
                ("Invalid overlap inclusion method %s. The valid options are [NONE, SINGLE,"
                                + " TRANSITIVE].")
                        .formatted(overlap));
    }

    /// Whether it is allowed is for [CompactionParams#requireAllowed] to say.
    private void unsafeExpiration(String message) {
        bool(UNSAFE_EXPIRATION, UNSAFE_EXPIRATION + message);
    }

    private static void scalingParameters(@Nullable String text) {
        if (text == null) {
            return;
        }
        for (String part : text.split(",", -1)) {
            String parameter = part.trim();
            require(
                    SCALING.matcher(parameter).matches(),
                    "Scaling parameter %s must match %s".formatted(parameter, SCALING));
            char letter = parameter.charAt(0);
            require(letter == 'N' || isInt(parameter), parameter + " is out of range of Int.");
            if (letter == 'L' || letter == 'T') {
                boolean isLow = Integer.parseInt(parameter.substring(1)) < 2;
                require(!isLow, "Fan factor cannot be lower than 2 in " + parameter);
            }
        }
    }

    /// Whether its number, after a letter perhaps, is one.
    private static boolean isInt(String parameter) {
        try {
            var _ = Integer.parseInt(parameter.replaceFirst("^[LT]", ""));
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static void growth(@Nullable String text) {
        if (text == null) {
            return;
        }
        try {
            double growth =
                    text.endsWith("%")
                            ? Double.parseDouble(text.substring(0, text.length() - 1)) / 100
                            : Double.parseDouble(text);
            require(
                    growth >= 0 && growth <= 1,
                    "sstable_growth %s must be between 0 and 1".formatted(text));
        } catch (NumberFormatException e) {
            throw CqlException.config(
                    "sstable_growth is not a valid number between 0 and 1: " + e.getMessage());
        }
    }

    private static void minSize(@Nullable String text, double target) {
        if (text == null) {
            return;
        }
        double size;
        try {
            size = humanBytes(text);
        } catch (NumberFormatException e) {
            throw CqlException.config(
                    "%s is not a valid size in bytes for min_sstable_size".formatted(text));
        }
        require(
                size >= 0,
                "Invalid configuration, min_sstable_size should be greater than or equal to 0"
                        + " (zero)");
        require(
                size < target * 0.7,
                ("Invalid configuration, min_sstable_size (%s) should be less than 70%% of the"
                                + " targetSSTableSize (%s)")
                        .formatted(print(size), print(target)));
    }

    private double size(String option, double otherwise) {
        String text = left.remove(option);
        if (text == null) {
            return otherwise;
        }
        double size;
        try {
            size = humanBytes(text);
        } catch (NumberFormatException e) {
            throw CqlException.config(
                    "%s %s is not a valid size in bytes: %s"
                            .formatted(option, text, e.getMessage()));
        }
        require(size < Long.MAX_VALUE, "%s %s is out of range of Long.".formatted(option, text));
        require(
                size >= MIB,
                "%s %s is not acceptable, size must be at least %s"
                        .formatted(option, text, print(MIB)));
        return size;
    }

    /// `1.5 GiB`, `100MB`, `0B`.
    /// @throws NumberFormatException if it is nothing of that kind
    static double humanBytes(String text) {
        if (!text.endsWith("B")) {
            throw new NumberFormatException(text + " does not end in unit B");
        }
        Matcher matcher = BYTES.matcher(text);
        if (!matcher.matches()) {
            throw new NumberFormatException("Invalid size " + text);
        }
        double number = Double.parseDouble(matcher.group(1));
        if (matcher.group(2).isEmpty()) {
            return number;
        }
        int power = UNITS.indexOf(matcher.group(2).toUpperCase(Locale.ROOT)) + 1;
        return number * Math.pow(matcher.group(3).isEmpty() ? 1000 : 1024, power);
    }

    private static String print(double bytes) {
        double value = bytes;
        String unit = "";
        for (int i = 0; i < UNITS.length() && value >= 1024; i++) {
            value /= 1024;
            unit = UNITS.charAt(i) + "i";
        }
        return String.format(Locale.ROOT, "%.3f%sB", value, unit);
    }

    /// The thresholds' text. Whether they fit each other is asked when defaults are in place.
    private void thresholds(Strategy strategy) {
        if (!strategy.hasThresholds()) {
            return;
        }
        for (String option : List.of(MIN_THRESHOLD, MAX_THRESHOLD)) {
            String text = left.remove(option);
            try {
                if (text != null && Integer.parseInt(text) < 0) {
                    throw new NumberFormatException(text);
                }
            } catch (NumberFormatException e) {
                throw CqlException.config(
                        "Invalid value %s for '%s' compaction sub-option - must be an integer"
                                .formatted(text, option));
            }
        }
    }

    private void oneOf(String option, List<String> allowed) {
        String text = left.remove(option);
        require(
                text == null || allowed.contains(text),
                "%s is not valid for %s".formatted(text, option));
    }

    private void bool(String option, String message) {
        String text = left.remove(option);
        Predicate<String> isBoolean =
                value -> value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false");
        if (text != null && !isBoolean.test(text)) {
            throw CqlException.config(message.formatted(text));
        }
    }

    private int integer(String option, int otherwise) {
        String text = left.remove(option);
        try {
            return text == null ? otherwise : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw CqlException.config(
                    "%s is not a parsable int (base10) for %s".formatted(text, option));
        }
    }

    private long longInteger(String option, long otherwise, String typeName) {
        String text = left.remove(option);
        try {
            return text == null ? otherwise : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw CqlException.config(
                    "%s is not a parsable %s (base10) for %s".formatted(text, typeName, option));
        }
    }

    private float decimal(String option, float otherwise, String message) {
        String text = left.remove(option);
        try {
            return text == null ? otherwise : Float.parseFloat(text);
        } catch (NumberFormatException e) {
            throw CqlException.config(message.formatted(text) + option);
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw CqlException.config(message);
        }
    }
}
