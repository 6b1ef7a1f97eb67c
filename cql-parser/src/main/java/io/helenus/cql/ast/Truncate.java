package io.helenus.cql.ast;

/// `TRUNCATE [TABLE] table`
public record Truncate(QualifiedName table) implements CqlStatement {}
