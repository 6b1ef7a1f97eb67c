package io.helenus.cql;

import io.helenus.cql.grammar.CqlGrammar;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.IntervalSet;
import org.jspecify.annotations.Nullable;

/// Sets of token types in the reader's words.
final class Expectations {
    private static final int SHOWN_MAX = 10;
    private static final int WORDS_SHOWN_MAX = 30; // native types are fewer, all words more

    private static final IntervalSet TYPES =
            new IntervalSet(CqlGrammar.SET, CqlGrammar.STRING_VALUE);

    private static final IntervalSet OPERATORS =
            new IntervalSet(
                    CqlGrammar.PLUS,
                    CqlGrammar.MINUS,
                    CqlGrammar.STAR,
                    CqlGrammar.SLASH,
                    CqlGrammar.PERCENT);
    private static final IntervalSet COMPARATORS =
            new IntervalSet(
                    CqlGrammar.EQ,
                    CqlGrammar.NE,
                    CqlGrammar.LT,
                    CqlGrammar.LE,
                    CqlGrammar.GT,
                    CqlGrammar.GE);
    private static final IntervalSet CONSTANTS =
            new IntervalSet(
                    CqlGrammar.STRING_VALUE,
                    CqlGrammar.INTEGER_VALUE,
                    CqlGrammar.FLOAT_VALUE,
                    CqlGrammar.BOOLEAN_VALUE,
                    CqlGrammar.DURATION_VALUE,
                    CqlGrammar.UUID_VALUE,
                    CqlGrammar.HEX_VALUE,
                    CqlGrammar.NAN,
                    CqlGrammar.INFINITY);
    private static final IntervalSet TERMS =
            new IntervalSet(
                            CqlGrammar.MINUS,
                            CqlGrammar.LPAREN,
                            CqlGrammar.LBRACKET,
                            CqlGrammar.LBRACE,
                            CqlGrammar.NULL,
                            CqlGrammar.QMARK,
                            CqlGrammar.COLON,
                            CqlGrammar.CAST,
                            CqlGrammar.TOKEN)
                    .or(CONSTANTS);

    private Expectations() {}

    static Expected group(IntervalSet possible) {
        IntervalSet rest = withoutOddities(possible);
        boolean value = contains(rest, CONSTANTS);
        if (value) {
            rest = rest.subtract(contains(rest, TERMS) ? TERMS : CONSTANTS);
        }
        boolean name = acceptsAnyName(rest);
        if (name) {
            rest = rest.subtract(CqlWords.NAME_TYPES);
        }
        List<String> words = new ArrayList<>();
        for (int type : rest.toList()) {
            if (type != Token.EOF) {
                String word = name(type);
                words.add(word.startsWith("'") ? word.substring(1, word.length() - 1) : word);
            }
        }
        words.sort(null);
        return new Expected(words, name, value);
    }

    /// The name of a type may be KEY right after a column called contains; nobody needs to hear it.
    private static IntervalSet withoutOddities(IntervalSet possible) {
        return contains(possible, CONSTANTS)
                ? new IntervalSet(possible)
                : possible.subtract(new IntervalSet(CqlGrammar.CONTAINS_KEY));
    }

