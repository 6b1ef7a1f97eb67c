package io.helenus.cql.ast;

import java.util.Locale;

/// The built-in scalar types by the words of the language. `VARCHAR` is `TEXT` by another name.
public enum NativeType {
    ASCII,
    BIGINT,
    BLOB,
    BOOLEAN,
    COUNTER,
    DATE,
    DECIMAL,
    DOUBLE,
    DURATION,
    FLOAT,
    INET,
    INT,
    SMALLINT,
    TEXT,
    TIME,
    TIMESTAMP,
    TIMEUUID,
    TINYINT,
    UUID,
    VARCHAR,
    VARINT;

    /// The word in lower case, as CQL prints it.
    public String cqlName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
