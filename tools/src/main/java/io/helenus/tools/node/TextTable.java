package io.helenus.tools.node;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/// Columns of left-justified texts, each as wide as its widest.
final class TextTable {
    private final List<String[]> rows = new ArrayList<>();
    private final String separator;

    /// How wide columns are; several tables may share them.
    static final class Widths {
        private final List<Integer> columns = new ArrayList<>();

        /// Makes columns wide enough for a table.
        void cover(TextTable table) {
            for (String[] row : table.rows) {
                for (int i = 0; i < row.length; i++) {
                    if (i == columns.size()) {
                        columns.add(0);
                    }
                    columns.set(i, Math.max(columns.get(i), row[i].length()));
                }
            }
        }
    }

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
        Widths widths = new Widths();
        widths.cover(this);
        print(out, widths);
    }

    void print(PrintWriter out, Widths widths) {
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                line.append(i == 0 ? "" : separator).append(row[i]);
                line.repeat(' ', widths.columns.get(i) - row[i].length());
            }
            out.println(line);
        }
    }
}
