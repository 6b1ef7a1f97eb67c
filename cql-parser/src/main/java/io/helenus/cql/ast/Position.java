package io.helenus.cql.ast;

/// Where a word of the text begins.
///
/// @param line counted from 1
/// @param column UTF-16 code units from the line's start, counted from 0
/// @param offset UTF-16 code units from the text's start, counted from 0
public record Position(int line, int column, int offset) {
    /// Of nodes that came from no text.
    public static final Position NONE = new Position(0, 0, -1);

    @Override
    public String toString() {
        return line + ":" + column;
    }
}
