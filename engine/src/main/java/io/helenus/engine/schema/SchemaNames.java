package io.helenus.engine.schema;

import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Rules of names: what is a valid one, which keyspaces are ours, how names sort.
public final class SchemaNames {
    public static final int KEYSPACE_CHARACTERS_MAX = 48;
    public static final int TABLE_CHARACTERS_MAX = 222;

    public static final String SYSTEM = "system";
    public static final String SYSTEM_SCHEMA = "system_schema";
    public static final String SYSTEM_AUTH = "system_auth";
    public static final String SYSTEM_DISTRIBUTED = "system_distributed";
    public static final String SYSTEM_TRACES = "system_traces";
    public static final String SYSTEM_VIEWS = "system_views";
    public static final String SYSTEM_VIRTUAL_SCHEMA = "system_virtual_schema";

    /// Order of names in `system_schema`: of their UTF-8 bytes.
    public static final Comparator<String> BYTE_ORDER = SchemaNames::compareBytes;

    /// Order in which DESCRIBE lists things.
    static final Comparator<String> LISTING_ORDER =
            String.CASE_INSENSITIVE_ORDER.thenComparing(Comparator.naturalOrder());

    private static final Set<String> LOCAL = Set.of(SYSTEM, SYSTEM_SCHEMA);
    private static final Set<String> VIRTUAL = Set.of(SYSTEM_VIEWS, SYSTEM_VIRTUAL_SCHEMA);
    private static final Set<String> REPLICATED =
            Set.of(SYSTEM_AUTH, SYSTEM_DISTRIBUTED, SYSTEM_TRACES);
    private static final Pattern WORDS = Pattern.compile("\\w+");

    private SchemaNames() {}

    /// Letters, digits and underscores, not empty.
    public static boolean isValid(String name) {
        return WORDS.matcher(name).matches();
    }

    /// Keyspaces that each node has for itself: nobody changes these.
    public static boolean isLocalSystem(String keyspace) {
        return LOCAL.contains(keyspace.toLowerCase(Locale.ROOT));
    }

    /// Keyspaces whose tables are computed when they are read.
    public static boolean isVirtualSystem(String keyspace) {
        return VIRTUAL.contains(keyspace.toLowerCase(Locale.ROOT));
    }

    /// Keyspaces of ours that are replicated like a user's: their replication may be altered.
    public static boolean isReplicatedSystem(String keyspace) {
        return REPLICATED.contains(keyspace.toLowerCase(Locale.ROOT));
    }

    public static boolean isSystem(String keyspace) {
        return isLocalSystem(keyspace) || isVirtualSystem(keyspace) || isReplicatedSystem(keyspace);
    }

    private static int compareBytes(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                // In UTF-8 what a surrogate belongs to comes after everything that has none.
                boolean oneIsSurrogate = Character.isSurrogate(x) != Character.isSurrogate(y);
                int order = Character.compare(x, y);
                return oneIsSurrogate ? (Character.isSurrogate(x) ? 1 : -1) : order;
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
