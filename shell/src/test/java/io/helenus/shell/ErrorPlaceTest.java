package io.helenus.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ErrorPlaceTest {
    private static final String STATEMENT = "SELECT a\n\tFORM t;";

    @Test
    void thePlaceIsMarkedUnderItsLine() {
        assertThat(ErrorPlace.marked(STATEMENT, "line 1:7 no viable alternative"))
                .containsExactly("  SELECT a", "         ^");
    }

    @Test
    void tabsStayTabsSoThatTheMarkStaysBelow() {
        assertThat(ErrorPlace.marked(STATEMENT, "line 2:1 no viable alternative"))
                .containsExactly("  \tFORM t;", "  \t^");
    }

    @Test
    void theEndOfTheStatementCanBeMarked() {
        assertThat(ErrorPlace.marked("SELECT", "line 1:6 mismatched input '<EOF>'"))
                .containsExactly("  SELECT", "        ^");
    }

    @Test
    void messagesWithoutAPlaceMarkNothing() {
        assertThat(ErrorPlace.marked(STATEMENT, "table t does not exist")).isEmpty();
        assertThat(ErrorPlace.marked(STATEMENT, "line 9:7 far away")).isEmpty();
        assertThat(ErrorPlace.marked(STATEMENT, "line 1:70 far away")).isEmpty();
    }
}
