package io.helenus.shell;

import io.helenus.cql.CqlHighlighter;
import io.helenus.cql.CqlHighlighter.Span;
import org.jline.reader.Highlighter;
import org.jline.reader.LineReader;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/// Colours of what is being typed: values in the colours in which results show them.
final class CqlLineHighlighter implements Highlighter {
    private static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;
    private static final AttributedStyle WORD = PLAIN.bold();
    private static final AttributedStyle TYPE = PLAIN.foreground(AttributedStyle.CYAN);
    private static final AttributedStyle TEXT = PLAIN.foreground(AttributedStyle.YELLOW);
    private static final AttributedStyle NUMBER = PLAIN.foreground(AttributedStyle.GREEN);
    private static final AttributedStyle MARKER = PLAIN.foreground(AttributedStyle.MAGENTA);
    private static final AttributedStyle COMMENT = PLAIN.faint();
    private static final AttributedStyle ERROR = PLAIN.foreground(AttributedStyle.RED);

    @Override
    public AttributedString highlight(LineReader reader, String buffer) {
        return highlight(buffer);
    }

    static AttributedString highlight(String text) {
        AttributedStringBuilder styled = new AttributedStringBuilder(text.length());
        int at = 0;
        for (Span span : CqlHighlighter.highlight(text)) {
            String shown = text.substring(span.start(), span.end());
            boolean first = text.substring(0, span.start()).isBlank();
            boolean command = first && LineCommands.contains(shown);
            styled.append(text.substring(at, span.start()));
            styled.append(shown, command ? WORD : style(span, shown));
            at = span.end();
        }
        return styled.append(text.substring(at)).toAttributedString();
    }

    private static AttributedStyle style(Span span, String text) {
        return switch (span.kind()) {
            case KEYWORD -> WORD;
            case TYPE -> TYPE;
            case STRING -> TEXT;
            case NUMBER, CONSTANT -> NUMBER;
            case MARKER -> MARKER;
            case COMMENT -> COMMENT;
            case NAME, QUOTED_NAME, SYMBOL -> PLAIN;
            case ERROR -> unfinished(text);
        };
    }

    /// A string, name or comment that is still being typed is no error yet.
    private static AttributedStyle unfinished(String text) {
        if (text.startsWith("'") || text.startsWith("$$")) {
            return TEXT;
        }
        if (text.startsWith("/*")) {
            return COMMENT;
        }
        return text.startsWith("\"") ? PLAIN : ERROR;
    }
}
