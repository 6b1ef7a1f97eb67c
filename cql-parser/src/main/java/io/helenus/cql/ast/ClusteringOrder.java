package io.helenus.cql.ast;

/// One entry of `CLUSTERING ORDER BY (column ASC | DESC, …)`.
public record ClusteringOrder(Identifier column, boolean descending) {}
