package io.helenus.engine.query;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A file of statements, each followed by its answers. A line begins with what it is:
///
/// | begin     | line                                                                         |
/// |-----------|------------------------------------------------------------------------------|
/// | `#`       | comment                                                                      |
/// | `? `      | values for the markers of the statement before it, which is executed with them |
/// | `\| `     | a line of the answer of Apache Cassandra                                      |
/// | `@ `      | a line of our own answer, where it differs on purpose                         |
/// | otherwise | a part of a statement, which ends with a semicolon at the end of a line       |
final class Script {
    private static final String PEER = "| ";
    private static final String OWN = "@ ";
    private static final String VALUES = "? ";

    /// One execution. `values` is null for a statement without markers.
    static final class Step {
        final int line;
        final String statement;
        final @Nullable String values;

        /// Comments and blank lines before it, and the statement itself if this is its first step.
        final List<String> before;

        List<String> peer = new ArrayList<>();
        List<String> own = new ArrayList<>();

        Step(int line, String statement, @Nullable String values, List<String> before) {
            this.line = line;
            this.statement = statement;
            this.values = values;
            this.before = List.copyOf(before);
        }

        List<String> expected() {
            return own.isEmpty() ? peer : own;
        }

        boolean isSelect() {
            return statement.regionMatches(true, 0, "SELECT", 0, 6);
        }
    }

    final String name;
    final List<Step> steps = new ArrayList<>();
    private final List<String> rest = new ArrayList<>();

    private Script(String name) {
        this.name = name;
    }

    static Script read(Path file) throws IOException {
        String fileName = String.valueOf(file.getFileName());
        Script script = new Script(fileName.substring(0, fileName.indexOf('.')));
        script.parse(Files.readAllLines(file));
        return script;
    }

    private void parse(List<String> lines) {
        List<String> before = new ArrayList<>();
        StringBuilder statement = new StringBuilder();
        boolean pending = false;
        String text = "";
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            boolean isAnswer = line.startsWith(PEER) || line.startsWith(OWN);
            if (pending && !line.startsWith(VALUES)) {
                steps.add(new Step(i, text, null, before));
                before.clear();
                pending = false;
            }
            if (isAnswer) {
                Step step = steps.getLast();
                (line.startsWith(PEER) ? step.peer : step.own).add(line.substring(2));
            } else if (line.startsWith(VALUES)) {
                steps.add(new Step(i + 1, text, line.substring(2), before));
                before.clear();
                pending = false;
            } else {
                before.add(line);
                if (statement.isEmpty() && (line.isBlank() || line.startsWith("#"))) {
                    continue;
                }
                statement.append(statement.isEmpty() ? "" : "\n").append(line);
                if (line.endsWith(";")) {
                    text = statement.substring(0, statement.length() - 1);
                    statement.setLength(0);
                    pending = true;
                }
            }
        }
        if (pending) {
            steps.add(new Step(lines.size(), text, null, before));
            before.clear();
        }
        rest.addAll(before);
    }

    void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Step step : steps) {
            lines.addAll(step.before);
            if (step.values != null) {
                lines.add(VALUES + step.values);
            }
            step.peer.forEach(line -> lines.add(PEER + line));
            step.own.forEach(line -> lines.add(OWN + line));
        }
        lines.addAll(rest);
        Files.write(file, lines);
    }
}
