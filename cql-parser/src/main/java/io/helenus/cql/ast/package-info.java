/// The syntax tree of CQL: what [io.helenus.cql.CqlParser] makes of a text, and
/// a formatter turns back into one. Immutable sealed interfaces and records; any
/// thread may share them. The query layer binds them to a schema; nothing here knows of one.
///
/// | root                | what                                                                  |
/// |---------------------|-----------------------------------------------------------------------|
/// | [CqlStatement]      | one statement; DDL is [SchemaStatement], DCL is [AuthStatement]       |
/// | [Modification]      | what a batch may hold: INSERT, INSERT JSON, UPDATE, DELETE            |
/// | [Term]              | a value in the text, and the column expressions of a SELECT list      |
/// | [Relation]          | one condition of a WHERE; [Condition] is one of an IF                 |
/// | [TypeName]          | a type as written                                                     |
/// | [Property]          | one `name = value` of a WITH clause                                   |
///
/// **Names** are case-folded already unless they were quoted; see [Identifier].
///
/// **Positions** belong to the text, not to the meaning, so two trees are equal wherever their
/// words stood, and parsing a formatted tree gives an equal tree. Only the three leaves that stand
/// for one word of the text carry a [Position], and leave it out of `equals`: [Identifier],
/// [Term.Literal] and [Term.BindMarker]. Every error message names one of these.
///
/// **Shape.** The tree says what was written, not what it means: `{}` is an empty set literal
/// although it may become a map, `(x)` is a tuple of one although it may only be parentheses, and
/// counts of columns and values may differ. A tree holds what the parser can produce; operands of
/// [Term.Arithmetic] that bind less tightly stand in a [Term.TupleLiteral] of one.
@NullMarked
package io.helenus.cql.ast;

import org.jspecify.annotations.NullMarked;
