package io.helenus.cql;

import io.helenus.cql.ast.Position;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A text is not CQL. The message begins with `line L:C`, as clients of Cassandra know it, and says
/// what was found and what would have been right.
public final class CqlSyntaxException extends RuntimeException {
    /// The native protocol's code for it.
    public static final int ERROR_CODE = 0x2000;

    private static final long serialVersionUID = 1L;

    private final transient Position position;
    private final @Nullable String found;
    private final transient List<String> expected;

    /// An error that a sentence explains best.
    public CqlSyntaxException(Position position, String message) {
        super("line " + position + " " + message);
        this.position = position;
        this.found = null;
        this.expected = List.of();
    }

    /// Found one thing where others were expected.
    ///
    /// @param found as it shall be shown, with its quotes
    /// @param expected as they shall be shown, the likeliest first; may be empty
    /// @param hint a further sentence, or empty
    public CqlSyntaxException(Position position, String found, List<String> expected, String hint) {
        super("line " + position + " " + sentence(found, expected) + hint);
        this.position = position;
        this.found = found;
        this.expected = List.copyOf(expected);
    }

    /// Where the text went wrong.
    public Position position() {
        return position;
    }

    /// From 1.
    public int line() {
        return position.line();
    }

    /// From 0.
    public int column() {
        return position.column();
    }

    /// What stood there, if that was the trouble.
    public @Nullable String found() {
        return found;
    }

    /// What might have stood there, as far as known.
    public List<String> expected() {
        return expected;
    }

    private static String sentence(String found, List<String> expected) {
        return switch (expected.size()) {
            case 0 -> "unexpected " + found;
            case 1 -> "found " + found + ", expected " + expected.getFirst();
            default ->
                    "found "
                            + found
                            + ", expected "
                            + expected.stream()
                                    .limit(expected.size() - 1L)
                                    .collect(Collectors.joining(", "))
                            + " or "
                            + expected.getLast();
        };
    }
}
