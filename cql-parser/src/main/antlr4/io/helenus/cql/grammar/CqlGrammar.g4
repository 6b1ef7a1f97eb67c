/// The sentences of CQL as Apache Cassandra 5.0 speaks it. Shape only: the builders of
/// io.helenus.cql check what a grammar says badly (where a column may stand inside a term,
/// duplicate properties, …).
///
/// Two rules keep it fast and safe. Every decision looks at a few tokens only, however long the
/// text: ANTLR remembers each path that a decision ever looked along, so one without a bound would
/// fill the memory, and be slow. And only brackets recurse: chains of operators, of signs, of type
/// hints and of accesses are loops, so the nesting of a text bounds the stack.
///
/// For the first rule's sake some things are told apart by the builder: a type hint from a tuple,
/// a list after a type hint from an access, a column from a field's name.
parser grammar CqlGrammar;

options {
    tokenVocab = CqlTokens;
}

single
    : statement SEMICOLON* EOF
    ;

statement
    : select
    | modification
    | batch
    | use
    | truncate
    | describe
    | createKeyspace
    | alterKeyspace
    | dropKeyspace
    | createTable
    | alterTable
    | dropTable
    | createIndex
    | dropIndex
    | createType
    | alterType
    | dropType
    | createFunction
    | dropFunction
    | createAggregate
    | dropAggregate
    | createView
    | alterView
    | dropView
    | createTrigger
    | dropTrigger
    | createRole
    | alterRole
    | dropRole
    | createUser
    | alterUser
    | dropUser
    | listRoles
    | listUsers
    | listPermissions
    | grantPermissions
    | revokePermissions
    | grantRole
    | revokeRole
    | addIdentity
    | dropIdentity
    ;

// Data

select
    : SELECT SELECT_JSON? SELECT_DISTINCT? selection FROM tableName
      (WHERE where)?
      (GROUP BY groupBy)?
      (ORDER BY ordering (COMMA ordering)*)?
      (PER PARTITION LIMIT perPartitionLimit=intValue)?
      (LIMIT limit=intValue)?
      (ALLOW FILTERING)?
    ;

selection
    : STAR
    | selector (COMMA selector)*
    ;

selector
    : term (AS identifier)?
    ;

groupBy
    : term (COMMA term)*
    ;

ordering
    : identifier (ANN OF term)? (ASC | DESC)?
    ;

modification
    : insert
    | update
    | delete
    ;

insert
    : INSERT INTO tableName
      ( LPAREN identifiers RPAREN VALUES LPAREN terms RPAREN
      | JSON jsonValue (DEFAULT (NULL | UNSET))?
      )
      (IF NOT EXISTS)?
      using?
    ;

jsonValue
    : STRING_VALUE
    | bindMarker
    ;

using
    : USING usingItem (AND usingItem)*
    ;

usingItem
    : TIMESTAMP intValue
    | TTL intValue
    ;

update
    : UPDATE tableName using? SET assignment (COMMA assignment)* WHERE where onlyIf?
    ;

assignment
    : identifier
      ( EQ term
      | (PLUS_EQ | MINUS_EQ) term
      | LBRACKET term RBRACKET EQ term
      | DOT identifier EQ term
      )
    ;

delete
    : DELETE (deletion (COMMA deletion)*)? FROM tableName using? WHERE where onlyIf?
    ;

deletion
    : identifier (LBRACKET term RBRACKET | DOT identifier)?
    ;

onlyIf
    : IF (EXISTS | condition (AND condition)*)
    ;

condition
    : identifier (LBRACKET element=term RBRACKET | DOT identifier)?
      ( comparator value=term
      | IN inValues
      | CONTAINS CONTAINS_KEY? value=term
      )
    ;

batch
    : BEGIN (UNLOGGED | COUNTER)? BATCH using? (modification SEMICOLON?)* APPLY BATCH
    ;

use
    : USE identifier
    ;

truncate
    : TRUNCATE TABLE? tableName
    ;

where
    : relation (AND relation)*
    ;

relation
    : identifier
      ( comparator value=term
      | CONTAINS CONTAINS_KEY? value=term
      | LIKE value=term
      | IS NOT NULL
      | IN inValues
      | LBRACKET key=term RBRACKET comparator value=term
      )                                                         # columnRelation
    | TOKEN LPAREN identifiers RPAREN comparator term           # tokenRelation
    | EXPR LPAREN identifier COMMA term RPAREN                  # indexRelation
    | LPAREN identifiers RPAREN (comparator term | IN inValues) # tupleRelation
    | LPAREN relation RPAREN                                    # nestedRelation
    ;

