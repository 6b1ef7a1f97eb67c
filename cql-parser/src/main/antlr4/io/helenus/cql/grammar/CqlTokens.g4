/// The words of CQL. Every text can be cut into these tokens: what fits nowhere is UNKNOWN_CHAR,
/// and a string, name or comment that never ends is a token of its own, so that errors can say so,
/// and so that a shell can tell an unfinished text from a wrong one.
///
/// Numbers carry no sign here: whether a minus belongs to a number is the parser's question.
lexer grammar CqlTokens;

options {
    caseInsensitive = true;
}

// Not words of their own: ContextTokens sets these types where a look at the neighbours tells what
// a word is, so that the parser need not look arbitrarily far ahead.
tokens {
    SELECT_JSON,     // JSON after SELECT, where it is no column
    SELECT_DISTINCT, // DISTINCT after SELECT, where it is no column
    CONTAINS_KEY,    // KEY after CONTAINS, where it is no keyspace
    HINTED_COLON     // the colon of a marker after a type hint, not that of a map's entry
}

// Words. Which of them are reserved is said by the rule `identifier` of CqlGrammar.
ACCESS        : 'ACCESS';
ADD           : 'ADD';
AGGREGATE     : 'AGGREGATE';
AGGREGATES    : 'AGGREGATES';
ALL           : 'ALL';
ALLOW         : 'ALLOW';
ALTER         : 'ALTER';
AND           : 'AND';
ANN           : 'ANN';
APPLY         : 'APPLY';
AS            : 'AS';
ASC           : 'ASC';
AUTHORIZE     : 'AUTHORIZE';
BATCH         : 'BATCH';
BEGIN         : 'BEGIN';
BY            : 'BY';
CALLED        : 'CALLED';
CAST          : 'CAST';
CIDRS         : 'CIDRS';
CLUSTER       : 'CLUSTER';
CLUSTERING    : 'CLUSTERING';
COMPACT       : 'COMPACT';
CONTAINS      : 'CONTAINS';
COUNT         : 'COUNT';
CREATE        : 'CREATE';
CUSTOM        : 'CUSTOM';
DATACENTERS   : 'DATACENTERS';
DEFAULT       : 'DEFAULT';
DELETE        : 'DELETE';
DESC          : 'DESC';
DESCRIBE      : 'DESCRIBE';
DISTINCT      : 'DISTINCT';
DROP          : 'DROP';
ENTRIES       : 'ENTRIES';
EXECUTE       : 'EXECUTE';
EXISTS        : 'EXISTS';
EXPR          : 'EXPR';
FILTERING     : 'FILTERING';
FINALFUNC     : 'FINALFUNC';
FROM          : 'FROM';
FROZEN        : 'FROZEN';
FULL          : 'FULL';
FUNCTION      : 'FUNCTION';
FUNCTIONS     : 'FUNCTIONS';
GRANT         : 'GRANT';
GROUP         : 'GROUP';
HASHED        : 'HASHED';
IDENTITY      : 'IDENTITY';
IF            : 'IF';
IN            : 'IN';
INDEX         : 'INDEX';
INFINITY      : 'INFINITY';
INITCOND      : 'INITCOND';
INPUT         : 'INPUT';
INSERT        : 'INSERT';
INTERNALS     : 'INTERNALS';
INTO          : 'INTO';
IS            : 'IS';
JSON          : 'JSON';
KEY           : 'KEY';
KEYS          : 'KEYS';
KEYSPACE      : 'KEYSPACE';
KEYSPACES     : 'KEYSPACES';
LANGUAGE      : 'LANGUAGE';
LIKE          : 'LIKE';
LIMIT         : 'LIMIT';
LIST          : 'LIST';
LOGIN         : 'LOGIN';
MAP           : 'MAP';
MASKED        : 'MASKED';
MATERIALIZED  : 'MATERIALIZED';
MAXWRITETIME  : 'MAXWRITETIME';
MBEAN         : 'MBEAN';
MBEANS        : 'MBEANS';
MODIFY        : 'MODIFY';
NAN           : 'NAN';
NOLOGIN       : 'NOLOGIN';
NORECURSIVE   : 'NORECURSIVE';
NOSUPERUSER   : 'NOSUPERUSER';
NOT           : 'NOT';
NULL          : 'NULL';
OF            : 'OF';
ON            : 'ON';
ONLY          : 'ONLY';
OPTIONS       : 'OPTIONS';
OR            : 'OR';
ORDER         : 'ORDER';
PARTITION     : 'PARTITION';
PASSWORD      : 'PASSWORD';
PER           : 'PER';
PERMISSION    : 'PERMISSION';
PERMISSIONS   : 'PERMISSIONS';
PRIMARY       : 'PRIMARY';
RENAME        : 'RENAME';
REPLACE       : 'REPLACE';
RETURNS       : 'RETURNS';
REVOKE        : 'REVOKE';
ROLE          : 'ROLE';
ROLES         : 'ROLES';
SCHEMA        : 'SCHEMA';
SELECT        : 'SELECT';
SELECT_MASKED : 'SELECT_MASKED';
SET           : 'SET';
SFUNC         : 'SFUNC';
STATIC        : 'STATIC';
STORAGE       : 'STORAGE';
STYPE         : 'STYPE';
SUPERUSER     : 'SUPERUSER';
TO            : 'TO';
TOKEN         : 'TOKEN';
TRIGGER       : 'TRIGGER';
TRUNCATE      : 'TRUNCATE';
TTL           : 'TTL';
TUPLE         : 'TUPLE';
TYPE          : 'TYPE';
TYPES         : 'TYPES';
UNLOGGED      : 'UNLOGGED';
UNMASK        : 'UNMASK';
UNSET         : 'UNSET';
UPDATE        : 'UPDATE';
USE           : 'USE';
USER          : 'USER';
USERS         : 'USERS';
USING         : 'USING';
VALUES        : 'VALUES';
VECTOR        : 'VECTOR';
VIEW          : 'VIEW';
WHERE         : 'WHERE';
WITH          : 'WITH';
WRITETIME     : 'WRITETIME';
TABLE         : 'TABLE' | 'COLUMNFAMILY';
TABLES        : 'TABLES' | 'COLUMNFAMILIES';

