package io.helenus.shell;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What HELP says of each command of the shell, and the forms of the common statements.
final class HelpTexts {
    private static final Map<String, String> COMMANDS =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry(
                                    "CAPTURE",
                                    """
                                    CAPTURE 'file'   append the results of statements to a file instead of showing them
                                    CAPTURE OFF      show them again
                                    CAPTURE          say where they go

                                    Errors and the answers of the shell's own commands are always shown.
                                    A path is relative to where the shell was started; ~ is your home.\
                                    """),
                            Map.entry("CLEAR", "CLEAR, CLS   clear the screen"),
                            Map.entry(
                                    "CONSISTENCY",
                                    """
                                    CONSISTENCY level   how many replicas must answer a statement from now on
                                    CONSISTENCY         say which level is set

                                    The levels are ANY, ONE, TWO, THREE, QUORUM, ALL, LOCAL_QUORUM, EACH_QUORUM,
                                    LOCAL_ONE, and for reads only SERIAL and LOCAL_SERIAL. It starts with ONE.\
                                    """),
                            Map.entry(
                                    "DESCRIBE",
                                    """
                                    DESCRIBE KEYSPACES | TABLES | TYPES | FUNCTIONS | AGGREGATES   names
                                    DESCRIBE [FULL] SCHEMA                   statements that make the whole schema
                                    DESCRIBE KEYSPACE [name]                 ... a keyspace and all in it
                                    DESCRIBE TABLE | INDEX | MATERIALIZED VIEW | TYPE | FUNCTION | AGGREGATE name
                                    DESCRIBE name                            ... whatever has that name
                                    DESCRIBE CLUSTER                         name, partitioner, snitch, token ranges

                                    DESC is short for DESCRIBE. The server answers, so what it knows is what
                                    you see.\
                                    """),
                            Map.entry(
                                    "EXIT",
                                    "EXIT, QUIT   leave the shell, or the file that SOURCE reads"
                                            + " (so does Ctrl-D)"),
                            Map.entry(
                                    "EXPAND",
                                    """
                                    EXPAND ON    show each row as a list of columns
                                    EXPAND OFF   show rows as a table
                                    EXPAND       say which\
                                    """),
                            Map.entry(
                                    "HELP",
                                    "HELP, ?      list the topics\nHELP topic   say more about one"),
                            Map.entry(
                                    "HISTORY",
                                    """
                                    HISTORY     show the statements typed last
                                    HISTORY n   ... n of them, now and from now on (50 at first)

                                    They are kept in $CQL_HISTORY, or else in ~/.helenus/cqlsh_history, except
                                    those that contain a password.\
                                    """),
                            Map.entry(
                                    "LOGIN",
                                    "LOGIN user ['password']   go on as another user; the password"
                                            + " is asked for if it is missing"),
                            Map.entry(
                                    "PAGING",
                                    """
                                    PAGING ON    read results in pages, and wait for Enter after each
                                    PAGING n     ... of n rows (100 at first)
                                    PAGING OFF   read results at once
                                    PAGING       say which

                                    Pages are only waited for at a terminal.\
                                    """),
                            Map.entry(
                                    "SERIAL",
                                    """
                                    SERIAL CONSISTENCY level   SERIAL or LOCAL_SERIAL, for conditional updates
                                    SERIAL CONSISTENCY         say which level is set\
                                    """),
                            Map.entry(
                                    "SHOW",
                                    """
                                    SHOW VERSION      versions of shell, server, CQL and protocol
                                    SHOW HOST         where the shell is connected to
                                    SHOW SESSION id   the trace of a request\
                                    """),
                            Map.entry(
                                    "SOURCE",
                                    """
                                    SOURCE 'file'   run the statements and commands of a file

                                    It goes on after an error. What the file sets (USE, CONSISTENCY, ...) stays set.\
                                    """),
                            Map.entry(
                                    "TRACING",
                                    """
                                    TRACING ON    show how the server worked on each statement
                                    TRACING OFF   no longer
                                    TRACING       say which\
                                    """),
                            Map.entry(
                                    "USE",
                                    "USE keyspace   tables without a keyspace are of this one")));

    private static final Map<String, String> STATEMENTS =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry(
                                    "SELECT",
                                    """
                                    SELECT [DISTINCT | JSON] columns | * FROM [keyspace.]table
                                      [WHERE condition [AND condition]...] [GROUP BY column, ...]
                                      [ORDER BY column [ASC | DESC] | column ANN OF vector]
                                      [PER PARTITION LIMIT n] [LIMIT n] [ALLOW FILTERING];\
                                    """),
                            Map.entry(
                                    "INSERT",
                                    """
                                    INSERT INTO [keyspace.]table (column, ...) VALUES (value, ...)
                                      [IF NOT EXISTS] [USING TTL seconds AND TIMESTAMP microseconds];
                                    INSERT INTO [keyspace.]table JSON '{...}' [DEFAULT NULL | UNSET];\
                                    """),
                            Map.entry(
                                    "UPDATE",
                                    """
                                    UPDATE [keyspace.]table [USING TTL seconds AND TIMESTAMP microseconds]
                                      SET column = value, ... WHERE condition [AND condition]...
                                      [IF EXISTS | IF condition [AND condition]...];\
                                    """),
                            Map.entry(
                                    "DELETE",
                                    """
                                    DELETE [column, ...] FROM [keyspace.]table [USING TIMESTAMP microseconds]
                                      WHERE condition [AND condition]... [IF EXISTS | IF condition ...];\
                                    """),
                            Map.entry(
                                    "BATCH",
                                    """
                                    BEGIN [UNLOGGED | COUNTER] BATCH [USING TIMESTAMP microseconds]
                                      statement; ...
                                    APPLY BATCH;\
                                    """),
                            Map.entry("TRUNCATE", "TRUNCATE [TABLE] [keyspace.]table;"),
                            Map.entry(
                                    "CREATE_KEYSPACE",
                                    """
                                    CREATE KEYSPACE [IF NOT EXISTS] name WITH replication =
                                      {'class': 'NetworkTopologyStrategy', 'replication_factor': 3};\
                                    """),
                            Map.entry(
                                    "CREATE_TABLE",
                                    """
                                    CREATE TABLE [IF NOT EXISTS] [keyspace.]name (
                                      column type [STATIC] [PRIMARY KEY], ...
                                      PRIMARY KEY ((partition key, ...), clustering column, ...)
                                    ) [WITH CLUSTERING ORDER BY (column DESC, ...) AND option = value ...];\
                                    """),
                            Map.entry(
                                    "CREATE_INDEX",
                                    """
                                    CREATE [CUSTOM] INDEX [IF NOT EXISTS] [name] ON [keyspace.]table (column)
                                      [USING 'sai'] [WITH OPTIONS = {...}];\
                                    """),
                            Map.entry(
                                    "CREATE_TYPE",
                                    "CREATE TYPE [IF NOT EXISTS] [keyspace.]name (field type, ...);")));

    private HelpTexts() {}

    static List<String> commands() {
        return List.copyOf(COMMANDS.keySet());
    }

    static List<String> statements() {
        return List.copyOf(STATEMENTS.keySet());
    }

    /// Null if there is no such topic.
    static @Nullable String of(String topic) {
        String name =
                switch (topic.toUpperCase(Locale.ROOT)) {
                    case "?" -> "HELP";
                    case "CLS" -> "CLEAR";
                    case "QUIT" -> "EXIT";
                    case "DESC" -> "DESCRIBE";
                    case String other -> other;
                };
        String text = COMMANDS.get(name);
        return text == null ? STATEMENTS.get(name) : text;
    }
}
