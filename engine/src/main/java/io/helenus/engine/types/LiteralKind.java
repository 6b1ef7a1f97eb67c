package io.helenus.engine.types;

/// The lexical kinds of constants in CQL. Error messages print them by name, as Cassandra does.
public enum LiteralKind {
    STRING,
    INTEGER,
    FLOAT,
    BOOLEAN,
    UUID,
    HEX,
    DURATION
}
