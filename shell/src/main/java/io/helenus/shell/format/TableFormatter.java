package io.helenus.shell.format;

import java.util.ArrayList;
import java.util.List;

/// Lays out rows as a table, names to the left and values to the right of their columns:
///
/// ```
///  id | name
/// ----+-------
///   1 | Alice
/// ```
///
/// or, expanded, one value a line:
///
/// ```
/// @ Row 1
/// ------+-------
///  id   | 1
///  name | Alice
/// ```
public final class TableFormatter {
    private TableFormatter() {}

    /// @param withHeader whether the names and the rule stand above the rows
    public static List<String> table(
            List<FormattedText> names,
            List<List<FormattedText>> rows,
            boolean withHeader,
            boolean color) {
        int[] widths = new int[names.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = names.get(i).width();
            for (List<FormattedText> row : rows) {
                widths[i] = Math.max(widths[i], row.get(i).width());
            }
        }
        List<String> lines = new ArrayList<>(rows.size() + 2);
        if (withHeader) {
            List<String> header = new ArrayList<>();
            List<String> rule = new ArrayList<>();
            for (int i = 0; i < widths.length; i++) {
                header.add(names.get(i).padRight(widths[i], color));
                rule.add("-".repeat(widths[i]));
            }
            lines.add(" " + String.join(" | ", header).stripTrailing());
            lines.add("-" + String.join("-+-", rule) + "-");
        }
        for (List<FormattedText> row : rows) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < widths.length; i++) {
                cells.add(row.get(i).padLeft(widths[i], color));
            }
            lines.add(" " + String.join(" | ", cells));
        }
        return lines;
    }

    /// @param firstRow the number of the first of these rows in the whole result, from 1
    public static List<String> expanded(
            List<FormattedText> names,
            List<List<FormattedText>> rows,
            int firstRow,
            boolean color) {
        int nameWidth = widest(names);
        int valueWidth = 0;
        for (List<FormattedText> row : rows) {
            valueWidth = Math.max(valueWidth, widest(row));
        }
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            lines.add("@ Row " + (firstRow + i));
            lines.add("-" + "-".repeat(nameWidth) + "-+-" + "-".repeat(valueWidth) + "-");
            List<FormattedText> row = rows.get(i);
            for (int column = 0; column < row.size(); column++) {
                FormattedText value = row.get(column);
                lines.add(
                        " "
                                + names.get(column).padRight(nameWidth, color)
                                + " | "
                                + value.padRight(value.width(), color));
            }
            lines.add("");
        }
        return lines;
    }

    private static int widest(List<FormattedText> texts) {
        int width = 0;
        for (FormattedText text : texts) {
            width = Math.max(width, text.width());
        }
        return width;
    }
}
