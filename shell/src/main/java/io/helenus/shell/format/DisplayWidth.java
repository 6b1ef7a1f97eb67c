package io.helenus.shell.format;

import org.jline.utils.WCWidth;

/// How many columns of a terminal a text takes: wide characters two, combining ones none.
final class DisplayWidth {
    private DisplayWidth() {}

    static int of(String text) {
        int columns = 0;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            columns += codePoint < 0x7f ? 1 : Math.max(0, WCWidth.wcwidth(codePoint));
            i += Character.charCount(codePoint);
        }
        return columns;
    }
}
