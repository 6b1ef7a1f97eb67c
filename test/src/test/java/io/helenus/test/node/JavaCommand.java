package io.helenus.test.node;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// How a program is started: small, with one compiler and one collecting thread, and on the class path of
/// the tests. If they test jars, the class path of `tools/bin/helenus` comes before it, so that the cache
/// of classes fits which the build made for that: programs start in a fraction of the time, as they do
/// where they are installed.
final class JavaCommand {
    private static final List<String> SMALL =
            List.of(
                    "-Xmx256m",
                    "-XX:-UseParallelGC",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1");

    private JavaCommand() {}

    /// Where the sources are.
    static Path root() {
        return Path.of(System.getProperty("helenus.root", ".."));
    }

    /// @param flags for the JVM, beside those of `conf/jvm.options`
    static List<String> of(List<String> flags, String mainClass, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + root().resolve("conf").resolve("jvm.options"));
        command.addAll(SMALL);
        command.addAll(flags);
        List<String> classPath = new ArrayList<>();
        Path target = root().toRealPath().resolve("tools").resolve("target");
        Path cache = target.resolve("server.aot");
        List<String> tested =
                List.of(System.getProperty("java.class.path").split(File.pathSeparator));
        if (Files.exists(cache) && tested.stream().anyMatch(each -> isJarIn(target, each))) {
            command.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:aot*=off", "-Xlog:cds*=off"));
            classPath.addAll(jars(target));
            classPath.addAll(jars(target.resolve("lib")));
        }
        classPath.addAll(tested);
        command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath), mainClass));
        command.addAll(arguments);
        return command;
    }

    private static boolean isJarIn(Path directory, String path) {
        return path.endsWith(".jar") && Path.of(path).startsWith(directory);
    }

    /// In the order in which the launcher has them.
    private static List<String> jars(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(Path::toString)
                    .filter(name -> name.endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }
}
