package io.helenus.engine.schema;

import io.helenus.engine.error.CqlException;
import io.helenus.sstable.file.Compression;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Table option `compression`.
///
/// @param algorithm what to do with a block
/// @param chunkLengthKb how much is compressed at a time, a power of two
/// @param minCompressRatio a block that does not shrink by this factor is stored as it is; 0 is off
/// @param level of Zstandard; 0 for others
/// @param options all that was said, as the schema tables show it
public record CompressionParams(
        Algorithm algorithm,
        int chunkLengthKb,
        double minCompressRatio,
        int level,
        SortedMap<String, String> options) {
    /// What a block of an SSTable goes through.
    public enum Algorithm {
        NONE,
        LZ4,
        ZSTD
    }

    private static final String PACKAGE = "org.apache.cassandra.io.compress.";
    private static final String LZ4 = PACKAGE + "LZ4Compressor";
    private static final String NOOP = PACKAGE + "NoopCompressor";
    private static final String ZSTD = PACKAGE + "ZstdCompressor";
    private static final List<String> UNSUPPORTED =
            List.of(PACKAGE + "SnappyCompressor", PACKAGE + "DeflateCompressor");

    private static final String CLASS = "class";
    private static final String ENABLED = "enabled";
    private static final String CHUNK_LENGTH = "chunk_length_in_kb";
    private static final String MIN_RATIO = "min_compress_ratio";
    private static final String LZ4_TYPE = "lz4_compressor_type";
    private static final String LZ4_LEVEL = "lz4_high_compressor_level";
    private static final String ZSTD_LEVEL = "compression_level";
    private static final int CHUNK_LENGTH_DEFAULT_KB = 16;
    private static final int CHUNK_LENGTH_MAX_KB = 16 << 10;

    public static final CompressionParams DEFAULT =
            of(Map.of(CLASS, LZ4), CompressionParams::noWarning);

    public CompressionParams {
        options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
    }

    private static void noWarning(String warning) {
        throw new IllegalStateException(warning);
    }

    static CompressionParams of(Map<String, String> given, Consumer<String> warnings) {
        Map<String, String> left = modernized(given, warnings);
        String enabled = left.remove(ENABLED);
        boolean isOff = enabled != null && !Boolean.parseBoolean(enabled);
        if (given.isEmpty() || (isOff && left.isEmpty())) {
            return disabled();
        }
        if (isOff) {
            throw CqlException.config(
                    "If the 'enabled' option is set to false no other options must be specified");
        }
        String className = left.remove(CLASS);
        if (className == null) {
            throw CqlException.config("Missing sub-option 'class' for the 'compression' option.");
        }
        if (className.isEmpty()) {
            throw CqlException.config(
                    "The 'class' option must not be empty. To disable compression use 'enabled' :"
                            + " false");
        }
        String fullName = className.contains(".") ? className : PACKAGE + className;
        Algorithm algorithm = algorithm(fullName);
        int chunkLengthKb = chunkLength(left.remove(CHUNK_LENGTH));
        double minRatio = minRatio(left.remove(MIN_RATIO));
        SortedMap<String, String> shown = new TreeMap<>();
        shown.put(CLASS, fullName);
        shown.put(CHUNK_LENGTH, Integer.toString(chunkLengthKb));
        if (minRatio > 0) {
            shown.put(MIN_RATIO, Double.toString(minRatio));
        }
        if (algorithm == Algorithm.LZ4) {
            lz4(left, shown);
        }
        int level = algorithm == Algorithm.ZSTD ? zstdLevel(left, shown) : 0;
        if (!left.isEmpty()) {
            throw CqlException.config(
                    "Unknown compression options " + new TreeMap<>(left).firstKey());
        }
        return new CompressionParams(algorithm, chunkLengthKb, minRatio, level, shown);
    }

    /// The names that releases before 3.0 used, under today's.
    private static Map<String, String> modernized(
            Map<String, String> given, Consumer<String> warnings) {
        Map<String, String> result = new TreeMap<>(given);
        moveOldName(result, "chunk_length_kb", CHUNK_LENGTH, warnings);
        String oldClass = moveOldName(result, "sstable_compression", CLASS, warnings);
        if (oldClass != null && oldClass.isEmpty()) {
            result.remove(CLASS);
            result.put(ENABLED, "false");
        }
        if (result.remove("crc_check_chance") != null) {
            warnings.accept(
                    "Compression option 'crc_check_chance' is ignored: it is an option of the table"
                            + " now.");
        }
        return result;
    }

    /// Returns the value that was moved. Both names at once are left for the check of unknown ones.
    private static @Nullable String moveOldName(
            Map<String, String> options, String old, String name, Consumer<String> warnings) {
        String value = options.get(old);
        if (value == null || options.containsKey(name)) {
            return null;
        }
        options.remove(old);
        options.put(name, value);
        warnings.accept(
                "Compression option '%s' is deprecated, use '%s' instead.".formatted(old, name));
        return value;
    }

    private static CompressionParams disabled() {
        SortedMap<String, String> shown = new TreeMap<>(Map.of(ENABLED, "false"));
        return new CompressionParams(Algorithm.NONE, CHUNK_LENGTH_DEFAULT_KB, 0, 0, shown);
    }

    private static Algorithm algorithm(String fullName) {
        if (fullName.equals(LZ4)) {
            return Algorithm.LZ4;
        }
        if (fullName.equals(ZSTD)) {
            return Algorithm.ZSTD;
        }
        if (fullName.equals(NOOP)) {
            return Algorithm.NONE;
        }
        if (UNSUPPORTED.contains(fullName)) {
            throw CqlException.config(
                    ("Compressor %s is not supported, use LZ4Compressor, ZstdCompressor or"
                                    + " 'enabled' : false")
                            .formatted(fullName.substring(PACKAGE.length())));
        }
        throw CqlException.config("Could not create Compression for type " + fullName);
    }

    private static int chunkLength(@Nullable String text) {
        if (text == null) {
            return CHUNK_LENGTH_DEFAULT_KB;
        }
        int kb;
        try {
            kb = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw CqlException.config("Invalid value for " + CHUNK_LENGTH);
        }
        if (kb <= 0) {
            throw CqlException.config("Invalid negative or null " + CHUNK_LENGTH);
        }
        if (kb > CHUNK_LENGTH_MAX_KB) {
            throw CqlException.config("Value of %s is too large (%d)".formatted(CHUNK_LENGTH, kb));
        }
        if (Integer.bitCount(kb) != 1) {
            throw CqlException.config(CHUNK_LENGTH + " must be a power of 2");
        }
        return kb;
    }

    private static double minRatio(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        double ratio;
        try {
            ratio = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw CqlException.config("Invalid value for " + MIN_RATIO);
        }
        if (ratio < 0) {
            throw CqlException.config("Invalid negative " + MIN_RATIO);
        }
        if (ratio != 0 && !(ratio >= 1)) {
            throw CqlException.config(MIN_RATIO + " can either be 0 or greater than or equal to 1");
        }
        return ratio;
    }

    private static void lz4(Map<String, String> left, Map<String, String> shown) {
        String type = left.remove(LZ4_TYPE);
        if (type != null) {
            switch (type.toLowerCase(Locale.ROOT)) {
                case "fast" -> shown.put(LZ4_TYPE, type);
                case "high" ->
                        throw CqlException.config(
                                LZ4_TYPE + " 'high' is not supported, use 'fast'");
                default ->
                        throw CqlException.config(
                                ("Invalid compressor type '%s' specified for LZ4 parameter '%s'."
                                                + " Valid options are [high, fast].")
                                        .formatted(type, LZ4_TYPE));
            }
        }
        if (left.remove(LZ4_LEVEL) != null) {
            throw CqlException.config(
                    LZ4_LEVEL + " is not supported, the 'fast' compressor has no levels");
        }
    }

    private static int zstdLevel(Map<String, String> left, Map<String, String> shown) {
        String text = left.remove(ZSTD_LEVEL);
        if (text == null) {
            return Compression.ZSTD_LEVEL_DEFAULT;
        }
        shown.put(ZSTD_LEVEL, text);
        int level;
        try {
            level = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw zstdError(e);
        }
        if (level < Compression.ZSTD_LEVEL_MIN || level > Compression.ZSTD_LEVEL_MAX) {
            throw zstdError(
                    new IllegalArgumentException("%s=%d is invalid".formatted(ZSTD_LEVEL, level)));
        }
        return level;
    }

    private static CqlException zstdError(IllegalArgumentException cause) {
        return CqlException.config(
                "ZstdCompressor.create() threw an error: %s %s"
                        .formatted(cause.getClass().getName(), cause.getMessage()));
    }

    public boolean isEnabled() {
        return algorithm != Algorithm.NONE;
    }
}
