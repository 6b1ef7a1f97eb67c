package io.helenus.shell;

import io.helenus.shell.ClientFactory.Target;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import picocli.CommandLine;

/// A shell with a server, a terminal and a world of the test's making.
final class ShellFixture {
    final FakeClient client = new FakeClient();
    final List<Target> targets = new ArrayList<>();
    final Map<String, String> variables = new HashMap<>();
    ClientFactory clients =
            target -> {
                targets.add(target);
                return client;
            };
    String out = "";
    String err = "";
    private final Path folder;
    private long nanos;

    /// @param folder home and working directory
    ShellFixture(Path folder) {
        this.folder = folder;
    }

    /// Runs the command line with this standard input; the exit code.
    int run(String input, String... arguments) {
        return run(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), false, arguments);
    }

    /// The same, typed at a terminal.
    int type(String input, String... arguments) {
        return run(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), true, arguments);
    }

    int run(InputStream in, boolean terminal, String... arguments) {
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        ShellEnvironment environment =
                new ShellEnvironment(
                        in,
                        outBytes,
                        errBytes,
                        variables,
                        folder,
                        folder,
                        terminal,
                        terminal,
                        encoding ->
                                new DumbTerminal(
                                        "test", Terminal.TYPE_DUMB, in, outBytes, encoding),
                        () -> nanos,
                        pause -> nanos += pause);
        CommandLine line = new CommandLine(new ShellCommand(environment, clients));
        PrintWriter errors = new PrintWriter(errBytes, true, StandardCharsets.UTF_8);
        line.setErr(errors);
        line.setOut(new PrintWriter(outBytes, true, StandardCharsets.UTF_8));
        int code = line.execute(arguments);
        errors.flush();
        out = outBytes.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
        err = errBytes.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
        return code;
    }
}
