package io.helenus.cql;

import io.helenus.cql.grammar.CqlTokens;
import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.Lexer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.ATN;
import org.antlr.v4.runtime.atn.LexerATNSimulator;
import org.antlr.v4.runtime.atn.PredictionContextCache;
import org.antlr.v4.runtime.dfa.DFA;

/// The same tokens as [CqlTokens] finds; what is plain is found without ANTLR's automaton: words,
/// spaces and most symbols. That automaton grows while a process meets its first words, which made
/// the first statement of each process cost a tenth of a second or more.
class QuickTokens extends CqlTokens {
    QuickTokens(CharStream text) {
        super(text);
        setInterpreter(new Plain(this, _ATN, _decisionToDFA, _sharedContextCache));
    }

    private static final class Plain extends LexerATNSimulator {
        private static final int UNCLEAR = Token.INVALID_TYPE;
        private static final int UUID_FIRST_DIGITS = 8;
        private static final int SLOTS = 1 << 10; // some four times as many as there are words
        private static final String[] WORDS = new String[SLOTS];
        private static final int[] TYPES = new int[SLOTS];

        static {
            for (int type = 1; type <= VOCABULARY.getMaxTokenType(); type++) {
                String literal = VOCABULARY.getLiteralName(type);
                if (literal != null && isLetter(literal.charAt(1))) { // in quotes
                    put(literal.substring(1, literal.length() - 1), type);
                }
            }
            put("TABLE", TABLE);
            put("COLUMNFAMILY", TABLE);
            put("TABLES", TABLES);
            put("COLUMNFAMILIES", TABLES);
            put("TRUE", BOOLEAN_VALUE);
            put("FALSE", BOOLEAN_VALUE);
        }

        Plain(Lexer lexer, ATN atn, DFA[] states, PredictionContextCache contexts) {
            super(lexer, atn, states, contexts);
        }

        private static void put(String word, int type) {
            int hash = 0;
            for (int i = 0; i < word.length(); i++) {
                hash = 31 * hash + word.charAt(i);
            }
            int slot = slot(hash);
            while (WORDS[slot] != null) {
                slot = (slot + 1) % SLOTS;
            }
            WORDS[slot] = word;
            TYPES[slot] = type;
        }

        private static int slot(int hash) {
            return (hash ^ hash >>> 16) & (SLOTS - 1);
        }

        @Override
        public int match(CharStream input, int mode) {
            int c = input.LA(1);
            int type;
            if (isLetter(c)) {
                type = word(input, c);
            } else if (isSpace(c)) {
                return spaces(input);
            } else {
                type = symbol(c, input);
                if (type != UNCLEAR) {
                    consume(input);
                }
            }
            return type == UNCLEAR ? super.match(input, mode) : type;
        }

        private int spaces(CharStream input) {
            do {
                consume(input);
            } while (isSpace(input.LA(1)));
            return SKIP;
        }

        /// Those that begin no longer one.
        private static int symbol(int c, CharStream input) {
            return switch (c) {
                case '(' -> LPAREN;
                case ')' -> RPAREN;
                case '[' -> LBRACKET;
                case ']' -> RBRACKET;
                case '{' -> LBRACE;
                case '}' -> RBRACE;
                case ',' -> COMMA;
                case ';' -> SEMICOLON;
                case ':' -> COLON;
                case '?' -> QMARK;
                case '=' -> EQ;
                case '*' -> STAR;
                case '%' -> PERCENT;
                case '.' -> input.LA(2) == '.' ? UNCLEAR : DOT;
                default -> UNCLEAR;
            };
        }

        private int word(CharStream input, int first) {
            if (first == 'P' && isDigit(input.LA(input.LA(2) == 'T' ? 3 : 2))) {
                return UNCLEAR; // perhaps a duration
            }
            int length = 0;
            int hash = 0;
            boolean isHex = true;
            int c = first;
            do {
                hash = 31 * hash + upper(c);
                isHex &= isHexDigit(c);
                c = input.LA(++length + 1);
            } while (isLetter(c) || isDigit(c) || c == '_');
            if (c == '-' && isHex && length == UUID_FIRST_DIGITS) {
                return UNCLEAR; // perhaps a UUID
            }
            int type = IDENTIFIER;
            for (int slot = slot(hash); WORDS[slot] != null; slot = (slot + 1) % SLOTS) {
                if (isWord(input, length, WORDS[slot])) {
                    type = TYPES[slot];
                    break;
                }
            }
            for (int i = 0; i < length; i++) {
                consume(input);
            }
            return type;
        }

        private static boolean isWord(CharStream input, int length, String word) {
            if (word.length() != length) {
                return false;
            }
            for (int i = 0; i < length; i++) {
                if (upper(input.LA(i + 1)) != word.charAt(i)) {
                    return false;
                }
            }
            return true;
        }

        private static int upper(int c) {
            return c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c;
        }

        private static boolean isLetter(int c) {
            return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
        }

        private static boolean isDigit(int c) {
            return c >= '0' && c <= '9';
        }

        private static boolean isHexDigit(int c) {
            return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
        }

        private static boolean isSpace(int c) {
            return c == ' ' || c == '\t' || c == '\r' || c == '\n';
        }
    }
}
