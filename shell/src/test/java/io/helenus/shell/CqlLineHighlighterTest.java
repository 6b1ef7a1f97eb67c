package io.helenus.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import org.junit.jupiter.api.Test;

class CqlLineHighlighterTest {
    @Test
    void theTextStaysAsItIs() {
        String text = " select  'a' -- b\n\tfrom \"T\"  ";
        assertThat(CqlLineHighlighter.highlight(text)).hasToString(text);
    }

    @Test
    void kindsOfWordsDiffer() {
        AttributedString text = CqlLineHighlighter.highlight("SELECT a, 'text', 12 FROM t");
        assertThat(text.styleAt(0)).isEqualTo(AttributedStyle.DEFAULT.bold());
        assertThat(text.styleAt(7)).isEqualTo(AttributedStyle.DEFAULT);
        assertThat(text.styleAt(11))
                .isEqualTo(AttributedStyle.DEFAULT.foreground(AttributedStyle.YELLOW));
        assertThat(text.styleAt(18))
                .isEqualTo(AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN));
    }

    @Test
    void anUnfinishedStringIsAlreadyOne() {
        AttributedString text = CqlLineHighlighter.highlight("SELECT 'te");
        assertThat(text.styleAt(8))
                .isEqualTo(AttributedStyle.DEFAULT.foreground(AttributedStyle.YELLOW));
    }

    @Test
    void commandsOfTheShellAreWordsToo() {
        assertThat(CqlLineHighlighter.highlight("expand on").styleAt(0))
                .isEqualTo(AttributedStyle.DEFAULT.bold());
    }
}
