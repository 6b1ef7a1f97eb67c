package io.helenus.engine.schema;

import io.helenus.engine.error.CqlException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The options of a table, all valid, each with a value. Names and defaults are Cassandra 5.0's.
///
/// `minIndexInterval`, `maxIndexInterval` and `crcCheckChance` say something about files that are
/// laid out differently from ours. They are kept for the tools that set and show them.
public record TableOptions(
        SpeculativeRetry additionalWritePolicy,
        boolean allowAutoSnapshot,
        double bloomFilterFpChance,
        CachingParams caching,
        String comment,
        CompactionParams compaction,
        CompressionParams compression,
        double crcCheckChance,
        int defaultTimeToLive,
        int gcGraceSeconds,
        boolean incrementalBackups,
        int maxIndexInterval,
        int memtableFlushPeriodMillis,
        int minIndexInterval,
        ReadRepair readRepair,
        SpeculativeRetry speculativeRetry) {
    public static final int TTL_SECONDS_MAX = 20 * 365 * 24 * 60 * 60;
    public static final String MEMTABLE_DEFAULT = "default";

    public static final TableOptions DEFAULT =
            new TableOptions(
                    SpeculativeRetry.DEFAULT,
                    true,
                    CompactionParams.DEFAULT.strategy().bloomFilterFpChance(),
                    CachingParams.DEFAULT,
                    "",
                    CompactionParams.DEFAULT,
                    CompressionParams.DEFAULT,
                    1.0,
                    0,
                    864_000,
                    true,
                    2048,
                    0,
                    128,
                    ReadRepair.BLOCKING,
                    SpeculativeRetry.DEFAULT);

    /// Below this a bloom filter would need more bits and hashes than it may have.
    private static final double BLOOM_FP_CHANCE_MIN = 6.71e-5;

    private static final String ADDITIONAL_WRITE_POLICY = "additional_write_policy";
    private static final String ALLOW_AUTO_SNAPSHOT = "allow_auto_snapshot";
    private static final String CACHING = "caching";
    private static final String COMMENT = "comment";
    private static final String COMPRESSION = "compression";
    private static final String CRC_CHECK_CHANCE = "crc_check_chance";
    private static final String DEFAULT_TTL = "default_time_to_live";
    private static final String GC_GRACE = "gc_grace_seconds";
    static final String ID = "id";
    private static final String INCREMENTAL_BACKUPS = "incremental_backups";
    private static final String MAX_INDEX_INTERVAL = "max_index_interval";
    private static final String MEMTABLE_FLUSH_PERIOD = "memtable_flush_period_in_ms";
    private static final String MIN_INDEX_INTERVAL = "min_index_interval";
    private static final String SPECULATIVE_RETRY = "speculative_retry";
    private static final String BLOOM_FP_CHANCE = "bloom_filter_fp_chance";
    private static final String COMPACTION = "compaction";
    private static final String CDC = "cdc";
    private static final String EXTENSIONS = "extensions";
    private static final String MEMTABLE = "memtable";
    private static final String READ_REPAIR = "read_repair";

    /// Of earlier releases: said in restored schemas, without effect.
    private static final List<String> OBSOLETE =
            List.of(
                    "read_repair_chance",
                    "dclocal_read_repair_chance",
                    "local_read_repair_chance",
                    "index_interval",
                    "populate_io_cache_on_flush",
                    "replicate_on_write");

    private static final List<String> CURRENT =
            List.of(
                    ADDITIONAL_WRITE_POLICY,
                    ALLOW_AUTO_SNAPSHOT,
                    BLOOM_FP_CHANCE,
                    CACHING,
                    CDC,
                    COMMENT,
                    COMPACTION,
                    COMPRESSION,
                    CRC_CHECK_CHANCE,
                    DEFAULT_TTL,
                    EXTENSIONS,
                    GC_GRACE,
                    INCREMENTAL_BACKUPS,
                    MAX_INDEX_INTERVAL,
                    MEMTABLE,
                    MEMTABLE_FLUSH_PERIOD,
                    MIN_INDEX_INTERVAL,
                    READ_REPAIR,
                    SPECULATIVE_RETRY,
                    ID);

    private static final Set<String> KNOWN = known();

    private static Set<String> known() {
        Set<String> known = new HashSet<>(CURRENT);
        known.addAll(OBSOLETE);
        return Collections.unmodifiableSet(known);
    }

    /// These options with those properties in their place.
    ///
    /// @throws CqlException if one is unknown or wrong, in Cassandra's words
    TableOptions with(Properties properties, boolean isNewTable, Consumer<String> warnings) {
        properties.requireKnown(KNOWN);
        for (String name : OBSOLETE) {
            if (properties.has(name)) {
                warnings.accept("Table option '" + name + "' has no effect any more.");
            }
        }
        refuseUnsupported(properties);
        Map<String, String> compactionMap = properties.map(COMPACTION);
        CompactionParams newCompaction =
                compactionMap == null ? compaction : CompactionParams.of(compactionMap);
        Map<String, String> compressionMap = properties.map(COMPRESSION);
        CompressionParams newCompression =
                compressionMap == null
                        ? compression
                        : CompressionParams.of(compressionMap, warnings);
        Map<String, String> cachingMap = properties.map(CACHING);
        double fpChance =
                isNewTable ? newCompaction.strategy().bloomFilterFpChance() : bloomFilterFpChance;
        SpeculativeRetry newSpeculativeRetry =
                retry(properties, SPECULATIVE_RETRY, speculativeRetry);
        TableOptions changed =
                new TableOptions(
                        retry(properties, ADDITIONAL_WRITE_POLICY, additionalWritePolicy),
                        properties.bool(ALLOW_AUTO_SNAPSHOT, allowAutoSnapshot),
                        properties.number(BLOOM_FP_CHANCE, fpChance),
                        cachingMap == null ? caching : CachingParams.of(cachingMap),
                        orElse(properties.text(COMMENT), comment),
                        newCompaction,
                        newCompression,
                        properties.number(CRC_CHECK_CHANCE, crcCheckChance),
                        properties.integer(DEFAULT_TTL, defaultTimeToLive),
                        properties.integer(GC_GRACE, gcGraceSeconds),
                        properties.bool(INCREMENTAL_BACKUPS, incrementalBackups),
                        properties.integer(MAX_INDEX_INTERVAL, maxIndexInterval),
                        properties.integer(MEMTABLE_FLUSH_PERIOD, memtableFlushPeriodMillis),
                        properties.integer(MIN_INDEX_INTERVAL, minIndexInterval),
                        readRepair(properties),
                        newSpeculativeRetry);
        changed.check();
        return changed;
    }

    /// What [#asProperties] gave.
    static TableOptions ofStored(Properties stored) {
        return DEFAULT.with(stored, true, _ -> {});
    }

    /// All options but the constant ones, as CREATE TABLE would say them: texts and maps.
    Map<String, Object> asProperties() {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put(ADDITIONAL_WRITE_POLICY, additionalWritePolicy.toString());
        shown.put(ALLOW_AUTO_SNAPSHOT, Boolean.toString(allowAutoSnapshot));
        shown.put(BLOOM_FP_CHANCE, Double.toString(bloomFilterFpChance));
        shown.put(CACHING, caching.asMap());
        shown.put(COMMENT, comment);
        shown.put(COMPACTION, compaction.asMap());
        shown.put(COMPRESSION, compression.options());
        shown.put(CRC_CHECK_CHANCE, Double.toString(crcCheckChance));
        shown.put(DEFAULT_TTL, Integer.toString(defaultTimeToLive));
        shown.put(GC_GRACE, Integer.toString(gcGraceSeconds));
        shown.put(INCREMENTAL_BACKUPS, Boolean.toString(incrementalBackups));
        shown.put(MAX_INDEX_INTERVAL, Integer.toString(maxIndexInterval));
        shown.put(MEMTABLE_FLUSH_PERIOD, Integer.toString(memtableFlushPeriodMillis));
        shown.put(MIN_INDEX_INTERVAL, Integer.toString(minIndexInterval));
        shown.put(READ_REPAIR, readRepair.name());
        shown.put(SPECULATIVE_RETRY, speculativeRetry.toString());
        return shown;
    }

    /// What Cassandra has and we have not. Their defaults are accepted: DESCRIBE prints them.
    private static void refuseUnsupported(Properties properties) {
        if (properties.bool(CDC, false)) {
            throw CqlException.config("Change data capture (cdc = true) is not supported");
        }
        String memtable = properties.text(MEMTABLE);
        if (memtable != null && !memtable.equals(MEMTABLE_DEFAULT)) {
            throw CqlException.config("Memtable configuration \"" + memtable + "\" not found.");
        }
        Map<String, String> extensions = properties.map(EXTENSIONS);
        if (extensions != null && !extensions.isEmpty()) {
            throw CqlException.config("Table option 'extensions' is not supported");
        }
    }

    private ReadRepair readRepair(Properties properties) {
        String text = properties.text(READ_REPAIR);
        if (text == null) {
            return readRepair;
        }
        String upper = text.toUpperCase(Locale.ROOT);
        for (ReadRepair value : ReadRepair.values()) {
            if (value.name().equals(upper)) {
                return value;
            }
        }
        throw CqlException.config(
                "Invalid value %s for option 'read_repair', must be one of %s"
                        .formatted(text, Arrays.toString(ReadRepair.values())));
    }

    private static SpeculativeRetry retry(
            Properties properties, String name, SpeculativeRetry otherwise) {
        String text = properties.text(name);
        return text == null ? otherwise : SpeculativeRetry.parse(text);
    }

    private static String orElse(@Nullable String text, String otherwise) {
        return text == null ? otherwise : text;
    }

    /// Texts are made for errors only: the first use of a format takes a process some milliseconds.
    private void check() {
        boolean isChance = bloomFilterFpChance > BLOOM_FP_CHANCE_MIN && bloomFilterFpChance <= 1;
        if (!isChance) {
            throw CqlException.config(
                    ("bloom_filter_fp_chance must be larger than %s and less than or equal to 1.0"
                                    + " (got %s)")
                            .formatted(BLOOM_FP_CHANCE_MIN, bloomFilterFpChance));
        }
        boolean isShare = crcCheckChance >= 0 && crcCheckChance <= 1;
        if (!isShare) {
            throw CqlException.config(
                    ("crc_check_chance must be larger than or equal to 0 and smaller than or equal"
                                    + " to 1.0 (got %s)")
                            .formatted(crcCheckChance));
        }
        requireNotNegative(DEFAULT_TTL, defaultTimeToLive);
        if (defaultTimeToLive > TTL_SECONDS_MAX) {
            throw CqlException.config(
                    "default_time_to_live must be less than or equal to %d (got %d)"
                            .formatted(TTL_SECONDS_MAX, defaultTimeToLive));
        }
        requireNotNegative(GC_GRACE, gcGraceSeconds);
        if (minIndexInterval < 1) {
            throw CqlException.config(
                    "min_index_interval must be greater than or equal to 1 (got %d)"
                            .formatted(minIndexInterval));
        }
        if (maxIndexInterval < minIndexInterval) {
            throw CqlException.config(
                    ("max_index_interval must be greater than or equal to min_index_interval (%d)"
                                    + " (got %d)")
                            .formatted(minIndexInterval, maxIndexInterval));
        }
        requireNotNegative(MEMTABLE_FLUSH_PERIOD, memtableFlushPeriodMillis);
    }

    private static void requireNotNegative(String name, int value) {
        if (value < 0) {
            throw CqlException.config(
                    "%s must be greater than or equal to 0 (got %d)".formatted(name, value));
        }
    }

    /// The options of one of our own tables.
    TableOptions forSystemTable(String newComment, int gcSeconds, int flushMillis) {
        return new TableOptions(
                additionalWritePolicy,
                allowAutoSnapshot,
                bloomFilterFpChance,
                caching,
                newComment,
                compaction,
                compression,
                crcCheckChance,
                defaultTimeToLive,
                gcSeconds,
                incrementalBackups,
                maxIndexInterval,
                flushMillis,
                minIndexInterval,
                readRepair,
                speculativeRetry);
    }

    TableOptions withCompaction(CompactionParams newCompaction, int ttlSeconds) {
        return new TableOptions(
                additionalWritePolicy,
                allowAutoSnapshot,
                bloomFilterFpChance,
                caching,
                comment,
                newCompaction,
                compression,
                crcCheckChance,
                ttlSeconds,
                gcGraceSeconds,
                incrementalBackups,
                maxIndexInterval,
                memtableFlushPeriodMillis,
                minIndexInterval,
                readRepair,
                speculativeRetry);
    }
}
