package io.helenus.shell;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The place in a statement that a server's message names as `line 2:7` (lines from 1, characters
/// from 0), shown as that line with a mark under it.
final class ErrorPlace {
    private static final Pattern PLACE = Pattern.compile("^line (\\d{1,9}):(\\d{1,9}) ");
    private static final String INDENT = "  ";

    private ErrorPlace() {}

    /// Two lines, or none if the message names no place of this statement.
    static List<String> marked(String statement, String message) {
        Matcher matcher = PLACE.matcher(message);
        if (!matcher.find()) {
            return List.of();
        }
        int line = Integer.parseInt(matcher.group(1));
        int character = Integer.parseInt(matcher.group(2));
        List<String> lines = statement.lines().toList();
        if (line < 1 || line > lines.size() || character > lines.get(line - 1).length()) {
            return List.of();
        }
        String text = lines.get(line - 1);
        StringBuilder mark = new StringBuilder(INDENT);
        for (int i = 0; i < character; i++) {
            mark.append(text.charAt(i) == '\t' ? '\t' : ' '); // stays below it either way
        }
        return List.of(INDENT + text, mark + "^");
    }
}
