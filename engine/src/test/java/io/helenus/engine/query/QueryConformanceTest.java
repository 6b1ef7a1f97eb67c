package io.helenus.engine.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.Helenus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Replays scripts whose answers an Apache Cassandra 5.0.6 gave, see [Script]; every statement without
/// paging, every SELECT prepared and in small pages too; once from memtables, once with a flush after
/// each statement.
class QueryConformanceTest {
    private static final Path SCRIPTS = Path.of("src/test/resources/query");
    private static final int[] PAGE_SIZES = {1, 2, 3, 7};
    private static final int PAGES_MAX = 1_000;

    /// Stands still, so that nothing expires between two statements.
    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

    @TempDir Path directory;

    static List<Path> scripts() throws IOException {
        try (Stream<Path> files = Files.list(SCRIPTS)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void answersAsCassandraFromMemory(Path script) throws IOException {
        assertThat(replay(script, false)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void answersTheSameFromFiles(Path script) throws IOException {
        assertThat(replay(script, true)).isEmpty();
    }

    private List<String> replay(Path file, boolean flush) throws IOException {
        try (Helenus node = Helenus.embedded().dataDirectory(directory).clock(CLOCK).start()) {
            return replay(Script.read(file), new LocalNode(node), flush);
        }
    }

    /// What differs, for people.
    static List<String> replay(Script script, LocalNode node, boolean flush) {
        for (String statement : ScriptRecorder.setUp(script)) {
            assertThat(node.query(statement).lines().getFirst()).doesNotStartWith("!");
        }
        List<String> differences = new ArrayList<>();
        for (Script.Step step : script.steps) {
            Answer answer = answer(step, node, 0, null);
            compare(step, "", answer.lines(), differences);
            if (step.isSelect() && answer.isRows()) {
                if (step.values == null) {
                    compare(
                            step,
                            " prepared",
                            node.execute(step.statement, "", 0, null).lines(),
                            differences);
                }
                for (int pageSize : PAGE_SIZES) {
                    comparePaged(step, node, pageSize, differences);
                }
            } else if (flush) {
                node.flushAll();
            }
        }
        return differences;
    }

    private static void comparePaged(
            Script.Step step, LocalNode node, int pageSize, List<String> differences) {
        Answer page = answer(step, node, pageSize, null);
        List<String> lines = new ArrayList<>(page.lines());
        for (int i = 0; i < PAGES_MAX && page.pagingState() != null; i++) {
            if (page.lines().size() - 1 > pageSize) {
                differences.add(
                        "%s: a page has %d rows"
                                .formatted(step.statement, page.lines().size() - 1));
            }
            page = answer(step, node, pageSize, page.pagingState());
            lines.addAll(page.lines().subList(1, page.lines().size()));
        }
        if (lines.getFirst().contains("Cannot page queries with both ORDER BY")) {
            return;
        }
        compare(step, " in pages of " + pageSize, lines, differences);
    }

    private static Answer answer(
            Script.Step step, LocalNode node, int pageSize, byte @Nullable [] state) {
        return step.values == null
                ? node.query(step.statement, pageSize, state)
                : node.execute(step.statement, step.values, pageSize, state);
    }

    /// Our parser has words of its own for what it does not understand.
    private static boolean isSyntaxError(List<String> lines) {
        return lines.getFirst().startsWith("! 2000");
    }

    private static void compare(
            Script.Step step, String how, List<String> lines, List<String> differences) {
        if (!lines.equals(step.expected())
                && !(isSyntaxError(lines) && isSyntaxError(step.expected()))) {
            differences.add(
                    "line %d%s: %s%s\n    expected %s\n    but was  %s\n"
                            .formatted(
                                    step.line,
                                    how,
                                    step.statement,
                                    step.values == null ? "" : " ? " + step.values,
                                    String.join("\n             ", step.expected()),
                                    String.join("\n             ", lines)));
        }
    }
}