comparator
    : EQ | LT | LE | GT | GE | NE
    ;

inValues
    : LPAREN terms? RPAREN
    | bindMarker
    ;

// Terms

terms
    : term (COMMA term)*
    ;

term
    : operand ((PLUS | MINUS | STAR | SLASH | PERCENT) operand)*
    ;

operand
    : MINUS*
      ( parentheses+ (atom | HINTED_COLON identifier)?
      | atom
      | COLON identifier
      | LBRACKET terms? RBRACKET
      )
      access*
    ;

// A type hint, a tuple, or parentheses.
parentheses
    : LPAREN (terms | genericType) RPAREN
    ;

// After a type hint it may be a list: (type) [1, 2].
access
    : DOT identifier
    | LBRACKET (terms (RANGE to=term?)? | RANGE to=term)? RBRACKET
    ;

atom
    : constant                                                          # constantAtom
    | NULL                                                              # nullAtom
    | QMARK                                                             # markerAtom
    | LBRACE (key=term (COLON value=term (COMMA mapEntry)* | (COMMA term)*))? RBRACE # braceAtom
    | CAST LPAREN term AS nativeType RPAREN                             # castAtom
    | COUNT LPAREN STAR RPAREN                                          # countAtom
    | (WRITETIME | MAXWRITETIME | TTL) LPAREN identifier access* RPAREN # cellInfoAtom
    | functionName LPAREN terms? RPAREN                                 # functionAtom
    | identifier                                                        # columnAtom
    ;

mapEntry
    : term COLON term
    ;

constant
    : STRING_VALUE
    | INTEGER_VALUE
    | FLOAT_VALUE
    | BOOLEAN_VALUE
    | DURATION_VALUE
    | UUID_VALUE
    | HEX_VALUE
    | NAN
    | INFINITY
    ;

signedConstant
    : MINUS? constant
    ;

bindMarker
    : QMARK
    | COLON identifier
    ;

intValue
    : MINUS? INTEGER_VALUE
    | bindMarker
    ;

// Schema

createKeyspace
    : CREATE (KEYSPACE | SCHEMA) ifNotExists? identifier WITH properties
    ;

alterKeyspace
    : ALTER (KEYSPACE | SCHEMA) ifExists? identifier WITH properties
    ;

dropKeyspace
    : DROP (KEYSPACE | SCHEMA) ifExists? identifier
    ;

createTable
    : CREATE TABLE ifNotExists? tableName
      LPAREN tableElement (COMMA tableElement?)* RPAREN
      (WITH tableOption (AND tableOption)*)?
    ;

tableElement
    : columnDefinition (PRIMARY KEY)?
    | primaryKey
    ;

columnDefinition
    : identifier type STATIC? columnMask?
    ;

columnMask
    : MASKED WITH (DEFAULT | functionName LPAREN terms? RPAREN)
    ;

primaryKey
    : PRIMARY KEY LPAREN partitionKey (COMMA identifier)* RPAREN
    ;

partitionKey
    : identifier
    | LPAREN identifiers RPAREN
    ;

tableOption
    : property
    | COMPACT STORAGE
    | CLUSTERING ORDER BY LPAREN clusteringOrder (COMMA clusteringOrder)* RPAREN
    ;

clusteringOrder
    : identifier (ASC | DESC)
    ;

alterTable
    : ALTER TABLE ifExists? tableName tableChange
    ;

tableChange
    : ALTER identifier TYPE type                                                # alterColumnType
    | ALTER ifExists? identifier (columnMask | DROP MASKED)                     # alterColumnMask
    | ADD ifNotExists? (columnDefinition
                       | LPAREN columnDefinition (COMMA columnDefinition)* RPAREN) # addColumns
    | DROP ifExists? (identifier | LPAREN identifiers RPAREN)
      (USING TIMESTAMP MINUS? INTEGER_VALUE)?                                   # dropColumns
    | DROP COMPACT STORAGE                                                      # dropCompactStorage
    | RENAME ifExists? renames                                                  # renameColumns
    | WITH properties                                                           # alterProperties
    ;

renames
    : rename (AND rename)*
    ;

rename
    : identifier TO identifier
    ;

dropTable
    : DROP TABLE ifExists? tableName
    ;

createIndex
    : CREATE CUSTOM? INDEX ifNotExists? identifier? ON tableName
      LPAREN (indexTarget (COMMA indexTarget)*)? RPAREN
      (USING STRING_VALUE)?
      (WITH properties)?
    ;

indexTarget
    : (VALUES | KEYS | ENTRIES | FULL) LPAREN identifier RPAREN
    | identifier
    ;

