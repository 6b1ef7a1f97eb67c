package io.helenus.cql.ast;

import java.util.List;

/// `PRIMARY KEY ((partition columns), clustering columns)`. `PRIMARY KEY` after a column's type is
/// a key of that partition column alone.
public record PrimaryKey(List<Identifier> partition, List<Identifier> clustering) {
    public PrimaryKey {
        partition = List.copyOf(partition);
        clustering = List.copyOf(clustering);
    }
}
