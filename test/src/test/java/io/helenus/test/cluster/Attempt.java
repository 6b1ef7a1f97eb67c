package io.helenus.test.cluster;

import java.util.List;

/// A statement of a [SchemaContest] and what its client was told.
///
/// @param number of the statement, the same at all nodes
/// @param agreed the driver saw that all nodes have the same schema
/// @param undisturbed whether all nodes were there all the time
/// @param failure what the client was told; empty if it is done
record Attempt(
        int node,
        int number,
        Fate fate,
        boolean agreed,
        boolean undisturbed,
        long millis,
        String failure) {

    /// What is contested: of which there can be one, or that each has for itself.
    enum Kind {
        TABLE,
        OWN_COLUMN,
        COLUMN,
        DROPPED,
        TYPE;

        static Kind of(int number) {
            return values()[number % values().length];
        }
    }

    enum Fate {
        DONE,

        /// By the schema that there is.
        REFUSED,

        /// For lack of a majority: it has not happened.
        UNAVAILABLE,

        /// It may have happened.
        UNKNOWN
    }

    Kind kind() {
        return Kind.of(number);
    }

    /// The statement with that number of a client of that node.
    static String statement(String keyspace, int node, int number) {
        return switch (Kind.of(number)) {
            case TABLE ->
                    "CREATE TABLE %s.shared%d (k int PRIMARY KEY) WITH comment = 'by %d'"
                            .formatted(keyspace, number, node);
            case OWN_COLUMN ->
                    "ALTER TABLE %s.common ADD own_%d_%d int".formatted(keyspace, node, number);
            case COLUMN -> "ALTER TABLE %s.common ADD shared%d int".formatted(keyspace, number);
            case DROPPED -> "DROP TABLE %s.doomed%d".formatted(keyspace, number);
            case TYPE -> "CREATE TYPE %s.type%d (by_%d int)".formatted(keyspace, number, node);
        };
    }

    /// What the logs have of it if it has happened.
    String part() {
        return switch (kind()) {
            case TABLE -> DecidedSchema.table("shared" + number, "by " + node);
            case OWN_COLUMN -> DecidedSchema.column("common", "own_%d_%d".formatted(node, number));
            case COLUMN -> DecidedSchema.column("common", "shared" + number);
            case DROPPED -> DecidedSchema.gone(DecidedSchema.table("doomed" + number, ""));
            case TYPE -> DecidedSchema.type("type" + number, List.of("by_" + node));
        };
    }

    /// Asks for what it is about.
    String query(String keyspace) {
        return switch (kind()) {
            case TABLE -> tables(keyspace, "shared" + number);
            case DROPPED -> tables(keyspace, "doomed" + number);
            case OWN_COLUMN -> columns(keyspace, "own_%d_%d".formatted(node, number));
            case COLUMN -> columns(keyspace, "shared" + number);
            case TYPE ->
                    "SELECT field_names FROM system_schema.types WHERE keyspace_name = '%s' AND type_name = 'type%d'"
                            .formatted(keyspace, number);
        };
    }

    private static String tables(String keyspace, String name) {
        return "SELECT comment FROM system_schema.tables WHERE keyspace_name = '%s' AND table_name = '%s'"
                .formatted(keyspace, name);
    }

    private static String columns(String keyspace, String name) {
        return ("SELECT type FROM system_schema.columns WHERE keyspace_name = '%s'"
                        + " AND table_name = 'common' AND column_name = '%s'")
                .formatted(keyspace, name);
    }

    /// Whether the row that [#query] has found is as this one wanted it.
    boolean isAsWanted(String found) {
        return switch (kind()) {
            case TABLE -> found.contains("by " + node);
            case TYPE -> found.contains("by_" + node);
            case OWN_COLUMN, COLUMN, DROPPED -> true;
        };
    }
}
