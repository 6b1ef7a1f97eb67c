package io.helenus.cql.ast;

/// `USE keyspace`
public record Use(Identifier keyspace) implements CqlStatement {}
