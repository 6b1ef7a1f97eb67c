package io.helenus.engine.config;

import java.util.Optional;

/// Finds the setting that somebody may have meant.
final class NearestName {
    private static final int DISTANCE_MIN = 2;
    private static final int LETTERS_PER_EDIT = 4;

    private NearestName() {}

    /// The known name that an unknown one begins with (`…_in_ms`), or else the one that it takes the
    /// fewest edits to reach, if these are few for its length.
    static Optional<String> of(String unknown) {
        String best = null;
        int bestDistance = Math.max(DISTANCE_MIN, unknown.length() / LETTERS_PER_EDIT) + 1;
        String prefix = null;
        for (Setting<?> setting : Setting.all()) {
            String name = setting.name();
            if (unknown.startsWith(name + "_")
                    && (prefix == null || name.length() > prefix.length())) {
                prefix = name;
            }
            int distance = distance(unknown, name);
            if (distance < bestDistance) {
                bestDistance = distance;
                best = name;
            }
        }
        return Optional.ofNullable(prefix != null ? prefix : best);
    }

    /// Levenshtein's.
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replace, Math.min(previous[j], current[j - 1]) + 1);
            }
            int[] swap = previous;
            previous = current;
            current = swap;
        }
        return previous[b.length()];
    }
}
