package io.helenus.engine.schema;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Scripts that were run against Cassandra 5.0.6, with what it answered: a `>` line is a statement,
/// what follows is its outcome. Where we differ on purpose, a line `HELENUS` says what we answer,
/// after a line that says why.
final class DdlScriptTest {
    private static final String OURS = "HELENUS ";
    private static final String BECAUSE = "BECAUSE ";
    private static final Pattern ID = Pattern.compile("ID = [0-9a-f-]{36}");
    private static final Pattern MICROS = Pattern.compile("USING TIMESTAMP \\d{16}");
    private static final Pattern MILLIS = Pattern.compile(" \\| 1\\d{12}\\b");

    private record Step(String statement, List<String> outcome) {}

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keyspace",
                "keyspace2",
                "options",
                "options2",
                "compaction",
                "table",
                "alter",
                "type",
                "describe",
                "system"
            })
    void answersAsTheRecordedServer(String name) throws IOException {
        DdlSession session = new DdlSession();
        SoftAssertions all = new SoftAssertions();
        for (Step step : steps(name)) {
            List<String> actual = normal(session.run(step.statement()));
            all.assertThat(actual).as("%s", step.statement()).isEqualTo(expected(step, actual));
        }
        all.assertAll();
    }

    /// The words of a parser's errors are its own.
    private static List<String> expected(Step step, List<String> actual) {
        boolean bothSyntax =
                step.outcome().getFirst().startsWith("ERROR 2000 ")
                        && actual.getFirst().startsWith("ERROR 2000 line ");
        return bothSyntax ? actual : step.outcome();
    }

    private static List<String> normal(List<String> lines) {
        List<String> normal = new ArrayList<>();
        for (String line : lines) {
            String text = ID.matcher(line).replaceAll("ID = <id>");
            text = MICROS.matcher(text).replaceAll("USING TIMESTAMP <micros>");
            normal.add(MILLIS.matcher(text).replaceAll(" | <millis>"));
        }
        return normal;
    }

    private static List<Step> steps(String name) throws IOException {
        List<Step> steps = new ArrayList<>();
        for (String block : read("/schema/ddl/" + name + ".script").split("\n\n(?=> )")) {
            List<String> recorded = new ArrayList<>();
            List<String> ours = new ArrayList<>();
            String[] lines = block.strip().split("\n");
            for (int i = 1; i < lines.length; i++) {
                if (lines[i].startsWith(OURS)) {
                    ours.add(lines[i].substring(OURS.length()));
                } else if (lines[i].startsWith("    ")) {
                    List<String> last = ours.isEmpty() ? recorded : ours;
                    last.set(last.size() - 1, last.getLast() + "\n" + lines[i]);
                } else if (!lines[i].startsWith(BECAUSE)) {
                    boolean starts = lines[i].matches("(WARN|ERROR|CHANGE|ROW|NO ROWS|VOID)\\b.*");
                    if (starts || recorded.isEmpty()) {
                        recorded.add(lines[i]);
                    } else {
                        recorded.set(recorded.size() - 1, recorded.getLast() + "\n" + lines[i]);
                    }
                }
            }
            steps.add(new Step(lines[0].substring(2), normal(ours.isEmpty() ? recorded : ours)));
        }
        return steps;
    }

    private static String read(String resource) throws IOException {
        try (InputStream in = DdlScriptTest.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException(resource + " is not there");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
