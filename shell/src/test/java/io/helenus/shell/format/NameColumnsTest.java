package io.helenus.shell.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NameColumnsTest {
    @Test
    void fewNamesStandOnOneLine() {
        assertThat(NameColumns.of(List.of("a", "bb"))).containsExactly("a  bb");
    }

    @Test
    void manyNamesRunDownTheColumns() {
        List<String> names =
                List.of(
                        "system",
                        "system_auth",
                        "system_distributed",
                        "system_schema",
                        "system_traces",
                        "system_views",
                        "system_virtual_schema");
        assertThat(NameColumns.of(names))
                .containsExactly(
                        "system       system_distributed  system_traces  system_virtual_schema",
                        "system_auth  system_schema       system_views ");
    }

    @Test
    void namesThatFillALineStandAlone() {
        List<String> names = IntStream.range(0, 3).mapToObj(i -> i + "x".repeat(90)).toList();
        assertThat(NameColumns.of(names)).isEqualTo(names);
    }

    @Test
    void noNamesAreSaidToBeNone() {
        assertThat(NameColumns.of(List.of())).containsExactly("<empty>");
    }
}
