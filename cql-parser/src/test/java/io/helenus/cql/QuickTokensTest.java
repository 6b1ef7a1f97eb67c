package io.helenus.cql;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.cql.grammar.CqlTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.antlr.v4.runtime.Token;
import org.junit.jupiter.api.Test;

/// What is found without the automaton is what the automaton finds.
class QuickTokensTest {
    private record Found(
            int type, int channel, int start, int stop, int line, int column, String text) {}

    private static List<Found> tokens(CqlTokens lexer) {
        lexer.removeErrorListeners();
        List<Found> all = new ArrayList<>();
        Token token;
        do {
            token = lexer.nextToken();
            all.add(
                    new Found(
                            token.getType(),
                            token.getChannel(),
                            token.getStartIndex(),
                            token.getStopIndex(),
                            token.getLine(),
                            token.getCharPositionInLine(),
                            token.getText()));
        } while (token.getType() != Token.EOF);
        return all;
    }

    private static void assertSame(String text) {
        assertThat(tokens(new QuickTokens(new TextCharStream(text))))
                .as("tokens of %s", text)
                .isEqualTo(tokens(new CqlTokens(new TextCharStream(text))));
    }

    @Test
    void statements() {
        Statements.accepted().forEach(QuickTokensTest::assertSame);
    }

    @Test
    void wordsBeforeEverything() {
        List<String> words = new ArrayList<>(CqlWords.all());
        for (int type = 1; type <= CqlTokens.VOCABULARY.getMaxTokenType(); type++) {
            words.add(CqlTokens.VOCABULARY.getSymbolicName(type)); // a word, or what is none
        }
        for (String word : words) {
            for (String after : List.of("", "x", "9", "_", "-", "é", "(", ".", "..", "'", " ")) {
                assertSame(word + after);
                assertSame(word.toLowerCase(Locale.ROOT) + after);
            }
        }
    }

    @Test
    void whatLooksLikeAWord() {
        List.of(
                        "P1D",
                        "p1d",
                        "PT1S",
                        "PT",
                        "PTx1",
                        "P1Y2M3DT4H5M6S",
                        "P0001-02-03T04:05:06",
                        "PRIMARY",
                        "P",
                        "5e8f4a2b-1234-4d5e-9abc-def012345678",
                        "ae8f4a2b-1234-4d5e-9abc-def012345678",
                        "AE8F4A2B-1234-4D5E-9ABC-DEF01234567",
                        "abcdefab-",
                        "abcdefabc-1",
                        "True FALSE columnFamily Columnfamilies",
                        "a\u212Ab \u017Felect",
                        "a.b..c...d",
                        "\r\n\t a \n\n b")
                .forEach(QuickTokensTest::assertSame);
    }

    @Property(tries = 3000)
    void anyText(@ForAll("texts") String text) {
        assertSame(text);
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> pieces =
                Arbitraries.oneOf(
                        Arbitraries.of(CqlWords.all()),
                        Arbitraries.strings()
                                .withChars("abcdefPT019_-.:;,()[]{}<>=!+*/%?$'\"\n é")
                                .ofMaxLength(6),
                        Arbitraries.strings().ofMaxLength(2));
        return pieces.list().ofMaxSize(12).map(list -> list.stream().collect(Collectors.joining()));
    }
}