// Words that name a type.
ASCII         : 'ASCII';
BIGINT        : 'BIGINT';
BLOB          : 'BLOB';
BOOLEAN       : 'BOOLEAN';
COUNTER       : 'COUNTER';
DATE          : 'DATE';
DECIMAL       : 'DECIMAL';
DOUBLE        : 'DOUBLE';
DURATION      : 'DURATION';
FLOAT         : 'FLOAT';
INET          : 'INET';
INT           : 'INT';
SMALLINT      : 'SMALLINT';
TEXT          : 'TEXT';
TIME          : 'TIME';
TIMESTAMP     : 'TIMESTAMP';
TIMEUUID      : 'TIMEUUID';
TINYINT       : 'TINYINT';
UUID          : 'UUID';
VARCHAR       : 'VARCHAR';
VARINT        : 'VARINT';

// Symbols.
LPAREN     : '(';
RPAREN     : ')';
LBRACKET   : '[';
RBRACKET   : ']';
LBRACE     : '{';
RBRACE     : '}';
COMMA      : ',';
SEMICOLON  : ';';
COLON      : ':';
DOT        : '.';
RANGE      : '..';
QMARK      : '?';
PLUS       : '+';
MINUS      : '-';
STAR       : '*';
SLASH      : '/';
PERCENT    : '%';
EQ         : '=';
NE         : '!=';
LE         : '<=';
GE         : '>=';
LT         : '<';
GT         : '>';
PLUS_EQ    : '+=';
MINUS_EQ   : '-=';

