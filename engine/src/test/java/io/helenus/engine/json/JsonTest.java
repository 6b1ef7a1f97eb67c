package io.helenus.engine.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
    @Provide
    Arbitrary<Json> values() {
        return Arbitraries.lazyOf(
                () -> Arbitraries.strings().map(Json.Text::new),
                () -> Arbitraries.longs().map(Json.Whole::new),
                () -> Arbitraries.of(true, false).map(Json.Bool::new),
                () -> Arbitraries.of((Json) new Json.Nothing()),
                () -> values().list().ofMaxSize(3).map(Json.Items::new),
                () ->
                        Arbitraries.maps(Arbitraries.strings(), values())
                                .ofMaxSize(3)
                                .map(map -> {
                                    Json.Members members = Json.object();
                                    map.forEach(members::put);
                                    return members;
                                }));
    }

    @Property(tries = 500)
    void whatIsWrittenReadsAsTheSame(@ForAll("values") Json value) {
        assertThat(Json.parse(value.text()).text()).isEqualTo(value.text());
        assertThat(Json.parse(value.prettyText()).text()).isEqualTo(value.text());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\": [1, 2.5, -3e2], \"b\": null} | {\"a\":[1,2.5,-300.0],\"b\":null}",
                "\"\\u00e9\\n\\/\" | \"é\\n/\"",
                "  [true , false]  | [true,false]",
            })
    void readsWhatOthersWrite(String text, String written) {
        assertThat(Json.parse(text).text()).isEqualTo(written);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | expected a value at character 1, but the text ends",
                "{\"a\" 1} | expected ':' at character 6, but '1' stands there",
                "[1,] | expected a value at character 4",
                "{\"a\":1,\"a\":2} | a name other than 'a', which came before",
                "[1] x | expected nothing more at character 5",
                "01 | expected a value at character 1",
                "\"\\x\" | expected an escaped character at character 3",
                "99999999999999999999 | a number that 64 bits can hold",
                "\"a | expected the end of a string",
            })
    void saysWhereItIsNone(String text, String problem) {
        assertThatThrownBy(() -> Json.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem);
    }

    @Property(tries = 20)
    void depthHasALimit(@ForAll("depths") int depth) {
        String text = "[".repeat(depth) + "]".repeat(depth);
        if (depth <= 60) {
            assertThat(Json.parse(text).text()).isEqualTo(text);
        } else {
            assertThatThrownBy(() -> Json.parse(text)).hasMessageContaining("levels");
        }
    }

    @Provide
    Arbitrary<Integer> depths() {
        return Arbitraries.of(List.of(1, 60, 70, 100_000));
    }
}
