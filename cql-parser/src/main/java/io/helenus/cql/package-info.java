/// The front door to the language: text to tree, tree to text, and what a shell needs to handle
/// text that is not finished yet. Knows no table and no type; never reads a clock, a file or the
/// network. All of it may be called from any thread.
///
/// | class                | what                                                                |
/// |----------------------|---------------------------------------------------------------------|
/// | [CqlParser]          | one statement's text → [io.helenus.cql.ast.CqlStatement]            |
/// | [CqlSyntaxException] | what is wrong with a text, and where: protocol error 0x2000         |
/// | [CqlFormatter]       | tree → text that parses to an equal tree                            |
/// | [CqlWords]           | the words of the language; quoting of names and strings             |
/// | [StatementSplitter]  | a script or an input buffer → statements, and is the rest finished? |
/// | [CqlHighlighter]     | text → ranges with their classes, for colours                       |
/// | [Expected]           | what may come next, for completion                                  |
///
/// The grammar is `CqlTokens.g4` and `CqlGrammar.g4`, in the package `io.helenus.cql.grammar`,
/// which nobody outside this module needs. It accepts the language of Cassandra 5.0. Differences,
/// found by putting 60 000 mutated statements to both parsers:
///
/// - More is accepted: a comment may end the text without a line break, a minus needs no space
///   (`a -1`), signs may repeat (`- - 5`), `expr (` may have a space, SCHEMA is KEYSPACE, markers
///   and tuples may mix in `(a, b) IN (…)`.
/// - Left to later: which permissions a resource knows, and whether classes, functions and types
///   exist, which Cassandra checks while it parses.
/// - Less is accepted, because it can only be a mistake: `USING TTL 1 AND TTL 2`; two ACCESS TO (or
///   FROM) of one role; `c = c - 1 - 2`, which Cassandra takes for `c - (1 - 2)`; `c = c 1`; the
///   empty name `""`.
///
/// A parse first runs ANTLR's cheap SLL prediction with a strategy that gives up at the first
/// error. Only if that fails, the same tokens are parsed again with full LL prediction and error
/// messages, so a valid statement costs one pass. Length and nesting are checked before either.
@NullMarked
package io.helenus.cql;

import org.jspecify.annotations.NullMarked;
