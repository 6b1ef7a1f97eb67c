package io.helenus.shell.format;

import java.util.ArrayList;
import java.util.List;

/// Short names side by side in as few lines as 80 columns allow, down the first column, then down the
/// next, as `DESCRIBE TABLES` and `HELP` show them.
public final class NameColumns {
    private static final int LINE_WIDTH = 80;
    private static final String GAP = "  ";

    private NameColumns() {}

    public static List<String> of(List<String> names) {
        if (names.isEmpty()) {
            return List.of("<empty>");
        }
        for (int lines = 1; lines < names.size(); lines++) {
            int[] widths = widths(names, lines);
            int total = -GAP.length();
            for (int width : widths) {
                total += width + GAP.length();
            }
            if (total <= LINE_WIDTH) {
                return layOut(names, lines, widths);
            }
        }
        return List.copyOf(names);
    }

    private static int[] widths(List<String> names, int lines) {
        int[] widths = new int[(names.size() + lines - 1) / lines];
        for (int i = 0; i < names.size(); i++) {
            widths[i / lines] = Math.max(widths[i / lines], DisplayWidth.of(names.get(i)));
        }
        return widths;
    }

    private static List<String> layOut(List<String> names, int lines, int[] widths) {
        List<String> result = new ArrayList<>();
        for (int line = 0; line < lines; line++) {
            List<String> cells = new ArrayList<>();
            for (int i = line; i < names.size(); i += lines) {
                cells.add(FormattedText.plain(names.get(i)).padRight(widths[i / lines], false));
            }
            result.add(String.join(GAP, cells));
        }
        return result;
    }
}
