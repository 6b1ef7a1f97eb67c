package io.helenus.tools;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// The world around a command.
///
/// @param variables of the environment
/// @param home the folder that holds `conf`; the launcher names it, without a launcher there is none
record Context(
        PrintStream out, PrintStream err, Map<String, String> variables, Optional<Path> home) {
    private static final String HOME_PROPERTY = "helenus.home";

    static Context ofProcess() {
        return new Context(
                System.out,
                System.err,
                System.getenv(),
                Optional.ofNullable(System.getProperty(HOME_PROPERTY)).map(Path::of));
    }

    /// A file of `conf`, if it exists.
    Optional<Path> configuration(String name) {
        return home.map(folder -> folder.resolve("conf").resolve(name)).filter(Files::exists);
    }
}
