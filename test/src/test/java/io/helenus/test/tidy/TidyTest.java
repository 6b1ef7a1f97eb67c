package io.helenus.test.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// How the sources of every module look.
final class TidyTest {
    private static final int FILE_LINES_MAX = 1_000;
    private static final int METHOD_LINES_MAX = 100;
    private static final int PROSE_CHARS_MIN = 60;

    /// May only shrink. Lines that a file had when it was exempted, by its path from the root.
    private static final Map<String, Integer> LONG_FILES = Map.of();

    /// May only shrink. Methods over the limit, as `File.method`.
    private static final Set<String> LONG_METHODS = Set.of("TreeShapeTest.statements"); // a table

    // Put together here, so that this file does not contain them.
    private static final List<String> PUT_OFF = List.of("TO" + "DO", "FIX" + "ME");
    private static final Pattern DISABLED = Pattern.compile("@Dis" + "abled\\b");
    private static final String SLEEP = "Thread.sl" + "eep(";

    private static final Path ROOT = Path.of(System.getProperty("helenus.root", ".."));
    private static final Map<Path, String> SOURCES = new TreeMap<>();

    @BeforeAll
    static void readSources() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.sorted().toList()) {
                for (String kind : List.of("main", "test")) {
                    read(module.resolve("src").resolve(kind).resolve("java"));
                }
            }
        }
        assertThat(SOURCES).hasSizeGreaterThan(300);
    }

    private static void read(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
                SOURCES.put(ROOT.relativize(file), Files.readString(file));
            }
        }
    }

    @Test
    void filesAreShort() {
        Map<String, Long> tooLong = new TreeMap<>();
        SOURCES.forEach((path, text) -> {
            long lines = text.lines().count();
            if (lines > LONG_FILES.getOrDefault(path.toString(), FILE_LINES_MAX)) {
                tooLong.put(path.toString(), lines);
            }
        });
        assertThat(tooLong).isEmpty();
        assertThat(
                        LONG_FILES.keySet().stream()
                                .filter(path -> lines(path) <= FILE_LINES_MAX)
                                .toList())
                .as("exemptions that are no longer needed")
                .isEmpty();
    }

    private static long lines(String path) {
        return SOURCES.getOrDefault(Path.of(path), "").lines().count();
    }

    @Test
    void methodsAreShort() throws IOException {
        Map<String, Long> tooLong = new TreeMap<>();
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<Path> paths = SOURCES.keySet().stream().map(ROOT::resolve).toList();
            JavacTask task =
                    (JavacTask)
                            compiler.getTask(
                                    null,
                                    files,
                                    _ -> {}, // the build has compiled them already
                                    List.of("-proc:none"),
                                    null,
                                    files.getJavaFileObjectsFromPaths(paths));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                measure(unit, positions, tooLong);
            }
        }
        assertThat(tooLong.keySet()).isEqualTo(new TreeSet<>(LONG_METHODS));
    }

    private static void measure(
            CompilationUnitTree unit, SourcePositions positions, Map<String, Long> tooLong) {
        LineMap lines = unit.getLineMap();
        String file = String.valueOf(Path.of(unit.getSourceFile().toUri()).getFileName());
        String name = file.substring(0, file.length() - ".java".length());
        new TreeScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void visitMethod(MethodTree method, @Nullable Void unused) {
                long first = lines.getLineNumber(positions.getStartPosition(unit, method));
                long last = lines.getLineNumber(positions.getEndPosition(unit, method));
                if (last - first + 1 > METHOD_LINES_MAX) {
                    tooLong.put(name + "." + method.getName(), last - first + 1);
                }
                return super.visitMethod(method, null); // local classes have methods, too
            }
        }.scan(unit, null);
    }

    @Test
    void everyPackageSaysWhatItIsFor() {
        Set<Path> packages =
                SOURCES.keySet().stream().map(TidyTest::folder).collect(Collectors.toSet());
        List<String> silent = new ArrayList<>();
        for (Path each : packages) {
            String text = SOURCES.getOrDefault(each.resolve("package-info.java"), "");
            int prose =
                    text.lines()
                            .filter(line -> line.startsWith("///"))
                            .mapToInt(line -> line.length() - "///".length())
                            .sum();
            boolean sibling = each.toString().contains("/src/test/") && inMain(each);
            if (prose < PROSE_CHARS_MIN && !sibling) {
                silent.add(each + ": " + prose + " characters");
            }
            if (!sibling && !text.contains("@NullMarked")) {
                silent.add(each + ": not @NullMarked");
            }
        }
        assertThat(silent).isEmpty();
    }

    private static Path folder(Path file) {
        return Objects.requireNonNull(file.getParent(), "every source is in a folder");
    }

    /// Tests of a package need not explain it again.
    private static boolean inMain(Path testPackage) {
        return SOURCES.containsKey(
                Path.of(testPackage.toString().replace("/src/test/", "/src/main/"))
                        .resolve("package-info.java"));
    }

    @Test
    void nothingIsPutOffOrDisabled() {
        List<String> found = new ArrayList<>();
        SOURCES.forEach((path, text) -> {
            for (String word : PUT_OFF) {
                if (text.contains(word)) {
                    found.add(path + ": " + word);
                }
            }
            if (DISABLED.matcher(text).find()) {
                found.add(path + ": " + DISABLED);
            }
            if (path.toString().contains("/src/test/") && text.contains(SLEEP)) {
                found.add(path + ": " + SLEEP);
            }
        });
        assertThat(found).isEmpty();
    }

    @Test
    void otherFilesOfTheProjectPutNothingOff() {
        List<String> found = new ArrayList<>();
        for (String name : List.of("pom.xml", "README.md", "conf/helenus.yaml")) {
            Path file = ROOT.resolve(name);
            try {
                String text = Files.exists(file) ? Files.readString(file) : "";
                PUT_OFF.stream()
                        .filter(text::contains)
                        .forEach(word -> found.add(name + ": " + word));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        assertThat(found).isEmpty();
    }
}
