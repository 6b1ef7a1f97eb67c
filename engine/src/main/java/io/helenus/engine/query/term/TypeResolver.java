package io.helenus.engine.query.term;

import io.helenus.cql.ast.TypeName;
import io.helenus.engine.types.CqlType;

/// Finds the type that a name in a statement stands for.
@FunctionalInterface
public interface TypeResolver {
    /// @throws io.helenus.engine.error.CqlException if there is no such type
    CqlType resolve(TypeName name);
}
