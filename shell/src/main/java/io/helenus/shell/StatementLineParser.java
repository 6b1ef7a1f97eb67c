package io.helenus.shell;

import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/// Tells JLine whether Enter ends the input or begins another line of the statement, and which word
/// the cursor is in.
///
/// @param multiline false for answers to questions, which end with Enter in any case
record StatementLineParser(boolean multiline) implements Parser {
    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
        if (multiline
                && context == ParseContext.ACCEPT_LINE
                && !StatementCutter.cut(line + "\n").rest().isEmpty()) {
            throw new EOFError(-1, cursor, "the statement goes on");
        }
        int start = cursor;
        while (start > 0 && isWordPart(line.charAt(start - 1))) {
            start--;
        }
        int end = cursor;
        while (end < line.length() && isWordPart(line.charAt(end))) {
            end++;
        }
        return new Word(line, cursor, start, end);
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '"' || c == '?';
    }

    private record Word(String line, int cursor, int start, int end)
            implements CompletingParsedLine {
        @Override
        public String word() {
            return line.substring(start, end);
        }

        @Override
        public int wordCursor() {
            return cursor - start;
        }

        @Override
        public int wordIndex() {
            return 0;
        }

        @Override
        public List<String> words() {
            return List.of(word());
        }

        @Override
        public CharSequence escape(CharSequence candidate, boolean complete) {
            return candidate;
        }

        @Override
        public int rawWordCursor() {
            return wordCursor();
        }

        @Override
        public int rawWordLength() {
            return end - start;
        }
    }
}
