package io.helenus.tools;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A command in a process of its own, on the class path of the tests.
final class Program implements AutoCloseable {

    /// How a process ended.
    record Ended(int exitCode, String out, String err) {}

    private final Process process;
    private final BufferedReader out;
    private final Path err;

    private Program(Process process, Path err) {
        this.process = process;
        this.err = err;
        out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static Program start(Path workDirectory, String... arguments) throws IOException {
        Path root = Path.of(System.getProperty("helenus.root"));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + root.resolve("conf").resolve("jvm.options"));
        command.add("-Xmx256m");
        command.add("-Dhelenus.home=" + root);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Main.class.getName());
        command.addAll(List.of(arguments));
        Path err = Files.createTempFile(workDirectory, "stderr", ".txt");
        return new Program(new ProcessBuilder(command).redirectError(err.toFile()).start(), err);
    }

    /// The next line of standard output; null at its end.
    String line() throws IOException {
        String line = out.readLine();
        return line == null ? "(no more output) " + Files.readString(err) : line;
    }

    void input(String text) throws IOException {
        process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
    }

    /// Sends SIGTERM.
    Ended terminate() throws IOException, InterruptedException {
        boolean _ = process.toHandle().destroy(); // unlike its own, leaves the streams open
        return end();
    }

    /// Sends SIGKILL.
    void kill() throws InterruptedException {
        process.destroyForcibly();
        int _ = process.waitFor();
    }

    Ended end() throws IOException, InterruptedException {
        StringBuilder rest = new StringBuilder();
        out.lines().forEach(line -> rest.append(line).append('\n'));
        return new Ended(
                process.waitFor(), rest.toString(), Files.readString(err, StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            int _ = process.waitFor();
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
