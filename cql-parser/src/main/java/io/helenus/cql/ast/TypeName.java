package io.helenus.cql.ast;

import java.util.List;

/// A type as written. Whether it exists, and whether it may stand there, is not asked here.
public sealed interface TypeName {
    /// `int`, `text`, …
    record Native(NativeType type) implements TypeName {}

    /// `list<element>`
    record ListOf(TypeName element) implements TypeName {}

    /// `set<element>`
    record SetOf(TypeName element) implements TypeName {}

    /// `map<key, value>`
    record MapOf(TypeName key, TypeName value) implements TypeName {}

    /// `tuple<a, b, …>`
    record TupleOf(List<TypeName> elements) implements TypeName {
        public TupleOf {
            elements = List.copyOf(elements);
        }
    }

    /// `vector<element, dimensions>`
    record VectorOf(TypeName element, int dimensions) implements TypeName {}

    /// `frozen<type>`
    record Frozen(TypeName type) implements TypeName {}

    /// `name` or `keyspace.name`: a user-defined type.
    record UserDefined(QualifiedName name) implements TypeName {}

    /// `'class'`: a type by the class name that Cassandra gives it.
    record Custom(String className) implements TypeName {}
}
