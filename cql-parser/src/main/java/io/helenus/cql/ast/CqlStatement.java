package io.helenus.cql.ast;

/// One statement of CQL.
public sealed interface CqlStatement
        permits Select,
                Modification,
                Batch,
                Truncate,
                Use,
                Describe,
                SchemaStatement,
                AuthStatement {}
