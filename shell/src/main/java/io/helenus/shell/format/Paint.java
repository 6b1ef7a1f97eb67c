package io.helenus.shell.format;

/// What a piece of text is, hence its colour. The codes are those of `cqlsh`, so that terminal themes
/// and eyes need not learn anything.
public enum Paint {
    TEXT("\u001b[0;1;33m"),
    ERROR("\u001b[0;1;31m"),
    BLOB("\u001b[0;35m"),
    SCALAR("\u001b[0;1;32m"),
    COLLECTION("\u001b[0;1;34m"),
    COLUMN("\u001b[0;1;35m"),
    PARTITION_KEY_COLUMN("\u001b[0;1;31m"),
    CLUSTERING_COLUMN("\u001b[0;1;36m"),
    STATIC_COLUMN("\u001b[0;1;37m"),
    CLUSTER_NAME("\u001b[0;1;34m"),
    TRACE("\u001b[0;1;35m");

    public static final String RESET = "\u001b[0m";

    private final String code;

    Paint(String code) {
        this.code = code;
    }

    public String code() {
        return code;
    }

    public String apply(String text) {
        return code + text + RESET;
    }
}
