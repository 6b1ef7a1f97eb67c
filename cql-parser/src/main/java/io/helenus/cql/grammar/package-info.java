/// What ANTLR generates from `CqlTokens.g4` and `CqlGrammar.g4`: the lexer, the parser, and one
/// context class per grammar rule. Used by `io.helenus.cql` alone, which turns contexts into the
/// tree of `io.helenus.cql.ast`. Accessors of parts that a rule makes optional may return null.
@NullMarked
package io.helenus.cql.grammar;

import org.jspecify.annotations.NullMarked;
