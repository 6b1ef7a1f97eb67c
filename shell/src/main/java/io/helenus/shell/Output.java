package io.helenus.shell;

import io.helenus.shell.format.Paint;
import io.helenus.shell.format.ValueFormatter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/// Where everything that the shell says goes: results to the console or to the file of CAPTURE, other
/// answers to the console, errors to the error stream. Belongs to the shell's thread.
final class Output {
    private record Capture(Path file, PrintWriter writer) {}

    private final PrintWriter console;
    private final PrintWriter errors;
    private final Charset charset;
    private final ZoneId zone;
    private final boolean color;
    private @Nullable Capture capture;
    private @Nullable String place;
    private boolean failed;

    Output(PrintWriter console, PrintWriter errors, Charset charset, ZoneId zone, boolean color) {
        this.console = console;
        this.errors = errors;
        this.charset = charset;
        this.zone = zone;
        this.color = color;
    }

    /// For values that go where results go: no colours in a captured file.
    ValueFormatter formatter() {
        return new ValueFormatter(charset, zone, color && capture == null);
    }

    boolean color() {
        return color;
    }

    ZoneId zone() {
        return zone;
    }

    /// A line of a statement's result.
    void result(String line) {
        Capture current = capture;
        PrintWriter to = current == null ? console : current.writer;
        to.print(line);
        to.print('\n');
    }

    /// A line that is no result: it is shown although results are captured.
    void say(String line) {
        console.print(line);
        console.print('\n');
    }

    String paint(String text, Paint paint) {
        return color ? paint.apply(text) : text;
    }

    /// What could not be done. The shell's exit code will say so.
    void error(String text) {
        failed = true;
        notice(text);
    }

    /// A failed statement or connection.
    ///
    /// @param debug whether to say where it came from
    void failure(CqlException failure, boolean debug) {
        error(String.valueOf(failure.getMessage()));
        if (debug) {
            StringWriter text = new StringWriter();
            failure.printStackTrace(new PrintWriter(text));
            text.toString().lines().forEach(this::errorDetail);
        }
    }

    /// For the error stream, but nothing that failed.
    void notice(String text) {
        console.flush();
        errors.print(paint(place == null ? text : place + ":" + text, Paint.ERROR));
        errors.print('\n');
        errors.flush();
    }

    /// A line that belongs to the error before it.
    void errorDetail(String text) {
        errors.print(paint(text, Paint.ERROR));
        errors.print('\n');
        errors.flush();
    }

    /// Where the statements come from now, `file:line`, null if they are typed.
    void at(@Nullable String newPlace) {
        place = newPlace;
    }

    @Nullable String place() {
        return place;
    }

    boolean failed() {
        return failed;
    }

    @Nullable Path capturedTo() {
        Capture current = capture;
        return current == null ? null : current.file;
    }

    void startCapture(Path file) throws IOException {
        capture =
                new Capture(
                        file,
                        new PrintWriter(
                                Files.newBufferedWriter(
                                        file,
                                        charset,
                                        StandardOpenOption.CREATE,
                                        StandardOpenOption.APPEND)));
    }

    void stopCapture() {
        Capture current = capture;
        capture = null;
        if (current != null) {
            current.writer.close();
            if (current.writer.checkError()) {
                error("Could not write everything to '" + current.file + "'.");
            }
        }
    }

    void flush() {
        console.flush();
        Capture current = capture;
        if (current != null) {
            current.writer.flush();
        }
    }

    PrintWriter console() {
        return console;
    }
}
