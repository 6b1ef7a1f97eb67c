package io.helenus.shell.format;

/// One value ready to print: its plain text, the same with colour codes, and the number of terminal
/// columns that it takes. Without colours both texts are the same.
public record FormattedText(String plain, String colored, int width) {
    public static FormattedText plain(String text) {
        return new FormattedText(text, text, DisplayWidth.of(text));
    }

    String padRight(int columns, boolean color) {
        return (color ? colored : plain) + " ".repeat(Math.max(0, columns - width));
    }

    String padLeft(int columns, boolean color) {
        return " ".repeat(Math.max(0, columns - width)) + (color ? colored : plain);
    }
}
