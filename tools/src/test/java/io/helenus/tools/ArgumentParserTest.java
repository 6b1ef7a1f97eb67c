package io.helenus.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.tools.ArgumentParser.Option;
import io.helenus.tools.ArgumentParser.Parsed;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArgumentParserTest {
    private static final ArgumentParser PARSER =
            new ArgumentParser(
                    "test",
                    "Tests.",
                    List.of(
                            new Option("--data", "DIR", "Where."),
                            new Option("--set", "KEY=VALUE", "A setting.", true)));

    @Test
    void readsBothForms() throws UsageException {
        Parsed parsed = PARSER.parse(List.of("--set", "a=1", "--data=/x=y", "--set=b=2"));

        assertThat(parsed.value("--data")).contains("/x=y");
        assertThat(parsed.values("--set")).containsExactly("a=1", "b=2");
        assertThat(parsed.help()).isFalse();
    }

    @Test
    void nothingIsGivenByDefault() throws UsageException {
        Parsed parsed = PARSER.parse(List.of());

        assertThat(parsed.value("--data")).isEmpty();
        assertThat(parsed.values("--set")).isEmpty();
    }

    @Test
    void helpWinsOverTheRest() throws UsageException {
        assertThat(PARSER.parse(List.of("--data", "x", "-h")).help()).isTrue();
        assertThat(PARSER.help())
                .isEqualTo(
                        """
                        Usage: helenus test [OPTION]...
                        Tests.

                        Options:
                          --data DIR             Where.
                          --set KEY=VALUE        A setting.
                          -h, --help             Print this.
                        """);
    }

    record Rejected(List<String> arguments, String message) {}

    static Stream<Rejected> rejected() {
        return Stream.of(
                new Rejected(List.of("--dta", "x"), "unknown option '--dta'"),
                new Rejected(List.of("--dta=x"), "unknown option '--dta'"),
                new Rejected(List.of("-x"), "unknown option '-x'"),
                new Rejected(List.of("file"), "unexpected argument 'file'"),
                new Rejected(List.of("--data"), "--data needs a value: DIR"),
                new Rejected(List.of("--data", "--set", "a=1"), "--data needs a value: DIR"),
                new Rejected(List.of("--data=a", "--data", "b"), "--data is given twice"));
    }

    @ParameterizedTest
    @MethodSource
    void rejected(Rejected row) {
        assertThatThrownBy(() -> PARSER.parse(row.arguments()))
                .isInstanceOf(UsageException.class)
                .hasMessage(row.message());
    }
}
