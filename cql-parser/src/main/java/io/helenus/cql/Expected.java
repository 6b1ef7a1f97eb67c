package io.helenus.cql;

import java.util.List;

/// What may stand at a place of a text: for completion in a shell.
///
/// @param words words in capitals and symbols, in alphabetical order; words that could stand there
///     only because any name could are left out
/// @param name whether a name may stand there
/// @param value whether a value (constant, marker, …) may stand there
public record Expected(List<String> words, boolean name, boolean value) {
    /// The text is wrong already.
    public static final Expected NOTHING = new Expected(List.of(), false, false);

    public Expected {
        words = List.copyOf(words);
    }
}
