package io.helenus.engine.schema;

import io.helenus.engine.error.CqlException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeSet;

/// Table option `caching`.
///
/// @param rowsPerPartition 0 for none, [Integer#MAX_VALUE] for all
public record CachingParams(boolean keys, int rowsPerPartition) {
    public static final CachingParams DEFAULT = new CachingParams(true, 0);

    private static final String KEYS = "keys";
    private static final String ROWS = "rows_per_partition";

    static CachingParams of(Map<String, String> options) {
        TreeSet<String> unknown = new TreeSet<>(options.keySet());
        unknown.remove(KEYS);
        unknown.remove(ROWS);
        if (!unknown.isEmpty()) {
            throw CqlException.config(
                    ("Invalid caching sub-options %s: only 'keys' and 'rows_per_partition' are"
                                    + " allowed")
                            .formatted(unknown));
        }
        return new CachingParams(
                keys(options.getOrDefault(KEYS, "NONE")), rows(options.getOrDefault(ROWS, "NONE")));
    }

    private static boolean keys(String value) {
        return switch (value.toUpperCase(Locale.ROOT)) {
            case "ALL" -> true;
            case "NONE" -> false;
            default ->
                    throw CqlException.config(
                            ("Invalid value '%s' for caching sub-option 'keys': only 'ALL' and"
                                            + " 'NONE' are allowed")
                                    .formatted(value));
        };
    }

    private static int rows(String value) {
        return switch (value.toUpperCase(Locale.ROOT)) {
            case "ALL" -> Integer.MAX_VALUE;
            case "NONE" -> 0;
            default -> {
                try {
                    yield Integer.parseUnsignedInt(value);
                } catch (NumberFormatException e) {
                    throw CqlException.config(
                            ("Invalid value '%s' for caching sub-option 'rows_per_partition': only"
                                            + " 'ALL', 'NONE', and integer values are allowed")
                                    .formatted(value));
                }
            }
        };
    }

    /// As the schema tables show it.
    public SequencedMap<String, String> asMap() {
        SequencedMap<String, String> map = new LinkedHashMap<>();
        map.put(KEYS, keys ? "ALL" : "NONE");
        map.put(
                ROWS,
                switch (rowsPerPartition) {
                    case 0 -> "NONE";
                    case Integer.MAX_VALUE -> "ALL";
                    default -> Integer.toString(rowsPerPartition);
                });
        return map;
    }
}