dropIndex
    : DROP INDEX ifExists? tableName
    ;

createType
    : CREATE TYPE ifNotExists? typeName LPAREN fieldDefinition (COMMA fieldDefinition?)* RPAREN
    ;

fieldDefinition
    : identifier type
    ;

alterType
    : ALTER TYPE ifExists? typeName typeChange
    ;

typeChange
    : ALTER identifier TYPE type        # alterFieldType
    | ADD ifNotExists? fieldDefinition  # addField
    | RENAME ifExists? renames          # renameFields
    ;

dropType
    : DROP TYPE ifExists? typeName
    ;

createFunction
    : CREATE (OR REPLACE)? FUNCTION ifNotExists? functionName
      LPAREN (fieldDefinition (COMMA fieldDefinition)*)? RPAREN
      (CALLED | RETURNS NULL) ON NULL INPUT
      RETURNS type
      LANGUAGE IDENTIFIER
      AS STRING_VALUE
    ;

dropFunction
    : DROP FUNCTION ifExists? functionName argumentTypes?
    ;

createAggregate
    : CREATE (OR REPLACE)? AGGREGATE ifNotExists? functionName argumentTypes
      SFUNC stateFunction=localFunctionName
      STYPE type
      (FINALFUNC finalFunction=localFunctionName)?
      (INITCOND term)?
    ;

dropAggregate
    : DROP AGGREGATE ifExists? functionName argumentTypes?
    ;

argumentTypes
    : LPAREN (type (COMMA type)*)? RPAREN
    ;

createView
    : CREATE MATERIALIZED VIEW ifNotExists? tableName AS
      SELECT selection FROM tableName
      (WHERE where)?
      primaryKey
      (WITH tableOption (AND tableOption)*)?
    ;

alterView
    : ALTER MATERIALIZED VIEW ifExists? tableName WITH properties
    ;

dropView
    : DROP MATERIALIZED VIEW ifExists? tableName
    ;

createTrigger
    : CREATE TRIGGER ifNotExists? identifier ON tableName USING STRING_VALUE
    ;

dropTrigger
    : DROP TRIGGER ifExists? identifier ON tableName
    ;

ifNotExists
    : IF NOT EXISTS
    ;

ifExists
    : IF EXISTS
    ;

properties
    : property (AND property)*
    ;

property
    : identifier EQ (signedConstant | word | propertyMap)
    ;

propertyMap
    : LBRACE (propertyEntry (COMMA propertyEntry)*)? RBRACE
    ;

propertyEntry
    : key=signedConstant COLON value=signedConstant
    ;

// Roles and permissions

createRole
    : CREATE ROLE ifNotExists? roleName (WITH roleOption (AND roleOption)*)?
    ;

alterRole
    : ALTER ROLE ifExists? roleName (WITH roleOption (AND roleOption)*)?
    ;

roleOption
    : HASHED? PASSWORD EQ STRING_VALUE                 # passwordOption
    | OPTIONS EQ propertyMap                           # customOptions
    | SUPERUSER EQ BOOLEAN_VALUE                       # superuserOption
    | LOGIN EQ BOOLEAN_VALUE                           # loginOption
    | ACCESS TO (ALL DATACENTERS | DATACENTERS nameSet) # datacenterOption
    | ACCESS FROM (ALL CIDRS | CIDRS nameSet)          # cidrOption
    ;

nameSet
    : LBRACE STRING_VALUE (COMMA STRING_VALUE)* RBRACE
    ;

dropRole
    : DROP ROLE ifExists? roleName
    ;

createUser
    : CREATE USER ifNotExists? userName (WITH userPassword)? (SUPERUSER | NOSUPERUSER)?
    ;

alterUser
    : ALTER USER ifExists? userName (WITH userPassword)? (SUPERUSER | NOSUPERUSER)?
    ;

userPassword
    : HASHED? PASSWORD STRING_VALUE
    ;

dropUser
    : DROP USER ifExists? userName
    ;

listRoles
    : LIST ROLES (OF roleName)? NORECURSIVE?
    ;

listUsers
    : LIST USERS
    ;

listPermissions
    : LIST permissions (ON resource)? (OF roleName)? NORECURSIVE?
    ;

grantPermissions
    : GRANT permissions ON resource TO roleName
    ;

revokePermissions
    : REVOKE permissions ON resource FROM roleName
    ;

grantRole
    : GRANT roleName TO roleName
    ;

revokeRole
    : REVOKE roleName FROM roleName
    ;

permissions
    : ALL PERMISSIONS?
    | permission PERMISSION? (COMMA permission PERMISSION?)*
    ;

