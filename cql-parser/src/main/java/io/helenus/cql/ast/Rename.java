package io.helenus.cql.ast;

/// `from TO to`
public record Rename(Identifier from, Identifier to) {}
