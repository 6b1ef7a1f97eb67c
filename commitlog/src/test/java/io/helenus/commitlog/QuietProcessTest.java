package io.helenus.commitlog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// What only a process of its own shows.
class QuietProcessTest {
    @TempDir Path directory;

    /// Run in a process of its own: writes into a few segments and prints how many stay mapped.
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) throws IOException {
            Path log = Path.of(arguments[0]);
            CommitLogOptions options = LogHarness.options(log, SegmentKind.valueOf(arguments[1]));
            try (LogHarness harness = new LogHarness(options, new NioLogFiles())) {
                for (int i = 0; i < 5; i++) {
                    harness.appendIntoNextSegment(1);
                }
                harness.work();
                System.out.println("open " + mapped(log));
            }
            System.out.println("closed " + mapped(log));
        }

        private static long mapped(Path log) throws IOException {
            Path maps = Path.of("/proc/self/maps");
            if (!Files.exists(maps)) {
                return -1;
            }
            return Files.readString(maps)
                    .lines()
                    .filter(line -> line.contains(log.toString()))
                    .count();
        }
    }

    private record Output(int exit, String out, String err) {}

    private Output run(SegmentKind kind, boolean withFlags) throws Exception {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> flags =
                withFlags
                        ? List.of("@" + System.getProperty("helenus.root") + "/conf/jvm.options")
                        : List.of("-Xmx64m");
        ProcessBuilder builder = new ProcessBuilder(java);
        builder.command().addAll(flags);
        builder.command()
                .addAll(
                        List.of(
                                // Here is no SLF4J provider, which a node has: not our subject.
                                "-Dslf4j.internal.verbosity=ERROR",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Writer.class.getName(),
                                directory.resolve("log").toString(),
                                kind.name()));
        Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        int exit = process.waitFor();
        return new Output(exit, Files.readString(out, UTF_8), Files.readString(err, UTF_8));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aMappedLogSaysNothingAndUnmapsFullSegments() throws Exception {
        assertThat(run(SegmentKind.MAPPED, true))
                .isEqualTo(new Output(0, "open 1\nclosed 0\n", ""));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aMemorySegmentLogNeedsNoFlagsAndSaysNothing() throws Exception {
        assertThat(run(SegmentKind.MEMORY_SEGMENT, false))
                .isEqualTo(new Output(0, "open 1\nclosed 0\n", ""));
    }

    @Test
    void aMappedLogWithoutFlagsIsRefusedWithTheRemedy() throws Exception {
        Output output = run(SegmentKind.MAPPED, false);
        assertThat(output.exit()).isEqualTo(1);
        assertThat(output.err())
                .contains("Segment kind MAPPED needs the JVM flags of conf/jvm.options")
                .contains("MEMORY_SEGMENT needs none");
    }
}