permission
    : CREATE | ALTER | DROP | SELECT | MODIFY | AUTHORIZE | DESCRIBE | EXECUTE | UNMASK
    | SELECT_MASKED
    ;

resource
    : ALL (KEYSPACES | FUNCTIONS | ROLES | MBEANS)             # rootResource
    | (KEYSPACE | SCHEMA) identifier                           # keyspaceResource
    | ALL TABLES IN (KEYSPACE | SCHEMA) identifier             # tablesResource
    | ALL FUNCTIONS IN (KEYSPACE | SCHEMA) identifier          # functionsResource
    | ROLE roleName                                            # roleResource
    | FUNCTION functionName argumentTypes                      # functionResource
    | (MBEAN | MBEANS) STRING_VALUE                            # mbeanResource
    | TABLE? tableName                                         # tableResource
    ;

addIdentity
    : ADD IDENTITY ifNotExists? userName TO ROLE userName
    ;

dropIdentity
    : DROP IDENTITY ifExists? userName
    ;

// Descriptions

describe
    : (DESCRIBE | DESC) describeTarget (WITH INTERNALS)?
    ;

describeTarget
    : (CLUSTER | KEYSPACES | TABLES | TYPES | FUNCTIONS | AGGREGATES)    # describeListing
    | FULL? SCHEMA                                                       # describeSchema
    | ONLY? KEYSPACE identifier?                                         # describeKeyspace
    | (TABLE | INDEX | MATERIALIZED VIEW) tableName                      # describeTable
    | TYPE typeName                                                      # describeType
    | (FUNCTION | AGGREGATE) functionName                                # describeFunction
    | tableName                                                          # describeAny
    ;

// Types

type
    : nativeType    # plainType
    | genericType   # typeWithArguments
    | typeName      # userType
    | STRING_VALUE  # customType
    ;

genericType
    : LIST LT type GT                       # listType
    | SET LT type GT                        # setType
    | MAP LT type COMMA type GT             # mapType
    | TUPLE LT type (COMMA type)* GT        # tupleType
    | VECTOR LT type COMMA INTEGER_VALUE GT # vectorType
    | FROZEN LT type GT                     # frozenType
    ;

typeName
    : (identifier DOT)? localTypeName
    ;

// Names. Reserved is every word that does not stand in `identifier`.

tableName
    : identifier (DOT identifier)?
    ;

functionName
    : (identifier DOT)? localFunctionName
    ;

roleName
    : identifier
    | STRING_VALUE
    ;

userName
    : IDENTIFIER
    | STRING_VALUE
    ;

identifiers
    : identifier (COMMA identifier)*
    ;

identifier
    : IDENTIFIER
    | QUOTED_NAME
    | word
    ;

localTypeName
    : IDENTIFIER
    | QUOTED_NAME
    | plainWord
    | KEY
    | CONTAINS_KEY // a field called contains, of a type called key
    ;

localFunctionName
    : IDENTIFIER
    | QUOTED_NAME
    | plainWord
    | nativeType
    | TOKEN
    | COUNT
    ;

word
    : plainWord
    | nativeType
    | TTL | COUNT | WRITETIME | MAXWRITETIME | KEY | CAST | JSON | DISTINCT
    ;

nativeType
    : ASCII | BIGINT | BLOB | BOOLEAN | COUNTER | DATE | DECIMAL | DOUBLE | DURATION | FLOAT
    | INET | INT | SMALLINT | TEXT | TIME | TIMESTAMP | TIMEUUID | TINYINT | UUID | VARCHAR
    | VARINT
    ;

plainWord
    : ACCESS | AGGREGATE | AGGREGATES | ALL | ANN | AS | CALLED | CIDRS | CLUSTER | CLUSTERING
    | COMPACT | CONTAINS | CUSTOM | DATACENTERS | DEFAULT | EXISTS | EXPR | FILTERING | FINALFUNC
    | FROZEN | FUNCTION | FUNCTIONS | GROUP | HASHED | IDENTITY | INITCOND | INPUT | INTERNALS
    | KEYS | KEYSPACES | LANGUAGE | LIKE | LIST | LOGIN | MAP | MASKED | MBEAN | MBEANS | NOLOGIN
    | NOSUPERUSER | ONLY | OPTIONS | PARTITION | PASSWORD | PER | PERMISSION | PERMISSIONS
    | REPLACE | RETURNS | ROLE | ROLES | SELECT_MASKED | SFUNC | STATIC | STORAGE | STYPE
    | SUPERUSER | TABLES | TRIGGER | TUPLE | TYPE | TYPES | UNMASK | UNSET | USER | USERS | VALUES
    | VECTOR
    ;
