package io.helenus.shell.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableFormatterTest {
    private static final List<FormattedText> NAMES = texts("id", "name");
    private static final List<List<FormattedText>> ROWS =
            List.of(texts("1", "Alice"), texts("100", "漢字"));

    @Test
    void namesStandLeftAndValuesRight() {
        assertThat(TableFormatter.table(NAMES, ROWS, true, false))
                .containsExactly(" id  | name", "-----+-------", "   1 | Alice", " 100 |  漢字");
    }

    @Test
    void laterPagesMayLackTheHeader() {
        assertThat(TableFormatter.table(NAMES, ROWS.subList(0, 1), false, false))
                .containsExactly("  1 | Alice");
    }

    @Test
    void noRowsLeaveTheHeader() {
        assertThat(TableFormatter.table(NAMES, List.of(), true, false))
                .containsExactly(" id | name", "----+------");
    }

    @Test
    void colorsDoNotCountAsWidth() {
        FormattedText value = new FormattedText("7", Paint.SCALAR.apply("7"), 1);
        assertThat(TableFormatter.table(texts("key"), List.of(List.of(value)), true, true))
                .containsExactly(" key", "-----", "   " + Paint.SCALAR.apply("7"));
    }

    @Test
    void expandedRowsAreNumberedAndListColumns() {
        assertThat(TableFormatter.expanded(NAMES, ROWS, 3, false))
                .containsExactly(
                        "@ Row 3",
                        "------+-------",
                        " id   | 1",
                        " name | Alice",
                        "",
                        "@ Row 4",
                        "------+-------",
                        " id   | 100",
                        " name | 漢字",
                        "");
    }

    private static List<FormattedText> texts(String... texts) {
        return List.of(texts).stream().map(FormattedText::plain).toList();
    }
}
