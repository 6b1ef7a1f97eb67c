package io.helenus.cql.ast;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A name: of a column, table, keyspace, type, field, function, role… `text` is what it means:
/// lower case if it was written without quotes, as written between double quotes.
public record Identifier(String text, Position position) {
    public Identifier {
        Objects.requireNonNull(text);
        Objects.requireNonNull(position);
    }

    public static Identifier of(String text) {
        return new Identifier(text, Position.NONE);
    }

    /// Names are equal by their text alone, see the package.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Identifier that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
