package io.helenus.engine.types;

import java.util.Set;

/// Identifiers in CQL.
public final class Names {
    private static final Set<String> RESERVED =
            Set.of(
                    """
                    add allow alter and apply asc authorize batch begin by
                    columnfamily create delete desc describe drop entries execute
                    from full grant if in index infinity insert into is keyspace
                    limit materialized modify nan norecursive not null of on or
                    order primary rename revoke schema select set table to token
                    truncate unlogged update use using view where with
                    """
                            .strip()
                            .split("\\s+"));

    private Names() {}

    /// The identifier, in double quotes if it would not come back without them.
    public static String maybeQuote(String name) {
        return isPlain(name) ? name : '"' + name.replace("\"", "\"\"") + '"';
    }

    private static boolean isPlain(String name) {
        return isLowerCaseWord(name) && !RESERVED.contains(name);
    }

    /// Whether a name is a small letter and then small letters, digits and underscores.
    public static boolean isLowerCaseWord(String name) {
        if (name.isEmpty() || name.charAt(0) < 'a' || name.charAt(0) > 'z') {
            return false;
        }
        for (int i = 1; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean plain = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_';
            if (!plain) {
                return false;
            }
        }
        return true;
    }

    /// A marshal class with its package, wrapped if it is frozen.
    static String frozenClass(boolean frozen, String text) {
        String full = NativeType.PACKAGE + text;
        return frozen ? NativeType.PACKAGE + "FrozenType(" + full + ")" : full;
    }
}
