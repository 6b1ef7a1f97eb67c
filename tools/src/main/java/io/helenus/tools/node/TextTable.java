package io.helenus.tools.node;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/// Columns of left-justified texts, each as wide as its widest.
final class TextTable {
    private final List<String[]> rows = new ArrayList<>();
    private final String separator;

    /// @param separator between two columns
    TextTable(String separator) {
        this.separator = separator;
    }

    TextTable row(String... cells) {
        rows.add(cells);
        return this;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    void print(PrintWriter out) {
        int columns = rows.stream().mapToInt(row -> row.length).max().orElse(0);
        int[] widths = new int[columns];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                line.append(i == 0 ? "" : separator).append(row[i]);
                line.repeat(' ', widths[i] - row[i].length());
            }
            out.println(line);
        }
    }
}
