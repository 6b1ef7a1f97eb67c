package io.helenus.cql.ast;

/// `name type`: a field of a user-defined type, or an argument of a function.
public record FieldDefinition(Identifier name, TypeName type) {}
