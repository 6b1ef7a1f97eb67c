package io.helenus.cql.ast;

import org.jspecify.annotations.Nullable;

/// `USING TIMESTAMP t AND TTL s`; each is an INTEGER literal or a marker.
public record Using(@Nullable Term timestamp, @Nullable Term ttl) {
    /// Without the clause.
    public static final Using NONE = new Using(null, null);
}
