package io.helenus.cql;

import io.helenus.cql.grammar.CqlGrammar;
import io.helenus.cql.grammar.CqlTokens;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.ATN;
import org.antlr.v4.runtime.misc.IntervalSet;

/// The words of the language, and how names and strings are written between them.
public final class CqlWords {
    /// Types of tokens that may be a name.
    static final IntervalSet NAME_TYPES = firstTokens(CqlGrammar.RULE_identifier);

    /// The same for the name of a user-defined type.
    static final IntervalSet TYPE_NAME_TYPES = firstTokens(CqlGrammar.RULE_localTypeName);

    /// The types of the words for native types.
    static final IntervalSet NATIVE_TYPES = firstTokens(CqlGrammar.RULE_nativeType);

    private static final List<String> KEYWORDS = keywords();
    private static final Set<String> RESERVED = reserved(KEYWORDS);

    /// Not reserved, but as the name of a column they can be taken for something else.
    private static final Set<String> MISLEADING = Set.of("as", "distinct", "json");

    private CqlWords() {}

    /// All words of the language in capitals, in alphabetical order.
    public static List<String> all() {
        return KEYWORDS;
    }

    /// Whether a word, in any case, needs double quotes to be a name.
    public static boolean isReserved(String word) {
        return RESERVED.contains(word.toUpperCase(Locale.ROOT));
    }

    /// A name as CQL, in double quotes only if it needs them.
    public static String identifier(String name) {
        return isPlain(name) && !isReserved(name) && !MISLEADING.contains(name)
                ? name
                : quoted(name);
    }

    /// A name in double quotes.
    public static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /// A text as a CQL string, in single quotes.
    public static String string(String text) {
        return '\'' + text.replace("'", "''") + '\'';
    }

    /// Whether case folding would leave a name as it is.
    private static boolean isPlain(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = c >= 'a' && c <= 'z';
            boolean inner = c >= '0' && c <= '9' || c == '_';
            if (!letter && (i == 0 || !inner)) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private static IntervalSet firstTokens(int rule) {
        ATN atn = CqlGrammar._ATN;
        return atn.nextTokens(atn.ruleToStartState[rule]);
    }

    private static List<String> keywords() {
        List<String> words = new ArrayList<>(List.of("COLUMNFAMILY", "COLUMNFAMILIES"));
        words.addAll(List.of("TRUE", "FALSE"));
        for (int type = 1; type <= CqlTokens.VOCABULARY.getMaxTokenType(); type++) {
            String name = CqlTokens.VOCABULARY.getSymbolicName(type);
            // Tokens of one word are called like it, others have names that are no words of CQL.
            if (type != CqlTokens.IDENTIFIER && typeOf(name) == type) {
                words.add(name);
            }
        }
        words.sort(null);
        return List.copyOf(words);
    }

    private static Set<String> reserved(List<String> keywords) {
        Set<String> reserved = new HashSet<>();
        for (String word : keywords) {
            if (!NAME_TYPES.contains(typeOf(word))) {
                reserved.add(word);
            }
        }
        return Set.copyOf(reserved);
    }

    private static int typeOf(String word) {
        CqlTokens lexer = new QuickTokens(new TextCharStream(word));
        int type = lexer.nextToken().getType();
        return lexer.nextToken().getType() == Token.EOF ? type : Token.INVALID_TYPE;
    }
}
