package io.helenus.cql.ast;

/// The operators that stand between a column and one value.
public enum ComparisonOperator {
    EQ("="),
    LT("<"),
    LE("<="),
    GT(">"),
    GE(">="),
    NE("!="),
    CONTAINS("CONTAINS"),
    CONTAINS_KEY("CONTAINS KEY"),
    LIKE("LIKE");

    private final String symbol;

    ComparisonOperator(String symbol) {
        this.symbol = symbol;
    }

    public String symbol() {
        return symbol;
    }
}