    /// The same for an error's text, the likeliest first.
    static List<String> describe(IntervalSet possible, Token found) {
        List<String> first = new ArrayList<>();
        List<String> last = new ArrayList<>();
        IntervalSet rest = withoutOddities(possible);
        if (contains(rest, TERMS)) {
            last.add("a value");
            rest = rest.subtract(TERMS).subtract(TYPES);
        } else if (contains(rest, CONSTANTS)) {
            last.add("a constant");
            rest = rest.subtract(CONSTANTS).subtract(new IntervalSet(CqlGrammar.MINUS));
        }
        if (acceptsAnyName(rest)) {
            boolean type = rest.contains(CqlGrammar.SET); // reserved, so only as set<…>
            first.add(type ? "a type" : "a name");
            rest = rest.subtract(CqlWords.NAME_TYPES);
            rest = type ? rest.subtract(TYPES) : rest;
        } else if (rest.and(CqlWords.NAME_TYPES).size() > WORDS_SHOWN_MAX) {
            last.add("a word that is not reserved");
            rest = rest.subtract(CqlWords.NAME_TYPES);
        }
        if (contains(rest, OPERATORS)) {
            last.add("an operator");
            IntervalSet access = new IntervalSet(CqlGrammar.DOT, CqlGrammar.LBRACKET);
            rest = rest.subtract(OPERATORS).subtract(access);
        }
        if (contains(rest, COMPARATORS)) {
            first.add("a comparison");
            rest = rest.subtract(COMPARATORS);
        }
        List<String> words = new ArrayList<>();
        for (int type : rest.toList()) {
            words.add(name(type));
        }
        @Nullable String meant = alike(words, found);
        if (meant != null) {
            words.remove(meant);
            first.addFirst(meant);
        }
        first.addAll(words);
        first.addAll(last);
        if (first.size() <= SHOWN_MAX) {
            return first;
        }
        List<String> shown = new ArrayList<>(first.subList(0, SHOWN_MAX - 1));
        shown.add("others");
        return shown;
    }

    /// A further sentence, or empty.
    static String hint(IntervalSet possible, Token found) {
        boolean reserved = acceptsAnyName(possible) && CqlWords.isReserved(found.getText());
        return reserved ? "; a reserved word needs double quotes to be a name" : "";
    }

    private static boolean acceptsAnyName(IntervalSet types) {
        return types.contains(CqlGrammar.IDENTIFIER) && types.contains(CqlGrammar.QUOTED_NAME);
    }

    private static boolean contains(IntervalSet all, IntervalSet part) {
        return part.subtract(all).isNil();
    }

    private static String name(int type) {
        return switch (type) {
            case Token.EOF -> "end of text";
            case CqlGrammar.IDENTIFIER -> "a name without quotes";
            case CqlGrammar.QUOTED_NAME -> "a name in double quotes";
            case CqlGrammar.STRING_VALUE -> "a string";
            case CqlGrammar.INTEGER_VALUE -> "an integer";
            case CqlGrammar.BOOLEAN_VALUE -> "true or false";
            case CqlGrammar.SELECT_JSON -> "JSON";
            case CqlGrammar.SELECT_DISTINCT -> "DISTINCT";
            case CqlGrammar.CONTAINS_KEY -> "KEY";
            case CqlGrammar.HINTED_COLON -> "':'";
            default -> {
                @Nullable String literal = CqlGrammar.VOCABULARY.getLiteralName(type);
                boolean word = literal == null || Character.isLetter(literal.charAt(1));
                yield word ? CqlGrammar.VOCABULARY.getSymbolicName(type) : literal;
            }
        };
    }

    /// The expected word that was probably meant.
    private static @Nullable String alike(List<String> words, Token found) {
        int length = found.getStopIndex() - found.getStartIndex() + 1;
        if (length < 3 || length > 20) {
            return null;
        }
        String typed = found.getText().toUpperCase(Locale.ROOT);
        for (String word : words) {
            boolean near = distance(word, typed) <= (length < 5 ? 1 : 2);
            if (Character.isUpperCase(word.charAt(0)) && (near || swapped(word, typed))) {
                return word;
            }
        }
        return null;
    }

    /// Whether two neighbouring letters changed places.
    private static boolean swapped(String a, String b) {
        if (a.length() != b.length()) {
            return false;
        }
        int at = 0;
        while (at < a.length() && a.charAt(at) == b.charAt(at)) {
            at++;
        }
        return at + 1 < a.length()
                && a.charAt(at) == b.charAt(at + 1)
                && a.charAt(at + 1) == b.charAt(at)
                && a.substring(at + 2).equals(b.substring(at + 2));
    }

    /// How many letters to change, add or leave out.
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
