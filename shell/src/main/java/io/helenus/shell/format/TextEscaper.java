package io.helenus.shell.format;

import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.util.Locale;

/// Text that is safe to print: a backslash is doubled, control characters and what the output's
/// encoding lacks become escapes (`\n`, `\x00`, `\u20ac`). With colours an escape stands out by
/// colour, so there a backslash is shown once.
final class TextEscaper {
    private final Charset charset;
    private final boolean color;

    TextEscaper(Charset charset, boolean color) {
        this.charset = charset;
        this.color = color;
    }

    FormattedText escape(String text, boolean quoted, Paint paint) {
        CharsetEncoder encoder = charset.newEncoder();
        String quote = quoted ? "'" : "";
        StringBuilder plain = new StringBuilder(quote);
        StringBuilder colored = new StringBuilder(color ? paint.code() : "").append(quote);
        int backslashes = 0;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            i += Character.charCount(codePoint);
            String shown = Character.toString(codePoint);
            if (codePoint == '\\') {
                backslashes++;
                plain.append("\\\\");
                colored.append(color ? "\\" : "\\\\");
            } else if (quoted && codePoint == '\'') {
                plain.append("''");
                colored.append("''");
            } else if (isControl(codePoint) || !encoder.canEncode(shown)) {
                String escape = escape(codePoint);
                plain.append(escape);
                colored.append(color ? Paint.BLOB.code() + escape + paint.code() : escape);
            } else {
                plain.append(shown);
                colored.append(shown);
            }
        }
        plain.append(quote);
        colored.append(quote).append(color ? Paint.RESET : "");
        String result = plain.toString();
        int width = DisplayWidth.of(result) - (color ? backslashes : 0);
        return new FormattedText(result, color ? colored.toString() : result, width);
    }

    private static boolean isControl(int codePoint) {
        return codePoint < 0x20 || (codePoint >= 0x7f && codePoint <= 0xa0);
    }

    private static String escape(int codePoint) {
        return switch (codePoint) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> {
                if (codePoint < 0x100) {
                    yield String.format(Locale.ROOT, "\\x%02x", codePoint);
                }
                String form = codePoint < 0x10000 ? "\\u%04x" : "\\U%08x";
                yield String.format(Locale.ROOT, form, codePoint);
            }
        };
    }
}
