package io.helenus.cql;

import io.helenus.cql.grammar.CqlTokens;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.Token;

/// Cuts a script, or what was typed so far, into statements at their semicolons. Semicolons in
/// strings, quoted names, comments and `$$` texts do not count, nor do those inside a batch.
/// Whether a statement is right is not asked: a wrong one ends at its semicolon, too.
public final class StatementSplitter {
    private StatementSplitter() {}

    /// One statement, from its first word to before its semicolon.
    ///
    /// @param start offset in the text, in UTF-16 code units
    /// @param end offset after the last word
    public record Statement(String text, int start, int end) {}

    /// @param statements all that were ended by a semicolon, empty ones left out
    /// @param rest what follows the last semicolon, without space around it; empty if only space
    ///     and comments follow
    /// @param open what the rest lacks
    public record Split(List<Statement> statements, String rest, Open open) {
        public Split {
            statements = List.copyOf(statements);
        }

        /// Whether nothing is waiting for more text.
        public boolean isComplete() {
            return open == Open.NOTHING;
        }
    }

    /// What the end of a text is inside of.
    public enum Open {
        /// Nothing: the last statement was ended.
        NOTHING,
        /// A statement that lacks its semicolon.
        STATEMENT,
        /// A batch that lacks its APPLY BATCH.
        BATCH,
        /// A string that lacks its closing quote.
        STRING,
        /// A string that lacks its closing `$$`.
        DOLLAR_STRING,
        /// A name that lacks its closing double quote.
        NAME,
        /// A comment that lacks its closing `*/`.
        COMMENT
    }

    public static Split split(String text) {
        CqlTokens lexer = new QuickTokens(new TextCharStream(text));
        lexer.removeErrorListeners();
        List<Statement> statements = new ArrayList<>();
        Words words = new Words();
        int start = -1; // of the current statement, -1 before its first word
        int end = 0;
        Token token = lexer.nextToken();
        for (; token.getType() != Token.EOF; token = lexer.nextToken()) {
            if (token.getChannel() != Token.DEFAULT_CHANNEL) {
                continue; // a comment
            }
            if (token.getType() == CqlTokens.SEMICOLON && !words.inBatch()) {
                if (start >= 0) {
                    statements.add(new Statement(text.substring(start, end), start, end));
                }
                start = -1;
                words = new Words();
                continue;
            }
            words.add(token.getType());
            start = start < 0 ? token.getStartIndex() : start;
            end = token.getStopIndex() + 1;
        }
        if (start < 0) {
            return new Split(statements, "", Open.NOTHING);
        }
        return new Split(statements, text.substring(start, end), words.open());
    }

    /// What the words of one statement said so far.
    private static final class Words {
        private int count;
        private boolean begins;
        private boolean isBatch;
        private boolean isApplied;
        private int previous;

        void add(int type) {
            begins = count == 0 ? type == CqlTokens.BEGIN : begins;
            // BEGIN BATCH, or BEGIN, a kind, and BATCH
            isBatch |= begins && type == CqlTokens.BATCH && (count == 1 || count == 2);
            isApplied |= isBatch && type == CqlTokens.BATCH && previous == CqlTokens.APPLY;
            previous = type;
            count++;
        }

        boolean inBatch() {
            return isBatch && !isApplied;
        }

        Open open() {
            return switch (previous) {
                case CqlTokens.UNFINISHED_STRING -> Open.STRING;
                case CqlTokens.UNFINISHED_DOLLAR -> Open.DOLLAR_STRING;
                case CqlTokens.UNFINISHED_NAME -> Open.NAME;
                case CqlTokens.UNFINISHED_COMMENT -> Open.COMMENT;
                default -> inBatch() ? Open.BATCH : Open.STATEMENT;
            };
        }
    }
}