// Constants.
BOOLEAN_VALUE : 'TRUE' | 'FALSE';

DURATION_VALUE : (DIGIT+ DURATION_UNIT)+;

// ISO 8601, in capitals only: p1d is a name.
ISO_DURATION
    options { caseInsensitive = false; }
    : ( 'P' DIGIT DIGIT DIGIT DIGIT '-' DIGIT DIGIT '-' DIGIT DIGIT
        'T' DIGIT DIGIT ':' DIGIT DIGIT ':' DIGIT DIGIT
      | 'P' DIGIT+ 'W'
      | 'P' ISO_TIME
      | 'P' DIGIT+ 'Y' (DIGIT+ 'M')? (DIGIT+ 'D')? ISO_TIME?
      | 'P' DIGIT+ 'M' (DIGIT+ 'D')? ISO_TIME?
      | 'P' DIGIT+ 'D' ISO_TIME?
      ) -> type(DURATION_VALUE)
    ;

fragment ISO_TIME
    options { caseInsensitive = false; }
    : 'T' (DIGIT+ 'H' (DIGIT+ 'M')? (DIGIT+ 'S')? | DIGIT+ 'M' (DIGIT+ 'S')? | DIGIT+ 'S')
    ;

fragment DURATION_UNIT
    : 'Y' | 'MO' | 'W' | 'D' | 'H' | 'M' | 'S' | 'MS' | 'US' | '\u00B5S' | 'NS'
    ;

UUID_VALUE
    : HEX4 HEX4 '-' HEX4 '-' HEX4 '-' HEX4 '-' HEX4 HEX4 HEX4
    ;

HEX_VALUE : '0X' HEX_DIGIT*;

IDENTIFIER : LETTER (LETTER | DIGIT | '_')*;

INTEGER_VALUE : DIGIT+;

FLOAT_VALUE
    : DIGIT+ ('.' DIGIT*)? EXPONENT
    | DIGIT+ '.' DIGIT+
    ;

// `1.` is a number, but in `1..2` the first dot belongs to the range; in `1...2` it does not.
DOTTED_INTEGER
    : DIGIT+ '.'
      {
        if (_input.LA(1) == '.' && _input.LA(2) != '.') {
            _input.seek(_input.index() - 1);
            getInterpreter().setCharPositionInLine(getInterpreter().getCharPositionInLine() - 1);
            setType(INTEGER_VALUE);
        } else {
            setType(FLOAT_VALUE);
        }
      }
    ;

STRING_VALUE
    : '\'' (~'\'' | '\'\'')* '\''
    ;

// Between double dollars everything stands for itself.
DOLLAR_STRING
    : '$$' .*? '$$' -> type(STRING_VALUE)
    ;

QUOTED_NAME : '"' (~'"' | '""')+ '"';

EMPTY_QUOTED_NAME : '""';

// What never ends. Longer than a prefix of it that does.
UNFINISHED_STRING : '\'' (~'\'' | '\'\'')*;
UNFINISHED_DOLLAR : '$$' (~'$' | '$' ~'$')* '$'?;
UNFINISHED_NAME   : '"' (~'"' | '""')*;

SPACE : [ \t\r\n]+ -> skip;

LINE_COMMENT : ('--' | '//') ~[\r\n]* -> channel(HIDDEN);

BLOCK_COMMENT : '/*' .*? '*/' -> channel(HIDDEN);

UNFINISHED_COMMENT : '/*' (~'*' | '*'+ ~[*/])* '*'*;

UNKNOWN_CHAR : .;

fragment DIGIT     : [0-9];
fragment LETTER    : [A-Z];
fragment HEX_DIGIT : [0-9A-F];
fragment HEX4      : HEX_DIGIT HEX_DIGIT HEX_DIGIT HEX_DIGIT;
fragment EXPONENT  : 'E' [+-]? DIGIT+;
